"""Which notices leave the house, and how: every channel is off until it is set up; secrets are never in the file."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, FilePath, model_validator

from router.notifications.kinds import KINDS
from router.notifications.records import Reach

Channels = Annotated[tuple[Literal["mail", "sms", "robot"], ...], BeforeValidator(lambda given: _split(given))]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda given: _split(given))]
_SPAN = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


def _split(given: object) -> object:
    return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given


def _span(text: str) -> str:
    if text and not _SPAN.fullmatch(text):
        raise ValueError(f"{text!r} is not like 22:00-08:00")
    return text


def _url(text: str | None) -> str | None:
    if text is not None and not re.match(r"^https?://[^\s/]+", text):
        raise ValueError("should begin with http:// or https://")
    return text


def _network(text: str) -> str:
    try:
        ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a network like 10.0.0.0/8") from error
    return text


Url = Annotated[str | None, AfterValidator(_url)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class MailSettings(_Section):
    """The outgoing mail server; without a host nothing is mailed."""

    host: str | None = None
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: FilePath | None = None
    username: str | None = None
    sender: str | None = Field(default=None, pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    sender_name: str = ""
    reply_to: str | None = Field(default=None, pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    timeout_seconds: float = Field(default=20.0, gt=0, le=60)

    @model_validator(mode="after")
    def _has_a_sender(self) -> Self:
        if self.host is not None and self.sender is None:
            raise ValueError("sender: needed once a host is set, e.g. support@example.com")
        return self


class SmsSettings(_Section):
    """A gateway of your own in front of the operator's SMS service; without a URL no SMS is sent."""

    url: Url = None
    timeout_seconds: float = Field(default=10.0, gt=0, le=60)


class RobotSettings(_Section):
    """One robot of a group chat. ``groups``: skill groups it speaks for; ``kinds``: what it tells; empty: all."""

    type: Literal["wecom", "dingtalk", "feishu"]
    groups: Names = ()
    kinds: Names = ()


class WebhookSettings(_Section):
    timeout_seconds: float = Field(default=15.0, gt=0, le=60)
    allowed_networks: Annotated[
        tuple[Annotated[str, AfterValidator(_network)], ...], BeforeValidator(lambda given: _split(given))
    ] = ()
    disable_after_hours: float = Field(default=120.0, gt=0)


class NotificationSettings(_Section):
    chat_url: Url = None
    console_url: Url = None
    locale: Literal["zh-CN", "zh-TW", "en"] = "zh-CN"
    channels: dict[str, Channels] = {}
    customers_hear: Literal["first", "all"] = "first"
    away_minutes: float = Field(default=3.0, gt=0)
    quiet_hours: Annotated[str, AfterValidator(_span)] = "22:00-08:00"
    kept_days: float = Field(default=7.0, gt=0)
    trouble_minutes: float = Field(default=10.0, gt=0)
    mail: MailSettings = MailSettings()
    sms: SmsSettings = SmsSettings()
    robots: dict[str, RobotSettings] = {}
    webhooks: WebhookSettings = WebhookSettings()
    mail_password: str | None = Field(default=None, repr=False)
    sms_secret: str | None = Field(default=None, repr=False)
    robot_urls: dict[str, str] = Field(default={}, repr=False)
    robot_secrets: dict[str, str] = Field(default={}, repr=False)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for kind in self.channels:
            if kind not in KINDS or KINDS[kind].audience == "integrators":
                raise ValueError(f"channels: there is no notice {kind!r} (see docs/operators.md)")
        for name, robot in self.robots.items():
            if not re.fullmatch(r"[\w-]{1,40}", name):
                raise ValueError(f"robots: {name!r} should be letters, digits, - and _")
            for kind in robot.kinds:
                if kind not in KINDS:
                    raise ValueError(f"robots.{name}.kinds: there is no notice {kind!r}")
        for name, url in self.robot_urls.items():
            if name not in self.robots:
                raise ValueError(f"robot_urls: there is no robot {name!r} in notifications.robots")
            if not re.match(r"^https?://", url):
                raise ValueError(f"robot_urls: the address of {name!r} should begin with https://")
        if self.sms.url is not None and not self.sms_secret:
            raise ValueError("sms.url: needs a secret, YINGDA_NOTIFICATIONS__SMS_SECRET")
        return self

    def channels_of(self, kind: str) -> tuple[str, ...]:
        """The channels of a kind, as set or by default; empty for a kind that is not known."""
        known = KINDS.get(kind)
        return () if known is None else self.channels.get(kind, known.channels)

    @property
    def reach(self) -> Reach:
        """Over what customers can be reached outside of the chat."""
        return Reach(sms=self.sms.url is not None, mail=self.mail.host is not None)
