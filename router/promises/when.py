"""When somebody says that something will happen: words about time in Chinese or English in, a moment to come out; what
has passed is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from router.promises import chinese_times, english_times
from router.promises.times import Piece, When, settle
from router.waiting.hours import Calendar

#: What may stand between the words of one time: 明天的 15:30, tomorrow at 3 pm, Friday, before noon.
_JOINS = re.compile(r"^[\s的，,、之前在就於（(]*(?:(?:at|by|on|in|the|before|around|about|of)\s*)*$", re.IGNORECASE)
_HAN = re.compile("[\u4e00-\u9fff]")


def read(text: str, now: datetime, calendar: Calendar) -> When | None:
    """The first time to come that the text names, by the desk's clock; None where it names none."""
    today = now.astimezone(calendar.zone).date()
    found = chinese_times.pieces(text, today, calendar)
    if not _HAN.search(text):
        found = english_times.pieces(text, today, calendar)
    for group in _groups(text, sorted(found, key=lambda piece: piece.start)):
        at = settle(group, now, calendar)
        if at is not None and at > now:
            exact = not any(piece.is_vague for piece in group)
            return When(at, text[group[0].start : group[-1].end], exact)
    return None


def _groups(text: str, pieces: list[Piece]) -> Iterable[list[Piece]]:
    """Adjoining pieces that say different things about one time."""
    group: list[Piece] = []
    for piece in pieces:
        if group and (_kind(piece) in map(_kind, group) or not _JOINS.match(text[group[-1].end : piece.start])):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _kind(piece: Piece) -> str:
    if piece.after is not None or piece.working_days is not None:
        return "span"
    if piece.clock is not None:
        return "clock"
    if piece.day is not None:
        return "day"
    return "closes" if piece.closes else "part"
