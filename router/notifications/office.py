"""All parts of the notifications, wired from the settings; a channel that is not set up is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from router.notifications.alerts import Alerts
from router.notifications.audience import Audience
from router.notifications.channels.guard import Guard
from router.notifications.channels.letter import Letterhead
from router.notifications.channels.mail import MailChannel
from router.notifications.channels.parcel import Channel, Parcel
from router.notifications.channels.robots import Robot, RobotChannel
from router.notifications.channels.sms import SmsChannel
from router.notifications.channels.webhooks import WebhookChannel
from router.notifications.courier import Courier
from router.notifications.deliveries import Deliveries
from router.notifications.happenings import Happenings
from router.notifications.kinds import KINDS
from router.notifications.outbox import Outbox
from router.notifications.sealed import Seals
from router.notifications.settings import NotificationSettings
from router.notifications.spreading import IsHere, Spreading
from router.notifications.trouble import Trouble
from router.notifications.unseen import UnseenReplies
from router.notifications.unsubscribing import Unsubscribing
from router.notifications.webhooks import Webhooks
from router.notifications.words import Words
from router.security.audit import Audit
from router.security.sealing import Sealer


@dataclass(frozen=True, slots=True)
class House:
    """What the notifications need of the rest; ``is_here``: whether a customer has a page open at this process;
    ``customers_here``: who has one; ``others_seconds``: how long other processes are waited for, that may have one."""

    database: Database
    sealer: Sealer
    clock: Clock
    audit: Audit
    outbox: Outbox
    alerts: Alerts
    is_here: IsHere
    customers_here: Callable[[], Set[UUID]]
    brand: str
    zone: ZoneInfo
    others_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Office:
    """The parts; see their modules."""

    settings: NotificationSettings
    words: Words
    spreading: Spreading
    courier: Courier
    deliveries: Deliveries
    webhooks: Webhooks
    trouble: Trouble
    unseen: UnseenReplies
    happenings: Happenings
    unsubscribing: Unsubscribing

    async def tick(self) -> None:
        """What is due goes on its way."""
        await self.spreading.tick()
        await self.courier.tick()


def open_office(house: House, settings: NotificationSettings, opened: AsyncExitStack) -> Office:
    """Wires the parts; needs a running loop. Connections are closed with ``opened``."""
    database, clock, seals = house.database, house.clock, Seals(house.sealer)
    words = Words(house.brand, house.zone)
    unsubscribing = Unsubscribing(database, house.sealer, clock)
    webhooks = Webhooks(database, seals, house.audit, clock, allow_http=bool(settings.webhooks.allowed_networks))
    trouble = Trouble(
        database,
        house.outbox,
        house.alerts,
        webhooks,
        words,
        clock,
        locale=settings.locale,
        trouble_minutes=settings.trouble_minutes,
        disable_after_hours=settings.webhooks.disable_after_hours,
    )
    channels = _channels(house, settings, words, webhooks, unsubscribing, opened)
    courier = Courier(database, seals, clock, channels, holder=uuid7(), on_gone=trouble.gone)
    opened.push_async_callback(courier.close)
    is_on = any(
        (channel == "mail" and settings.reach.mail) or (channel == "sms" and settings.reach.sms)
        for channel in settings.channels_of("agent_replied")
    )
    return Office(
        settings=settings,
        words=words,
        spreading=Spreading(
            database, seals, clock, Audience(settings, house.zone), house.is_here, others_seconds=house.others_seconds
        ),
        courier=courier,
        deliveries=Deliveries(database, clock, kept_days=settings.kept_days),
        webhooks=webhooks,
        trouble=trouble,
        unseen=UnseenReplies(
            database, house.outbox, clock, house.customers_here, away_minutes=settings.away_minutes, is_on=is_on
        ),
        happenings=Happenings(house.outbox, webhooks.wanted),
        unsubscribing=unsubscribing,
    )


def _channels(
    house: House,
    settings: NotificationSettings,
    words: Words,
    webhooks: Webhooks,
    unsubscribing: Unsubscribing,
    opened: AsyncExitStack,
) -> dict[str, Channel]:
    clock = house.clock
    plain = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    guarded = aiohttp.ClientSession(
        connector=Guard(settings.webhooks.allowed_networks).connector(), cookie_jar=aiohttp.DummyCookieJar()
    )
    opened.push_async_callback(plain.close)
    opened.push_async_callback(guarded.close)
    found: dict[str, Channel] = {
        "webhook": WebhookChannel(guarded, clock, webhooks.target, timeout_seconds=settings.webhooks.timeout_seconds)
    }
    if settings.mail.host is not None:
        head = _Heads(settings, words, unsubscribing)
        found["mail"] = MailChannel(settings.mail, words, head.of, password=settings.mail_password)
    if settings.sms.url is not None and settings.sms_secret is not None:
        found["sms"] = SmsChannel(
            plain,
            words,
            clock,
            url=settings.sms.url,
            secret=settings.sms_secret,
            link=settings.chat_url,
            timeout_seconds=settings.sms.timeout_seconds,
        )
    robots = {
        name: Robot(name, robot.type, settings.robot_urls[name], settings.robot_secrets.get(name))
        for name, robot in settings.robots.items()
        if name in settings.robot_urls
    }
    if robots:
        found["robot"] = RobotChannel(plain, words, clock, robots, lambda data: console_link(settings, data))
    return found


def console_link(settings: NotificationSettings, data: Mapping[str, Any]) -> str | None:
    """Where colleagues find what a notice is about; None where the console's address is not set."""
    if settings.console_url is None:
        return None
    if _is_id(data.get("conversation_id")):
        return f"{settings.console_url}#/workbench/{data['conversation_id']}"
    return settings.console_url


class _Heads:
    """What stands around the text of a mail: other things for customers than for colleagues."""

    def __init__(self, settings: NotificationSettings, words: Words, unsubscribing: Unsubscribing) -> None:
        self._settings = settings
        self._words = words
        self._unsubscribing = unsubscribing

    def of(self, parcel: Parcel) -> Letterhead:
        settings, locale = self._settings, parcel.locale
        assert settings.mail.sender is not None
        to_customer = KINDS[parcel.kind].audience == "customer"
        unsubscribe = None
        if to_customer and settings.chat_url and not KINDS[parcel.kind].is_answer:
            token = self._unsubscribing.token(parcel.address)
            unsubscribe = urljoin(settings.chat_url, f"/unsubscribe/{token}")
        return Letterhead(
            sender=settings.mail.sender,
            sender_name=settings.mail.sender_name or self._words.word("sender", locale),
            reply_to=settings.mail.reply_to,
            sign_off=self._words.word("greeting_end", locale),
            link=settings.chat_url if to_customer else console_link(settings, parcel.data),
            link_text=self._words.word("open_chat" if to_customer else "open_console", locale),
            why=self._words.word("why", locale) if to_customer else "",
            unsubscribe_url=unsubscribe,
            unsubscribe_text=self._words.word("unsubscribe", locale),
        )


def _is_id(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
