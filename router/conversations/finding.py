"""Finds what a customer writes into, and opens a new conversation; everything else about it is `Conversations`'."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations.previous import agent_of, is_recent
from router.conversations.records import Conversation
from router.errors import Conflict, NotFound
from router.payloads.customers import Page
from router.payloads.log import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer's conversations are held, and what a new one starts with."""

    customer_id: UUID
    site: str
    channel: str = "web"
    locale: str = "zh-CN"
    page: Page | None = None

    @property
    def actor(self) -> Actor:
        return Actor(kind="customer", id=self.customer_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a customer comes back to: the open conversation, else the last one; what they were answered before."""

    open: Conversation | None
    last: Conversation | None = None
    answer: dict[str, Any] | None = None


class Finding:
    """Refuses nobody but whoever asks for somebody else's conversation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries(Path(__file__))

    async def standing(self, place: Place, wanted: UUID | None, client_id: UUID | None = None) -> Standing:
        """What the customer comes back to here; ``wanted`` is theirs, or not found."""
        if wanted is not None:
            row = await self.own(place.customer_id, wanted)
            if row.is_open:
                return Standing(row)
        record = await self._database.fetchrow(
            self._sql["standing"], place.customer_id, place.site, place.channel, client_id
        )
        assert record is not None
        answer = record["answered"]
        if record["id"] is None:
            return Standing(None, None, answer)
        row = Conversation.from_row(record)
        return Standing(row, None, answer) if row.is_open else Standing(None, row, answer)

    async def open(self, place: Place, wanted: UUID | None, before: Conversation | None) -> Conversation:
        """A new conversation, linked to the one before it."""
        now = self._clock.now()
        agent = agent_of(before)
        same_matter = before is not None and agent is not None and is_recent(before.closed_at, now)
        page = {"url": place.page.url, "title": place.page.title} if place.page else None
        opened = await self._database.fetchrow(
            self._sql["open_conversation"],
            uuid7(),
            place.customer_id,
            place.site,
            place.channel,
            (wanted or before.id) if before else None,
            agent if same_matter else None,
            place.locale,
            page,
            now,
            before.group_id if before and same_matter else None,
            before.topic if before and same_matter else None,
        )
        row = Conversation.from_row(opened) if opened is not None else await self.open_of(place)
        if row is None:
            raise Conflict("the conversation is being closed; send it again")
        return row

    async def open_of(self, place: Place) -> Conversation | None:
        """The customer's open conversation here, if any."""
        row = await self._database.fetchrow(
            self._sql["open_conversation_of"], place.customer_id, place.site, place.channel
        )
        return Conversation.from_row(row) if row else None

    async def own(self, customer_id: UUID, conversation_id: UUID) -> Conversation:
        """The one door to a customer's conversation: somebody else's is not found."""
        row = await self._database.fetchrow(self._sql["conversation"], conversation_id)
        if row is None or row["customer_id"] != customer_id:
            raise NotFound("conversation not found")
        return Conversation.from_row(row)

    async def answer_of(self, sender: UUID, client_id: UUID) -> dict[str, Any] | None:
        """What a sender was answered to a client id, if it was ever stored."""
        row = await self._database.fetchrow(self._sql["earlier_sends"], [sender], [client_id])
        return None if row is None else row["answer"]
