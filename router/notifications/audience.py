"""Who hears a notice, over what: rules without a database; they send nothing and store nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from router.notifications.kinds import KINDS, matches
from router.notifications.settings import NotificationSettings


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with the addresses that are known. ``refuses_mail``: asked for no more reminders by mail."""

    id: UUID | None
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    locale: str | None = None
    refuses_mail: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """One delivery to be. ``lane``: what names its recipient on this channel; in a lane, order is kept."""

    channel: str
    endpoint: str
    lane: str = field(repr=False)
    address: str = field(repr=False)
    locale: str
    due_at: datetime
    thread: str | None = None


class Audience:
    """The settings as rules; a channel that is not set up reaches nobody."""

    def __init__(self, settings: NotificationSettings, zone: ZoneInfo) -> None:
        self._settings = settings
        self._zone = zone
        self._quiet = _span(settings.quiet_hours)

    def of_customer(self, kind: str, person: Person, data: Mapping[str, Any], now: datetime) -> list[Drafted]:
        """The first channel that reaches the customer, or all, as the settings say."""
        found = [
            drafted
            for channel in self._settings.channels_of(kind)
            if (drafted := self._personal(channel, person, data, now, quiet=not _is_urgent(kind))) is not None
            and not (channel == "mail" and person.refuses_mail and not _is_answer(kind))
        ]
        return found if self._settings.customers_hear == "all" else found[:1]

    def of_staff(self, kind: str, people: Sequence[Person], data: Mapping[str, Any], now: datetime) -> list[Drafted]:
        """Every channel of the kind that reaches them in person."""
        channels = self._settings.channels_of(kind)
        found = (self._personal(channel, person, data, now, quiet=False) for person in people for channel in channels)
        return [drafted for drafted in found if drafted is not None]

    def robots(self, kind: str, group: str | None, data: Mapping[str, Any], now: datetime) -> list[Drafted]:
        """The robots that tell this kind and speak for this group; one without groups speaks for all."""
        if "robot" not in self._settings.channels_of(kind):
            return []
        return [
            self._robot(name, now)
            for name, robot in self._settings.robots.items()
            if name in self._settings.robot_urls
            and (not robot.kinds or kind in robot.kinds)
            and (not robot.groups or group is None or group in robot.groups)
            and data.get("endpoint") != f"robot:{name}"  # who does not work is not told about it
        ]

    def test(self, endpoint: str, person: Person, now: datetime) -> list[Drafted]:
        """A test goes where it was asked to go, at any hour and behind nothing that waits."""
        channel, _, name = endpoint.partition(":")
        if channel == "robot":
            drafted = self._robot(name, now) if name in self._settings.robot_urls else None
        else:
            drafted = self._personal(channel, person, {}, now, quiet=False)
        return [] if drafted is None else [replace(drafted, lane=f"test:{drafted.lane}")]

    def webhooks(
        self, kind: str, endpoints: Sequence[tuple[UUID, Sequence[str]]], data: Mapping[str, Any], now: datetime
    ) -> list[Drafted]:
        """The endpoints that asked for such events; ``data["endpoint"]`` names the one of a test."""
        subject = data.get("ticket") or data.get("conversation_id") or ""
        return [
            Drafted("webhook", f"webhook:{endpoint}", f"webhook:{endpoint}:{subject}", "", "en", now)
            for endpoint, events in endpoints
            if data.get("endpoint") in (None, str(endpoint)) and ("endpoint" in data or matches(kind, events))
        ]

    def _robot(self, name: str, now: datetime) -> Drafted:
        return Drafted("robot", f"robot:{name}", f"robot:{name}", "", self._settings.locale, now)

    def _personal(
        self, channel: str, person: Person, data: Mapping[str, Any], now: datetime, *, quiet: bool
    ) -> Drafted | None:
        settings = self._settings
        locale = data.get("locale") or person.locale or settings.locale
        if data.get("endpoint") == channel:
            return None
        if channel == "mail" and settings.reach.mail and person.email:
            subject = data.get("ticket") or data.get("conversation_id")
            return Drafted("mail", "mail", person.email.strip().lower(), person.email, locale, now, subject)
        if channel == "sms" and settings.reach.sms and person.phone:
            due_at = self._after_quiet_hours(now) if quiet else now
            return Drafted("sms", "sms", "".join(c for c in person.phone if c.isdigit()), person.phone, locale, due_at)
        return None

    def _after_quiet_hours(self, now: datetime) -> datetime:
        """Now, or the end of the quiet hours that it is in."""
        if self._quiet is None:
            return now
        begin, end = self._quiet
        local = now.astimezone(self._zone)
        clock = local.time()
        over_midnight = begin > end
        is_quiet = (clock >= begin or clock < end) if over_midnight else begin <= clock < end
        if not is_quiet:
            return now
        day = local.date() + timedelta(days=1 if over_midnight and clock >= begin else 0)
        return datetime.combine(day, end, self._zone).astimezone(now.tzinfo)


def _is_urgent(kind: str) -> bool:
    return kind in KINDS and KINDS[kind].urgent


def _is_answer(kind: str) -> bool:
    return kind in KINDS and KINDS[kind].is_answer


def _span(text: str) -> tuple[time, time] | None:
    if not text:
        return None
    begin, _, end = text.partition("-")
    return time.fromisoformat(begin), time.fromisoformat(end)
