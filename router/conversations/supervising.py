"""What only supervisors do with a conversation: take it over, push it forward in the line; each goes into the audit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from msgspec import structs

from router.conversations.batch import Moment
from router.conversations.colleague import Colleague
from router.conversations.hand_off import HandOff, asked_in
from router.conversations.journal import Journal
from router.conversations.moods import with_topic
from router.conversations.records import Change, Conversation, NewNote, Statement
from router.conversations.transitions import require, state_event, to_human, to_waiting
from router.errors import Conflict, Forbidden
from router.payloads.agents import Push, PushAck, TakeOver
from router.payloads.base import Ok
from router.security.audit import Audit, AuditActor, AuditEntry
from router.sentences import say
from router.waiting.dispatcher import Dispatcher
from router.waiting.head_start import seconds_of
from router.waiting.raising import pushed
from router.waiting.waiting_line import WaitingLine


class Supervising:
    """Refuses everybody who is no supervisor."""

    def __init__(
        self,
        journal: Journal,
        line: WaitingLine,
        hand_off: HandOff,
        dispatcher: Dispatcher,
        audit: Audit,
        door: Callable[[Colleague, UUID], Awaitable[Conversation]],
    ) -> None:
        """``door``: the conversation as a colleague may see it; see `Handling.visible`."""
        self._hand_off = hand_off
        self._door = door
        self._journal = journal
        self._line = line
        self._dispatcher = dispatcher
        self._audit = audit

    async def take_over(self, colleague: Colleague, wish: TakeOver) -> dict[str, Any]:
        """The supervisor owns it at once, from the bot, the line or a colleague, as far as they have room for it.

        From the bot it goes through the line all the same, in one commit.
        """
        _require_supervisor(colleague)
        seen = await self._door(colleague, wish.conversation_id)
        aim = None
        if seen.state == "bot":
            outlook = await self._hand_off.outlook(seen.customer_id)
            aim = await self._hand_off.aim(outlook, asked_in(seen), seen.group_id, of=seen)

        def take(row: Conversation, moment: Moment) -> Change:
            require(row, "waiting", "human", *(("bot",) if aim is not None else ()))
            if row.state == "human" and row.owner == colleague.ref.id:
                return Change(answer=Ok())
            load = moment.loads.get(colleague.ref.id)
            if load is None or not load.has_room:
                details = {} if load is None else {"capacity": load.capacity, "load": load.load}
                raise Conflict("you have no room for another conversation", **details)
            whose = str(row.owner) if row.owner else None
            events = [state_event("human", "taken_over", colleague.actor, colleague.ref)]
            through: dict[str, Any] = {}
            if row.state == "bot" and aim is not None:
                events.insert(0, state_event("waiting", "taken_over", colleague.actor))
                place = self._line.join(row, tier=aim.tier)
                through = to_waiting(row, "taken_over", now=moment.now, group_id=aim.group.id, **place)
                through["tier"] = aim.tier
                if aim.topic is not None:
                    through["signals"] = with_topic(row.signals or {}, aim.topic)
            fields = through | to_human(structs.replace(row, **through), colleague.ref, "taken_over", moment.now)
            return Change(
                events=tuple(events),
                fields=fields,
                also=(self._audited(colleague, "conversation.taken_over", row, {"from": whose}),),
                answer=Ok(),
            )

        committed = await self._journal.write(
            wish.conversation_id,
            take,
            sender=colleague.ref.id,
            client_id=wish.client_id,
            agents=(colleague.ref.id,),
        )
        if not committed.repeated and committed.before.owner != committed.conversation.owner:
            await self._dispatcher.took(colleague.ref.id)
            await self._dispatcher.tick()  # whoever lost it has room for the next one
        return committed.answer

    async def push(self, colleague: Colleague, wish: Push) -> dict[str, Any]:
        """Moves somebody who waits forward by the seconds of a push, once, as far as the cap allows."""
        _require_supervisor(colleague)

        def push(row: Conversation, moment: Moment) -> Change:
            fields = pushed(row, self._line.head_starts)
            if not fields:
                return Change(answer=PushAck(priority=seconds_of(row.head_start), added_seconds=0))
            after = seconds_of(fields["head_start"])
            added = after - seconds_of(row.head_start)
            note = NewNote("system", colleague.actor, say("note.pushed", seconds=added))
            audited = self._audited(colleague, "conversation.pushed", row, {"seconds": added})
            return Change((), (note,), fields, (audited,), PushAck(priority=after, added_seconds=added))

        committed = await self._journal.write(
            wish.conversation_id, push, sender=colleague.ref.id, client_id=wish.client_id
        )
        if not committed.repeated:
            await self._dispatcher.tick()
        return committed.answer

    def _audited(self, colleague: Colleague, action: str, row: Conversation, detail: dict[str, Any]) -> Statement:
        actor = AuditActor("agent", colleague.ref.id, colleague.ref.name)
        return self._audit.statement(AuditEntry(actor, action, "conversation", str(row.id), detail))


def _require_supervisor(colleague: Colleague) -> None:
    if not colleague.is_supervisor:
        raise Forbidden
