"""What an agent is told of a conversation that is offered or assigned to them; it offers nothing itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from database.clock import Clock
from router.conversations.reading import Reading
from router.conversations.records import Conversation
from router.customers.customers import Customers
from router.payloads.desk import Alert, CustomerCard, Offer
from router.waiting.head_start import seconds_of
from router.waiting.items import explanation

Summaries = Callable[[Sequence[Conversation]], Awaitable[Mapping[UUID, str]]]


class Offers:
    """Rows as agents read them."""

    def __init__(self, reading: Reading, customers: Customers, clock: Clock, summaries: Summaries) -> None:
        """``summaries``: each conversation in one line, as far as there is anything to say."""
        self._reading = reading
        self._customers = customers
        self._clock = clock
        self._summaries = summaries

    async def pending(self, agent_id: UUID) -> list[Offer]:
        """What is offered to this agent and has not expired, the most urgent one first."""
        rows = await self._reading.offered_to(agent_id, self._clock.now())
        return await self._of(rows) if rows else []

    async def of(self, row: Conversation) -> Offer:
        return (await self._of([row]))[0]

    async def alert(self, row: Conversation) -> Alert:
        """What supervisors are told of a conversation that has soured."""
        cards = await self._customers.cards({row.customer_id})
        return Alert(
            conversation_id=row.id,
            kind="soured",
            at=self._clock.now(),
            customer=cards.get(row.customer_id) or CustomerCard(id=row.customer_id),
            owner=row.owner,
            text=row.last_text,
        )

    async def _of(self, rows: list[Conversation]) -> list[Offer]:
        told, cards = await asyncio.gather(
            self._summaries(rows), self._customers.cards({row.customer_id for row in rows})
        )
        return [
            self._offer(row, cards.get(row.customer_id) or CustomerCard(id=row.customer_id), told.get(row.id))
            for row in rows
        ]

    def _offer(self, row: Conversation, customer: CustomerCard, summary: str | None) -> Offer:
        waited = (self._clock.now() - row.joined_at).total_seconds() if row.joined_at else 0
        return Offer(
            conversation_id=row.id,
            customer=customer,
            reason=row.handoff_reason or row.reason or "asked",
            priority=seconds_of(row.head_start),
            explanation=explanation(row),
            waited_seconds=max(0, int(waited)),
            summary=summary or row.last_text,
            expires_at=row.offer_expires_at if row.state == "waiting" else None,
        )
