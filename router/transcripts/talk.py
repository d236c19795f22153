"""A conversation as lines to read: who said what when, as its customer sees it; pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import UNSET

from router.conversations.projections import for_customer
from router.help.plain import plain
from router.payloads.log import Event

#: A mail is for reading: of a longer talk it has the newest part.
MOST_CHARACTERS = 100_000


def lines_of(events: Iterable[Event]) -> list[dict[str, Any]]:
    """``{kind, name?, number?, at, text}`` of every message that stands; what colleagues alone know is projected away.

    ``kind`` is the speaker's. What is not text is named in ``files``.
    """
    numbers: dict[str, str] = {}
    lines: list[dict[str, Any]] = []
    for event in map(for_customer, events):
        if event.agent is not UNSET and event.agent.staff_number:
            numbers[str(event.agent.id)] = event.agent.staff_number
        if event.kind != "message" or event.redacted is True:
            continue
        by_bot = event.actor.kind in ("bot", "system")
        text = event.text if isinstance(event.text, str) else ""
        files = [each.name for each in event.attachments] if event.attachments is not UNSET else []
        if not text and not files:
            continue
        lines.append(
            {
                "kind": "bot" if by_bot else event.actor.kind,
                "name": event.actor.name,
                "number": numbers.get(str(event.actor.id)),
                "at": event.at.isoformat(),
                "text": plain(text) if by_bot else text,
                "files": files,
            }
        )
    return _newest(lines)


def _newest(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    room = MOST_CHARACTERS
    for n, line in enumerate(reversed(lines)):
        room -= len(line["text"])
        if room < 0:
            return lines[len(lines) - n :]
    return lines
