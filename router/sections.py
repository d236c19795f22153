"""What parts of the settings are made of: fixed once read, without room for unknown names."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict

from router.waiting.hours import parse_spans


class Section(BaseModel):
    """A part of the settings: fixed once read, without room for unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _span(text: str) -> str:
    try:
        parse_spans([text])
    except ValueError as error:
        raise ValueError(f"{text!r} is not like 09:00-18:00") from error
    return text


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error
    return name


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: ``09:00-18:00``; ``24:00`` is midnight at the end of a day.
SpanText = Annotated[str, AfterValidator(_span)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
#: A day that is not named is closed.
Weekly = dict[Weekday, tuple[SpanText, ...]]
