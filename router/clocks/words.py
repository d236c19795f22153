"""What people read about a clock, in notes, alerts and mails: the kind, how long, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from router.clocks.records import ClockRow

_KINDS = {"first_reply": "首次响应", "next_reply": "后续回复", "resolution": "解决时限"}


def warning(row: ClockRow, now: datetime, number: str | None) -> str:
    assert row.due_at is not None
    return f"{_subject(row, number)}{_KINDS[row.kind]}还有 {duration((row.due_at - now).total_seconds())}超时"


def breach(row: ClockRow, now: datetime, number: str | None) -> str:
    assert row.due_at is not None
    late = (now - row.due_at).total_seconds()
    since = f"，已过 {duration(late)}" if late >= 60 else ""
    return f"{_subject(row, number)}{_KINDS[row.kind]}已超时{since}"


def escalation(rule: str, row: ClockRow, number: str | None, done: Sequence[str]) -> str:
    """``超时升级（提前排队）：首次响应已超时，排队提前 10 分钟``."""
    return f"超时升级（{rule}）：{_subject(row, number)}{_KINDS[row.kind]}已超时，{'、'.join(done)}"


def raised(seconds: int) -> str:
    return f"排队提前 {duration(seconds)}"


def widened(group: str) -> str:
    return f"转到技能组“{group}”一起处理"


def told(whom: Sequence[str]) -> str:
    return f"已通知{'、'.join(whom)}"


def duration(seconds: float) -> str:
    """``40 秒``, ``12 分钟``, ``3 小时 5 分钟``: as people say it."""
    if seconds < 60:
        return f"{max(1, round(seconds))} 秒"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} 分钟"
    return f"{hours} 小时 {rest} 分钟" if rest else f"{hours} 小时"


def _subject(row: ClockRow, number: str | None) -> str:
    level = f"（{row.subject.level}）"
    return f"工单 {number}{level}" if number else f"会话{level}"
