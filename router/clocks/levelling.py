"""Levels that change after the hand-off, by hand or by rule when the customer says more; they reset no clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from msgspec import structs

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.clocks.levels import classify_row, may_name_an_owner
from router.clocks.named_owner import NamedOwner, Owner
from router.clocks.settings import LevelSettings
from router.conversations.batch import Moment
from router.conversations.colleague import Colleague
from router.conversations.journal import Journal
from router.conversations.records import NOTHING, SYSTEM, Change, Committed, Conversation, NewNote
from router.conversations.transitions import require
from router.errors import NotFound
from router.payloads.log import Actor, State
from router.security.audit import Audit, AuditActor, AuditEntry
from router.sentences import say
from router.tickets.tickets import Tickets

_LIVE: tuple[State, ...] = ("waiting", "human")


class Levelling:
    """What an agent set stays; a rule only raises, and only where the customer has a success manager."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        named_owner: NamedOwner,
        tickets: Tickets,
        audit: Audit,
        clock: Clock,
        settings: LevelSettings,
    ) -> None:
        self._database = database
        self._journal = journal
        self._named_owner = named_owner
        self._tickets = tickets
        self._audit = audit
        self._clock = clock
        self._settings = settings
        self._sql = load_queries(__file__)
        #: Bound: conversations of the line, emptied by every tick.
        self._heard: set[UUID] = set()

    async def set(
        self, colleague: Colleague, conversation_id: UUID, level: Literal["L2", "L3"], client_id: UUID | None
    ) -> None:
        """L3 makes a ticket for the success manager; where there is none, its owner is whoever set the level.

        Raises `NotFound`, and `Conflict` where no human is asked for.
        """
        row = await self._read(conversation_id)
        if row is None:
            raise NotFound("conversation not found")
        colleague.require_sight(row)
        owner = None
        if level == "L3" and row.level != "L3" and not await self._has_named_owner(row):
            owner = await self._named_owner.of(row.customer_id, row.tier, whatever_tier=True)
            owner = owner or Owner(colleague.ref, self._tickets.counter_name(self._clock.now()), is_manager=False)

        def decide(row: Conversation, moment: Moment) -> Change:
            colleague.require_sight(row)
            require(row, *_LIVE)
            if row.level == level:
                return Change(fields={"level_by": colleague.ref.id})
            change = self._change(row, moment, level, owner, colleague.actor)
            return structs.replace(change, fields={**change.fields, "level_by": colleague.ref.id})

        await self._journal.write(
            conversation_id,
            decide,
            sender=colleague.ref.id,
            client_id=client_id,
            counter=None if owner is None else owner.counter,
        )

    def follow(self, news: Sequence[Committed]) -> None:
        """What a customer who has or awaits a human said may bring the matter to another level."""
        for committed in news:
            row = committed.conversation
            if row.state not in _LIVE or row.level != "L2" or row.level_by is not None:
                continue
            said = any(event.kind == "message" and event.actor.kind == "customer" for event in committed.events)
            news_of_it = said or committed.before.signals != row.signals
            if news_of_it and may_name_an_owner(self._settings, row.tier) and classify_row(self._settings, row) == "L3":
                self._heard.add(row.id)

    async def tick(self) -> None:
        """Raises what was heard, where there is somebody to name."""
        heard, self._heard = self._heard, set()
        for conversation_id in heard:
            row = await self._read(conversation_id)
            owner = None if row is None else await self._named_owner.of(row.customer_id, row.tier)
            if owner is not None:
                await self._raise(conversation_id, owner)

    async def _raise(self, conversation_id: UUID, owner: Owner) -> None:
        def decide(row: Conversation, moment: Moment) -> Change:
            if row.state not in _LIVE or row.level != "L2" or row.level_by is not None:
                return NOTHING
            return self._change(row, moment, "L3", owner, SYSTEM)

        await self._journal.write(conversation_id, decide, counter=owner.counter)

    def _change(
        self, row: Conversation, moment: Moment, level: Literal["L2", "L3"], owner: Owner | None, actor: Actor
    ) -> Change:
        change = Change(fields={"level": level})
        if owner is not None:
            change = self._named_owner.take(row, moment, owner, tier=row.tier, topic=_both_levels(row), actor=actor)
        words = "note.level" + ("" if actor.kind == "system" else "_by") + ("" if owner is None else "_owned")
        whose = "" if owner is None else owner.ref.name
        note = NewNote("system", actor, say(words, before=row.level, after=level, who=actor.name, owner=whose))
        audit_actor = AuditActor("system") if actor.kind == "system" else AuditActor("agent", actor.id, actor.name)
        entry = AuditEntry(
            audit_actor, "conversation.levelled", "conversation", str(row.id), {"from": row.level, "to": level}
        )
        return structs.replace(change, notes=(note,), also=(*change.also, self._audit.statement(entry)))

    async def _read(self, conversation_id: UUID) -> Conversation | None:
        row = await self._database.fetchrow(self._sql["conversation"], conversation_id)
        return None if row is None else Conversation.from_row(row)

    async def _has_named_owner(self, row: Conversation) -> bool:
        found: Any = await self._database.fetchval(self._sql["has_named_owner"], row.id)
        return bool(found)


def _both_levels(row: Conversation) -> str | None:
    """The topic as tickets file it, where it has both levels."""
    topic = (row.signals or {}).get("topic") or row.topic
    return topic if topic and "/" in topic else None
