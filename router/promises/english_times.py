"""Words about times to come in English: days, hours, spans and “end of day”; what has passed (yesterday, last Friday)
is not one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any

from router.promises.days import date_of, day_in_month, holiday_ahead, month_end, next_day_of_month, weekday_of
from router.promises.times import Part, Piece, last_working_day
from router.waiting.hours import Calendar

_NAMES = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "twelve": 12.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0,
    "half an": 0.5, "half a": 0.5, "a couple of": 2.0, "couple of": 2.0, "a few": 3.0, "few": 3.0, "several": 4.0,
}  # fmt: skip
_VAGUE = frozenset({"a couple of", "couple of", "a few", "few", "several"})
_NUMBER = r"(?:\d{1,3}(?:\.\d)?|" + "|".join(sorted(_NAMES, key=len, reverse=True)) + ")"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
#: Where in a week a word points to, as a weekday.
_PLACES = {"early": 1, "beginning of": 1, "start of": 1, "mid": 2, "middle of": 2}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_PARTS: dict[str, Part] = {
    "morning": "forenoon", "lunchtime": "noon", "afternoon": "afternoon",
    "evening": "evening", "night": "evening",
}  # fmt: skip

Fields = dict[str, Any]
_Make = Callable[[re.Match[str], date, Calendar], Fields | None]


def pieces(text: str, today: date, calendar: Calendar) -> Iterator[Piece]:
    """What the text says about times, in the order of the rules; `today` is the desk's day."""
    taken: list[tuple[int, int]] = []
    for pattern, make in _RULES:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            fields = make(match, today, calendar)
            taken.append(match.span())
            if fields is not None:
                yield Piece(start=match.start(), end=match.end(), **fields)


def _number(text: str) -> float:
    return _NAMES[text.lower()] if text.lower() in _NAMES else float(text)


def _nothing(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    return None


def _span(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    hours = match["unit"].lower().startswith("h")
    if match["n"].lower() in _VAGUE:
        return {"after": timedelta(hours=4) if hours else timedelta(minutes=15), "is_vague": True}
    return {"after": timedelta(minutes=_number(match["n"]) * (60 if hours else 1))}


def _days(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    count = max(1, round(_number(match["n"])))
    if match["kind"]:
        return {"working_days": count}
    weeks = match["unit"].lower().startswith("week")
    return {"day": today + timedelta(days=count * (7 if weeks else 1)), "is_vague": match["n"].lower() in _VAGUE}


def _weekday(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    weekday = _WEEKDAYS.index(match["weekday"].lower()[:3])
    relation = (match["relation"] or "").lower()
    return {"day": weekday_of(weekday, {"next": 1, "this": 0}.get(relation), today)}


def _week(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    weeks = 1 if match["relation"].lower() == "next" else 0
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    return {"day": last_working_day(max(monday, today), monday + timedelta(days=6), calendar)}


def _part_of_week(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    weeks = 1 if "next" in match["relation"].lower() else 0
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    place = _PLACES.get(match["place"].lower(), 4)
    return {"day": monday + timedelta(days=place), "is_vague": True}


def _part_of_month(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    place = _PLACES.get(match["place"].lower(), 4)
    last = month_end(today, 1 if match["relation"].lower() == "next" else 0)
    day = last.replace(day=10 if place == 1 else 20) if place < 4 else last
    return {"day": last_working_day(last.replace(day=1), day, calendar), "is_vague": True}


def _day_of_month(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    relation, day = (match["relation"] or "").lower(), int(match["day"])
    if not relation:
        return {"day": next_day_of_month(day, today)} if 1 <= day <= 31 else None
    found = day_in_month(day, 1 if relation == "next" else 0, today)
    return None if found is None else {"day": found}


def _slashed(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    """12/03 is month and day as on the desk's own pages; where it might be day and month, somebody should look."""
    first, second = int(match["month"]), int(match["day"])
    if first > 12:
        day = date_of(match["year"], second, first, today)
    else:
        day = date_of(match["year"], first, second, today)
    return None if day is None else {"day": day, "is_vague": first != second and first <= 12 and second <= 12}


def _around_holiday(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    around = holiday_ahead(today, calendar)
    if around is None:
        return None
    is_after = (match["side"] or "after").lower() == "after"
    return {"day": around[is_after], "is_vague": is_after and not match["first"]}


def _month(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    last = month_end(today, 1 if match["relation"] and match["relation"].lower() == "next" else 0)
    return {"day": last_working_day(max(today, last.replace(day=1)), last, calendar)}


def _date(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    day = date_of(None, _MONTHS.index(match["month"].lower()) + 1, match["day"], today)
    return None if day is None else {"day": day}


def _clock(match: re.Match[str], today: date, calendar: Calendar) -> Fields | None:
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), (match["half"] or "").lower().replace(".", "")
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    return {"clock": time(hour, minute), "on_dial": not half and hour <= 12}


def _rules() -> list[tuple[re.Pattern[str], _Make]]:
    written: list[tuple[str, _Make]] = [
        (rf"\b(?:yesterday|last\s+(?:night|week|month|year|{_WEEKDAY})|earlier(?:\s+today)?|(?:\d+|"
         rf"{_NUMBER})\s+(?:minutes?|hours?|days?|weeks?)\s+ago)\b", _nothing),
        (r"\bevery\s+(?:\d+\s+)?\w+", _nothing),
        (rf"\b(?:{_NUMBER}\s*(?:-|to|or)\s*)?(?P<n>{_NUMBER})\s*(?P<unit>hours?|hrs?|h|minutes?|mins?)\b", _span),
        (rf"\b(?:in|within|after)\s+(?:the\s+next\s+)?(?:{_NUMBER}\s*(?:-|to|"
         rf"or)\s*)?(?P<n>{_NUMBER})\s*(?P<kind>business|working|work)?\s*(?P<unit>days?|weeks?)\b", _days),
        (rf"\b(?:{_NUMBER}\s*(?:-|to)\s*)?(?P<n>{_NUMBER})\s+(?P<kind>business|working)\s+(?P<unit>days?)\b", _days),
        (r"\b(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b", lambda m, t, c: _iso(m, t)),
        (r"\b(?:on|by|before|until|till|around|for)\s+(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>20\d\d))?(?![\d/%])",
         _slashed),
        (r"(?<![\d/.])(?P<month>\d{1,2})/(?P<day>\d\d)(?:/(?P<year>20\d\d))?(?![\d/%])", _slashed),
        (r"\b(?:(?P<first>(?:the\s+)?first\s+(?:(?:working|business)\s+)?(?:day|thing)(?:\s+back)?)\s+)?(?P<side>before|after)\s+"
         r"(?:the\s+|our\s+)?(?:public\s+|national\s+)?holidays?\b", _around_holiday),
        (rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b", _date),
        (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b", _date),
        (r"\b(?:the\s+)?day\s+after\s+tomorrow\b", lambda m, t, c: {"day": t + timedelta(days=2)}),
        (r"\btomorrow\b", lambda m, t, c: {"day": t + timedelta(days=1)}),
        (r"\b(?:today|later\s+today)\b", lambda m, t, c: {"day": t}),
        (r"\btonight\b", lambda m, t, c: {"day": t, "part": "evening"}),
        (r"\b(?:the\s+)?(?:end\s+of\s+(?:the\s+|this\s+)?day|eod)\b",
         lambda m, t, c: {"closes": True, "is_days_end": True}),
        (r"\b(?:the\s+)?(?:end\s+of\s+(?:the\s+|this\s+)?(?:business|working)\s+day|cob|"
         r"close\s+of\s+business)\b", lambda m, t, c: {"closes": True}),
        (r"\bthe\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+of\s+(?P<relation>this|next)\s+month\b", _day_of_month),
        (r"\b(?:on|by|before|until|till|around)\s+the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?P<relation>)"
         r"(?!\s+(?:floor|time|version|line|item|day|try|attempt|of\s+(?!the\b)))", _day_of_month),
        (r"\b(?:the\s+)?(?P<place>early|late|mid|(?:beginning|start|middle)\s+of)[\s-]+(?P<relation>this|next|the)\s+week\b",
         _part_of_week),
        (r"\b(?:the\s+)?(?P<place>early|late|mid|(?:beginning|start|middle)\s+of)[\s-]+(?P<relation>this|next|the)\s+month\b",
         _part_of_month),
        (r"\b(?:the\s+)?end\s+of\s+(?:the\s+)?(?P<relation>this\s+|next\s+)?month\b", _month_end),
        (r"\b(?:the\s+)?(?:end\s+of\s+)(?:the\s+)?(?P<relation>week|this week|next week)\b", _week_end),
        (rf"\b(?P<relation>next|this)\s+{_WEEKDAY}", _weekday),
        (rf"\b(?P<relation>){_WEEKDAY}", _weekday),
        (r"\b(?P<relation>this|next)\s+week\b", _week),
        (r"\b(?P<relation>this|next)\s+month\b", _month),
        (r"\b(?:noon|midday)\b", lambda m, t, c: {"clock": time(12)}),
        (r"\b(?:this\s+|in\s+the\s+|first\s+thing\s+in\s+the\s+)?(?P<part>morning|lunchtime|afternoon|evening|"
         r"night)\b", lambda m, t, c: {"part": _PARTS[m["part"].lower()]}),
        (r"(?<![\d.:])(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\b\.?)", _clock),
        (r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?P<half>)(?![\d:])", _clock),
        (r"\b(?P<hour>\d{1,2})\s*(?P<minute>)(?P<half>)o['’]?clock\b", _clock),
        (r"\b(?:by|at|before|until)\s+(?P<hour>1[0-2]|[1-9])(?P<minute>)(?P<half>)(?![\d:%./]|\s*(?:hours?|min|"
         r"days?|people|users?|seats?))\b", _clock),
    ]  # fmt: skip
    return [(re.compile(pattern, re.IGNORECASE), make) for pattern, make in written]


def _iso(match: re.Match[str], today: date) -> Fields | None:
    day = date_of(match["year"], match["month"], match["day"], today)
    return None if day is None else {"day": day}


def _month_end(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    last = month_end(today, 1 if (match["relation"] or "").strip().lower() == "next" else 0)
    return {"day": last_working_day(max(today, last.replace(day=1)), last, calendar)}


def _week_end(match: re.Match[str], today: date, calendar: Calendar) -> Fields:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=1 if "next" in match["relation"].lower() else 0)
    return {"day": last_working_day(max(monday, today), monday + timedelta(days=6), calendar)}


_RULES = _rules()
