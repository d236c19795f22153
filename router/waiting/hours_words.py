"""A weekly table said in words, in the languages of the customers' pages; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from bot.language import page_language

Spans = Sequence[tuple[time, time]]


@dataclass(frozen=True, slots=True)
class _Words:
    """How one language says a weekly table."""

    names: tuple[str, ...]
    workdays: str
    every_day: str
    around_the_clock: str
    never: str
    from_to: str
    between_spans: str
    between_days: str


_CHINESE = _Words(
    names=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    workdays="工作日",
    every_day="每天",
    around_the_clock="全天 24 小时",
    never="暂未安排",
    from_to="至",
    between_spans="、",
    between_days="；",
)
_TAIWANESE = replace(
    _CHINESE,
    names=("週一", "週二", "週三", "週四", "週五", "週六", "週日"),
    around_the_clock="全天 24 小時",
    never="暫未安排",
)
_ENGLISH = _Words(
    names=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    workdays="Mon–Fri",
    every_day="every day",
    around_the_clock="around the clock",
    never="none for now",
    from_to="–",
    between_spans=", ",
    between_days="; ",
)
_JAPANESE = _Words(
    names=("月", "火", "水", "木", "金", "土", "日"),
    workdays="平日",
    every_day="毎日",
    around_the_clock="24 時間",
    never="未定",
    from_to="～",
    between_spans="、",
    between_days="、",
)
_SPANISH = _Words(
    names=("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    workdays="lunes a viernes",
    every_day="todos los días",
    around_the_clock="las 24 horas",
    never="ninguno por ahora",
    from_to="–",
    between_spans=", ",
    between_days="; ",
)
_WORDS = {"zh-CN": _CHINESE, "zh-TW": _TAIWANESE, "en": _ENGLISH, "ja": _JAPANESE, "es": _SPANISH}


def around_the_clock(locale: str) -> str:
    """``全天 24 小时`` and its like."""
    return _WORDS[page_language(locale)].around_the_clock


def weekly_text(weekly: Mapping[int, Spans], locale: str) -> str:
    """``工作日 9:00–18:00`` or ``Mon–Fri 9:00–18:00``; days of the same hours are said together."""
    words = _WORDS[page_language(locale)]
    groups: list[tuple[list[int], Spans]] = []
    for day in range(7):
        spans = weekly.get(day, ())
        if not spans:
            continue
        if groups and groups[-1][1] == spans and groups[-1][0][-1] == day - 1:
            groups[-1][0].append(day)
        else:
            groups.append(([day], spans))
    said = (f"{_days(days, words)} {words.between_spans.join(map(_span, spans))}" for days, spans in groups)
    return words.between_days.join(said) or words.never


def _days(days: list[int], words: _Words) -> str:
    if days == [0, 1, 2, 3, 4]:
        return words.workdays
    if days == list(range(7)):
        return words.every_day
    if len(days) == 1:
        return words.names[days[0]]
    return f"{words.names[days[0]]}{words.from_to}{words.names[days[-1]]}"


def _span(span: tuple[time, time]) -> str:
    start, end = span
    closing = "24:00" if end == time.max else f"{end.hour}:{end.minute:02d}"
    return f"{start.hour}:{start.minute:02d}–{closing}"
