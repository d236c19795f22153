"""What stands in calendar.yaml, and what supervisors change at the console; refuses what contradicts itself.

Everything may be missing: what is not said here holds as config.yaml says it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator, model_validator

from router.sections import Section, SpanText, TimeZone, Weekly
from router.settings_sources import Given, SettingsError, faults_of, read_text

#: A longer holiday is a slip of the pen.
_LONGEST_HOLIDAY_DAYS = 60
_NAME_CHARS = 40

Name = Annotated[str, Field(max_length=_NAME_CHARS)]


def _day_alone(given: object) -> object:
    """``2027-01-01`` for ``{from: 2027-01-01}``."""
    return given if isinstance(given, dict) else {"from": given}


def _workday_alone(given: object) -> object:
    return given if isinstance(given, dict) else {"date": given}


class Holiday(Section):
    """Days without humans, both ends included."""

    name: Name = ""
    first: date = Field(alias="from")
    last: date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError("to: is before from")
        if self.last is not None and (self.last - self.first).days > _LONGEST_HOLIDAY_DAYS:
            raise ValueError(f"to: a holiday has at most {_LONGEST_HOLIDAY_DAYS} days")
        return self

    def days(self) -> Iterator[date]:
        for offset in range(((self.last or self.first) - self.first).days + 1):
            yield self.first + timedelta(days=offset)


class Workday(Section):
    """A day that is worked although it is a weekend or a holiday (调休补班), or one with hours of its own.

    Without ``hours`` those of that weekday, else of Monday.
    """

    day: date = Field(alias="date")
    name: Name = ""
    hours: tuple[SpanText, ...] | None = None


class OwnHours(Section):
    """The hours of one group or one tier instead of the desk's; ``on_holidays``: holidays are days like others."""

    weekly: Weekly
    on_holidays: bool = False


class Lunch(Section):
    """午间值班: in these spans only the groups named here are open; without one everybody rests."""

    hours: tuple[SpanText, ...]
    groups: tuple[Name, ...] = ()


class OnCall(Section):
    """值班: who is told when a customer of these tiers wants a human outside the hours, by account name.

    ``weeks`` is a rota: from that day on it is these people, beside those who always are. ``open``: for these tiers
    the desk counts as open around the clock while somebody is on call.
    """

    tiers: tuple[Name, ...]
    accounts: tuple[Name, ...] = ()
    weeks: dict[date, tuple[Name, ...]] = {}
    open: bool = True


class Document(Section):
    """A whole calendar; see calendar.yaml."""

    timezone: TimeZone | None = None
    weekly: Weekly | None = None
    holidays: tuple[Annotated[Holiday, BeforeValidator(_day_alone)], ...] = ()
    workdays: tuple[Annotated[Workday, BeforeValidator(_workday_alone)], ...] = ()
    lunch: Lunch | None = None
    groups: dict[Name, OwnHours] = {}
    tiers: dict[Name, OwnHours] = {}
    on_call: OnCall | None = None

    @field_validator("tiers")
    @classmethod
    def _known_tiers(cls, tiers: dict[str, OwnHours], info: ValidationInfo) -> dict[str, OwnHours]:
        _require_tiers(tiers, info)
        return tiers

    @field_validator("on_call")
    @classmethod
    def _known_tiers_on_call(cls, on_call: OnCall | None, info: ValidationInfo) -> OnCall | None:
        if on_call is not None:
            _require_tiers(on_call.tiers, info)
        return on_call

    @model_validator(mode="after")
    def _each_workday_once(self) -> Self:
        days = [workday.day for workday in self.workdays]
        twice = sorted({day.isoformat() for day in days if days.count(day) > 1})
        if twice:
            raise ValueError(f"workdays: {', '.join(twice)} stands here twice")
        return self

    def as_json(self) -> dict[str, Any]:
        """As it is stored and crosses the wire; nothing in it that was not said."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def _require_tiers(named: Collection[str], info: ValidationInfo) -> None:
    known: Collection[str] = (info.context or {}).get("tiers", ())
    for tier in named:
        if known and tier not in known:
            raise ValueError(f"there is no tier {tier!r}; they are {', '.join(known)}")


def read_document(text: str, shown: str, tiers: Collection[str]) -> Document:
    """The text of a calendar file; raises `SettingsError` with ``calendar.yaml:7: holidays.0.to: …`` for each fault."""
    given = Given()
    faults = read_text(text, shown, given)
    if faults:
        raise SettingsError(faults)
    return _checked(given.values, given, tiers)


def check_document(values: Any, tiers: Collection[str]) -> Document:
    """A calendar from the console or the database; raises `SettingsError` with ``holidays.0.to: …`` for each fault."""
    return _checked(values, Given(), tiers)


def _checked(values: Any, given: Given, tiers: Collection[str]) -> Document:
    try:
        return Document.model_validate(values, context={"tiers": tuple(tiers)})
    except ValidationError as error:
        faults = faults_of(error.errors(include_url=False), given)
        raise SettingsError([fault.removeprefix("settings: ") for fault in faults]) from None
