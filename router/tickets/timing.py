"""A ticket's own clocks: what starts, answers, pauses and ends them; pure, statements that commit with the change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from router.clocks.clocks import REPLIES, RESOLUTION, Clocks
from router.clocks.records import Subject
from router.conversations.records import Conversation, Statement
from router.payloads.log import Level
from router.tickets.records import NewTicket, Ticket

_ENDED = frozenset({"solved", "closed"})


class Timing:
    """First reply and resolution run from the beginning; the resolution rests while the customer is asked (待客户)."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks

    def made(
        self, row: Conversation, new: NewTicket, ticket_id: UUID, level: Level, group_id: UUID | None, now: datetime
    ) -> Iterator[Statement]:
        """Out of a conversation that a human has, the matter is as old as its hand-off, and answered if it was."""
        subject = Subject("ticket", ticket_id, level, row.tier, group_id)
        goes_on = new.source in ("agent", "escalation") and row.is_open and row.handed_off_at is not None
        at = row.handed_off_at if goes_on and row.handed_off_at is not None else now
        if not (goes_on and row.first_reply_at is not None):
            yield from self._clocks.start(subject, ("first_reply",), at)
        yield from self._clocks.start(subject, RESOLUTION, at)

    def changed(self, before: Ticket, after: Ticket, now: datetime) -> Iterator[Statement]:
        """A move, another level, or another group."""
        subject, clocks = _subject(after), self._clocks
        if (before.level, before.group_id) != (after.level, after.group_id):
            yield from clocks.relevel(subject, now)
        if after.merged_into is not None and before.merged_into is None:
            yield from clocks.end(subject, now)
        if before.status == after.status:
            return
        if after.status in _ENDED:
            yield from clocks.meet(subject, (*REPLIES, *RESOLUTION), now)
            if after.status == "closed":
                yield from clocks.end(subject, now)
            return
        if before.status in _ENDED:
            yield from clocks.reopen(subject, now)
        if after.status == "waiting_customer":
            yield from clocks.pause(subject, RESOLUTION, now)
        elif before.status == "waiting_customer":
            yield from clocks.resume(subject, RESOLUTION, now)

    def replied(self, ticket: Ticket, now: datetime) -> Iterator[Statement]:
        """A colleague's public word."""
        yield from self._clocks.meet(_subject(ticket), REPLIES, now)

    def customer_spoke(self, ticket: Ticket, now: datetime) -> Iterator[Statement]:
        """The customer's; under a ticket that is done nothing is owed for it."""
        if ticket.status not in _ENDED:
            yield from self._clocks.customer_spoke(_subject(ticket), now)


def _subject(ticket: Ticket) -> Subject:
    return Subject("ticket", ticket.id, ticket.level, ticket.tier, ticket.group_id)
