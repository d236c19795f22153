"""Who is called by an @ in a note: accounts and groups by their ids; tells nobody who may not see the conversation.

Pages that are open hear at once; whoever is not there is written to, which commits with the note.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.colleague import Colleague
from router.conversations.records import Conversation, Statement
from router.errors import Invalid
from router.notifications.outbox import Outbox
from router.notifications.records import Notice, Staff
from router.payloads.desk import Alert
from router.payloads.log import AgentRef

KIND = "mentioned"
_AT_ONCE = 20
_THERE = timedelta(minutes=1)
_SHOWN = 160  # characters of the note


class AgentPages(Protocol):
    """The way to some agents' pages."""

    async def to_agents(self, agent_ids: Collection[UUID], event: str, payload: Struct) -> None: ...


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who is meant, in person or as one of a group."""

    colleague: Colleague
    is_there: bool

    @classmethod
    def from_row(cls, row: Record) -> Called:
        ref = AgentRef(id=row["id"], name=row["public_name"])
        colleague = Colleague(ref, frozenset(row["group_ids"]), row["is_supervisor"])
        return cls(colleague, row["is_there"])


class Mentioning:
    """Looked up before the note is decided, told after it is committed."""

    def __init__(self, database: Database, outbox: Outbox, pages: AgentPages, clock: Clock) -> None:
        self._database = database
        self._outbox = outbox
        self._pages = pages
        self._clock = clock
        self._sql = load_queries(Path(__file__))

    async def called(self, ids: Sequence[UUID]) -> tuple[Called, ...]:
        """The people behind these ids; raises `Invalid` where they are too many."""
        if len(ids) > _AT_ONCE:
            raise Invalid(f"at most {_AT_ONCE} mentions")
        if not ids:
            return ()
        rows = await self._database.fetch(self._sql["called"], sorted(set(ids)), self._clock.now() - _THERE)
        return tuple(Called.from_row(row) for row in rows)

    def hearers(self, row: Conversation, called: Sequence[Called]) -> tuple[Called, ...]:
        """Those who may see the conversation; the note is kept whoever else it names."""
        return tuple(one for one in called if one.colleague.may_see(row.group_id, row.owner))

    def notices(
        self, conversation_id: UUID, client_id: UUID, author: Colleague, text: str, hearers: Sequence[Called]
    ) -> tuple[Statement, ...]:
        """What tells those who are not there; one letter each, however often the note is sent."""
        return tuple(
            self._outbox.statement(
                Notice(
                    kind=KIND,
                    to=Staff(one.colleague.ref.id),
                    data={"text": text[:_SHOWN], "by": author.ref.name, "conversation_id": str(conversation_id)},
                    key=f"{KIND}:{client_id}:{one.colleague.ref.id}",
                )
            )
            for one in hearers
            if not one.is_there and one.colleague.ref.id != author.ref.id
        )

    async def tell(self, conversation_id: UUID, author: Colleague, text: str, hearers: Sequence[Called]) -> None:
        """To the open pages of those called; never to the author's own."""
        told = {one.colleague.ref.id for one in hearers} - {author.ref.id}
        if told:
            words = f"{author.ref.name}：{text[:_SHOWN]}"
            alert = Alert(kind=KIND, at=self._clock.now(), conversation_id=conversation_id, text=words)
            await self._pages.to_agents(sorted(told), "alert", alert)
