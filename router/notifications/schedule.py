"""When a delivery is tried again, and when it is given up: one schedule a channel, spread by chance."""

from __future__ import annotations

from datetime import datetime, timedelta

_MINUTE, _HOUR = 60.0, 3600.0

#: Seconds after each failure. Webhooks: as the Standard Webhooks specification proposes.
SCHEDULES: dict[str, tuple[float, ...]] = {
    "mail": (30, 2 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 16 * _HOUR),
    "sms": (10, 30, 2 * _MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR),
    "robot": (5, 30, 2 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, _HOUR),
    "webhook": (
        5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR,
    ),
}  # fmt: skip
#: Nobody wants to hear it later than this, by the hours since it was recorded.
_TOO_LATE_HOURS = {"mail": 120.0, "sms": 24.0, "robot": 24.0, "webhook": 240.0}
#: The longest that one endpoint is left alone after it failed several times in a row.
_LONGEST_CLOSED_SECONDS = 10 * _MINUTE
_FIRST_CLOSED_SECONDS = 30.0
#: Failures in a row after which an endpoint is closed.
FAILURES_TO_CLOSE = 5


def next_try(
    channel: str, tries: int, made_at: datetime, now: datetime, *, chance: float, after_seconds: float | None = None
) -> datetime | None:
    """When to try again after ``tries`` failed ones; None: never. ``chance`` is from 0 to 1.

    Never sooner than the schedule, at most a fifth later, and never before the receiver asked for it.
    """
    schedule = SCHEDULES[channel]
    if tries > len(schedule):
        return None
    delay = max(schedule[max(tries, 1) - 1] * (1 + 0.2 * chance), after_seconds or 0.0)
    at = now + timedelta(seconds=delay)
    return None if at - made_at > timedelta(hours=_TOO_LATE_HOURS[channel]) else at


def closed_seconds(failures: int) -> float:
    """How long an endpoint is left alone after so many failures in a row; 0 while it counts as working."""
    if failures < FAILURES_TO_CLOSE:
        return 0.0
    return min(_FIRST_CLOSED_SECONDS * 2.0 ** min(failures - FAILURES_TO_CLOSE, 10), _LONGEST_CLOSED_SECONDS)
