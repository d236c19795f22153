"""What people read about a clock, in notes, alerts and mails: the kind, how long, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from router.clocks.records import ClockRow
from router.sentences import all_of, duration, say


def warning(row: ClockRow, now: datetime, number: str | None) -> str:
    assert row.due_at is not None
    return say("clock.warning", **_about(row, number), time=duration((row.due_at - now).total_seconds()))


def breach(row: ClockRow, now: datetime, number: str | None) -> str:
    assert row.due_at is not None
    late = (now - row.due_at).total_seconds()
    if late < 60:
        return say("clock.late", **_about(row, number))
    return say("clock.late_since", **_about(row, number), time=duration(late))


def escalation(rule: str, row: ClockRow, number: str | None, done: Sequence[str]) -> str:
    """``超时升级（提前排队）：首次响应已超时，排队提前 10 分钟``."""
    return say("clock.escalated", **_about(row, number), rule=rule, acts=all_of("acts", list(done)))


def raised(seconds: int) -> str:
    return say("acts.raised", time=duration(seconds))


def widened(group: str) -> str:
    return say("acts.widened", group=group)


def told(whom: Sequence[str]) -> str:
    return say("acts.told", whom=all_of("whom", list(whom)))


def _about(row: ClockRow, number: str | None) -> dict[str, str]:
    level = row.subject.level
    if number:
        return {"subject": say("subject.ticket", number=number, level=level), "clock": say(f"kind.{row.kind}")}
    return {"subject": say("subject.conversation", level=level), "clock": say(f"kind.{row.kind}")}
