"""The calendar over HTTP: everybody at the desk reads it, supervisors change it; a faulty one is refused whole."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from msgspec import Struct

from database.clock import Clock
from router.api import Call, Route
from router.calendar.calendars import Calendars
from router.waiting.hours import WEEKDAYS, Spans, without

DESK = frozenset({"admin", "supervisor", "agent"})
MANAGERS = frozenset({"admin", "supervisor"})
_SHOWN_DAYS = 35


class CalendarDay(Struct, kw_only=True):
    """One day as it comes out: ``kind`` is holiday, workday (worked although it would not be) or usual."""

    date: date
    open: list[str]
    kind: str
    name: str = ""


class CalendarView(Struct, kw_only=True):
    """``document`` is the calendar as calendar.yaml has it; what it leaves out holds as ``base`` says.

    ``faults`` are those of the file, which the calendar that holds does not have; ``unknown`` names groups and accounts
    that do not exist.
    """

    revision: int
    origin: str
    changed_at: datetime | None
    changed_by: str | None
    document: dict[str, Any]
    base: dict[str, Any]
    tiers: list[str]
    timezone: str
    always_open: bool
    open_now: bool
    opens_at: datetime | None
    file: str | None
    faults: list[str]
    unknown: list[str]
    days: list[CalendarDay]


class ChangeCalendar(Struct, kw_only=True):
    """The whole calendar, made of the one with this revision."""

    document: dict[str, Any]
    revision: int


class CalendarChanged(Struct, kw_only=True):
    revision: int


class CalendarHttp:
    def __init__(self, calendars: Calendars, clock: Clock) -> None:
        self._calendars = calendars
        self._clock = clock

    def routes(self) -> list[Route]:
        path = "/api/v1/calendar"
        return [
            Route("GET", path, self.read, DESK, None, CalendarView, "Hours and holidays, and the days to come"),
            Route(
                "PUT", path, self.change, MANAGERS, ChangeCalendar, CalendarChanged,
                "Change hours and holidays; holds at once, everywhere within seconds", stores=True,
            ),
        ]  # fmt: skip

    async def read(self, call: Call) -> CalendarView:
        calendars, now = self._calendars, self._clock.now()
        await calendars.follow()
        table, standing, desk = calendars.table, calendars.standing, calendars.now()
        today = now.astimezone(desk.zone).date()
        return CalendarView(
            revision=standing.revision,
            origin=standing.origin,
            changed_at=standing.at,
            changed_by=standing.author,
            document=table.document.as_json(),
            base={WEEKDAYS[day]: _texts(table.base.weekly.get(day, ())) for day in range(7)},
            tiers=list(calendars.tiers),
            timezone=str(desk.zone),
            always_open=desk.always_open,
            open_now=desk.is_open(now),
            opens_at=desk.opens_at(now),
            file=None if calendars.file is None else calendars.file.name,
            faults=list(calendars.faults),
            unknown=[*table.unknown_groups(), *calendars.unknown_accounts()],
            days=[self._day(today + timedelta(days=ahead)) for ahead in range(_SHOWN_DAYS)],
        )

    async def change(self, call: Call) -> CalendarChanged:
        body: ChangeCalendar = call.body
        revision = await self._calendars.change(call.connection, body.document, body.revision, call.actor)
        call.afterwards.append(self._calendars.look_soon)
        return CalendarChanged(revision=revision)

    def _day(self, day: date) -> CalendarDay:
        table, desk = self._calendars.table, self._calendars.now()
        spans = desk.spans_on(day)
        named = table.holiday_names()
        usual = without(desk.weekly.get(day.weekday(), ()), desk.rests)
        kind = "usual" if day not in named and spans == usual else "workday" if spans else "holiday"
        return CalendarDay(date=day, open=_texts(spans), kind=kind, name=named.get(day, ""))


def _texts(spans: Spans) -> list[str]:
    return [f"{start:%H:%M}-{'24:00' if end == time.max else f'{end:%H:%M}'}" for start, end in spans]
