"""The state machine of a ticket, pure: who may move it where, and which columns a move touches.

待处理 new, 处理中 open, 待客户 waiting_customer, 待研发 waiting_development, 待发布 waiting_release, 已解决 solved,
已关闭 closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Literal, get_args

from router.errors import Conflict
from router.payloads.tickets import TicketStatus
from router.tickets.records import Ticket
from router.waiting.hours import Calendar

#: Who moves it: a colleague, the customer by an answer, or the desk by its rules.
Mover = Literal["agent", "customer", "system"]

_WORKING: frozenset[TicketStatus] = frozenset({"open", "waiting_customer", "waiting_development", "waiting_release"})

#: What colleagues may do. A ticket is closed by the customer's yes or by time; by hand only where it is solved already.
ALLOWED: Mapping[TicketStatus, frozenset[TicketStatus]] = MappingProxyType(
    {
        "new": _WORKING | {"solved"},
        **{status: (_WORKING - {status}) | {"solved"} for status in _WORKING},
        "solved": frozenset({"open", "closed"}),
        "closed": frozenset({"open"}),
    }
)


@dataclass(frozen=True, slots=True)
class Terms:
    """When a solved ticket closes, and for how long a closed one can be opened again."""

    calendar: Calendar
    close_after_days: int
    reopen_for: timedelta

    def closes_at(self, solved_at: datetime) -> datetime:
        """The same time of day, so many working days later, in UTC."""
        return working_days_after(self.calendar, solved_at, self.close_after_days)

    def reopens_until(self, ticket: Ticket) -> datetime | None:
        """None for one that is not closed, or goes on in another."""
        if ticket.closed_at is None or ticket.merged_into is not None:
            return None
        return ticket.closed_at + self.reopen_for

    def may_reopen(self, ticket: Ticket, now: datetime) -> bool:
        until = self.reopens_until(ticket)
        return until is not None and now <= until


def move(ticket: Ticket, to: TicketStatus, by: Mover, terms: Terms, now: datetime) -> dict[str, Any]:
    """The columns that the move changes; raises `Conflict` with the present status where nobody may do that."""
    if not _may(ticket, to, by, terms, now):
        raise Conflict(f"a ticket that is {ticket.status} cannot become {to}", status=ticket.status)
    fields: dict[str, Any] = {"status": to}
    if to == "solved":
        fields |= {"solved_at": now, "closes_at": terms.closes_at(now)}
    elif to == "closed":
        fields |= {"closed_at": now, "closes_at": None, "solved_at": ticket.solved_at or now}
    elif ticket.status in ("solved", "closed"):
        fields |= {
            "solved_at": None,
            "closes_at": None,
            "closed_at": None,
            "reopened_at": now,
            "reopened": ticket.reopened + 1,
        }
    return fields


def moves(ticket: Ticket, terms: Terms, now: datetime) -> list[TicketStatus]:
    """What a colleague may make of it now, in the order of the work."""
    return [status for status in get_args(TicketStatus) if _may(ticket, status, "agent", terms, now)]


def after_answer(
    ticket: Ticket, *, solved: bool | None, only_thanks: bool, terms: Terms, now: datetime
) -> TicketStatus | None:
    """Where the customer's answer moves the ticket; None: it stays.

    ``solved`` is the answer to 解决了吗, None where they only wrote; thanks alone open nothing again. Raises `Conflict`
    for a ticket that was closed too long ago.
    """
    if ticket.status == "closed":
        if not terms.may_reopen(ticket, now):
            raise Conflict("this ticket was closed some time ago; what you write becomes a new matter", status="closed")
        return None if solved or (solved is None and only_thanks) else "open"
    if solved:
        return "closed"
    if ticket.status == "solved":
        return None if solved is None and only_thanks else "open"
    return "open" if ticket.status == "waiting_customer" else None


def into(ticket: Ticket, other: Ticket, now: datetime) -> dict[str, Any]:
    """The columns of a duplicate that goes on in another ticket; raises `Conflict` where that makes no sense."""
    if other.merged_into is not None or ticket.merged_into is not None:
        raise Conflict("a ticket that was merged goes on in another one", status="closed")
    if ticket.id == other.id:
        raise Conflict("a ticket cannot be merged into itself")
    closed_at = ticket.closed_at or now
    return {"status": "closed", "closed_at": closed_at, "closes_at": None, "merged_into": other.id, "merged_at": now}


def working_days_after(calendar: Calendar, at: datetime, days: int) -> datetime:
    """The moment at the same time of day on the ``days``-th day with hours after ``at``, in UTC.

    Where a calendar has no working day for a long time, every day counts.
    """
    local = at.astimezone(calendar.zone)
    day, left, looked_at = local.date(), days, 0
    while left > 0:
        day += timedelta(days=1)
        looked_at += 1
        if calendar.always_open or looked_at > _HORIZON_DAYS or calendar.spans_on(day):
            left -= 1
    clock_time: time = local.timetz().replace(tzinfo=None)
    return datetime.combine(day, clock_time, calendar.zone).astimezone(at.tzinfo)


_HORIZON_DAYS = 60


def _may(ticket: Ticket, to: TicketStatus, by: Mover, terms: Terms, now: datetime) -> bool:
    if ticket.merged_into is not None:
        return False
    if ticket.status == "closed" and not terms.may_reopen(ticket, now):
        return False
    if by == "customer" and to == "closed":  # it is theirs to say that it is done, at any time
        return ticket.status != "closed"
    if by == "system":
        return ticket.status == "solved" and to == "closed"
    return to in ALLOWED[ticket.status]
