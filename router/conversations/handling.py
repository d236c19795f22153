"""What an agent does with a conversation: take it, talk, note, pass on, end it; only its owner talks to customers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from database.pool import Database
from database.queries import load_queries
from router.clocks.replies import is_reply
from router.conversations.batch import Moment
from router.conversations.colleague import Colleague
from router.conversations.journal import Decide, Journal
from router.conversations.messages import checked_reply, checked_text, message
from router.conversations.records import Change, Conversation, NewNote
from router.conversations.transitions import require, state_event, to_closed, to_human, to_waiting
from router.errors import Conflict, Forbidden, Invalid, NotFound
from router.payloads.agents import (
    Accept,
    AcceptAck,
    AddNote,
    AgentClose,
    AgentSendMessage,
    Decline,
    NoteAck,
    Transfer,
    TransferTarget,
    WrapUp,
)
from router.payloads.base import Ok
from router.payloads.log import AgentRef
from router.payloads.shared import SendAck, StateAck
from router.waiting.dispatcher import Dispatcher, without_offer
from router.waiting.head_start import rank
from router.waiting.waiting_line import WaitingLine

_MAX_TAGS = 20
_MAX_WORD = 200


class Handling:
    """The agent's side; customers have `Conversations`."""

    def __init__(self, database: Database, journal: Journal, line: WaitingLine, dispatcher: Dispatcher) -> None:
        self._database = database
        self._journal = journal
        self._line = line
        self._dispatcher = dispatcher
        self._sql = load_queries(Path(__file__))

    async def visible(self, colleague: Colleague, conversation_id: UUID) -> Conversation:
        """The one door to a conversation for agents; what they may not see is not found."""
        row = await self._database.fetchrow(self._sql["conversation"], conversation_id)
        if row is None:
            raise NotFound("conversation not found")
        conversation = Conversation.from_row(row)
        colleague.require_sight(conversation)
        return conversation

    async def accept(self, colleague: Colleague, wish: Accept) -> dict[str, Any]:
        """Takes a waiting conversation of one's groups, in every mode; one winner, the others get `conflict`."""

        def take(row: Conversation, moment: Moment) -> Change:
            colleague.require_sight(row)
            require(row, "waiting")
            load = moment.loads.get(colleague.ref.id)
            if load is None or not load.enabled:
                raise Forbidden
            if not load.has_room:
                raise Conflict("you have no room for another conversation", capacity=load.capacity, load=load.load)
            return Change(
                events=(state_event("human", "accepted", colleague.actor, colleague.ref),),
                fields=to_human(row, colleague.ref, "accepted", moment.now),
                answer=AcceptAck(version=row.version + 1),
            )

        return await self._write(colleague, wish.conversation_id, wish.client_id, take, lock=(colleague.ref.id,))

    async def decline(self, colleague: Colleague, wish: Decline) -> dict[str, Any]:
        """Says no to an offer; it goes to somebody else at once."""

        def refuse(row: Conversation, moment: Moment) -> Change:
            if row.state != "waiting" or row.offered_to != colleague.ref.id:
                colleague.require_sight(row)
                return Change(answer=Ok())
            return Change(fields=without_offer(row), answer=Ok())

        answer = await self._write(colleague, wish.conversation_id, wish.client_id, refuse)
        await self._dispatcher.tick()
        return answer

    async def send(self, colleague: Colleague, said: AgentSendMessage) -> dict[str, Any]:
        """A message to the customer."""
        text = checked_text(said.text)
        if said.upload_ids:
            raise Invalid("uploads are not available")

        def say(row: Conversation, moment: Moment) -> Change:
            _require_owner(row, colleague)
            new = message(
                colleague.actor,
                text,
                client_id=said.client_id,
                reply_to_seq=checked_reply(said.reply_to_seq, row.last_seq),
            )
            seq = row.last_seq + 1
            fields = {
                "last_text": text[:200],
                "last_kind": "agent",
                "idle_warned_at": None,
                "unanswered_since": None,
                "agent_read_seq": seq,
                "first_reply_at": row.first_reply_at or (moment.now if is_reply(text) else None),
            }
            ack = SendAck(conversation_id=row.id, seq=seq, id=UUID(new.body["id"]), at=moment.now)
            return Change(events=(new,), fields=fields, answer=ack)

        return await self._write(colleague, said.conversation_id, said.client_id, say)

    async def add_note(self, colleague: Colleague, wish: AddNote) -> dict[str, Any]:
        """A note beside the log, which customers never see."""
        if wish.whisper:
            raise Invalid("whispers are not available")
        text = checked_text(wish.text)
        note = NewNote("note", colleague.actor, text, tuple(wish.mentions or ()))

        def add(row: Conversation, moment: Moment) -> Change:
            colleague.require_sight(row)
            return Change(notes=(note,), answer=NoteAck(note_seq=row.last_note_seq + 1))

        return await self._write(colleague, wish.conversation_id, wish.client_id, add)

    async def transfer(self, colleague: Colleague, wish: Transfer) -> dict[str, Any]:
        """To a colleague with room: theirs at once, else at their name in the line; to a group: into its line."""
        if wish.to == "bot":
            raise Conflict("a conversation goes back to the bot only with the customer's consent")
        assert isinstance(wish.to, TransferTarget)
        note = checked_text(wish.note) if wish.note and wish.note.strip() else None
        target = await self._target(wish.to)

        def pass_on(row: Conversation, moment: Moment) -> Change:
            _require_owner(row, colleague, supervisor_may=True)
            notes = (NewNote("note", colleague.actor, note),) if note else ()
            if target.agent is not None:
                if target.agent.id == row.owner:
                    raise Invalid("the conversation is theirs already")
                load = moment.loads.get(target.agent.id)
                if load is not None and load.has_room and target.is_there:
                    return Change(
                        events=(state_event("human", "transferred", colleague.actor, target.agent),),
                        notes=notes,
                        fields=to_human(row, target.agent, "transferred", moment.now),
                        answer=StateAck(state="human"),
                    )
            joined_at = row.joined_at or moment.now
            fields = to_waiting(
                row,
                "transferred",
                now=moment.now,
                group_id=target.group_id or row.group_id or target.fallback_group_id,
                joined_at=joined_at,
                rank_at=rank(joined_at, row.head_start),
                head_start=row.head_start,
                preferred_agent=target.agent.id if target.agent else None,
            )
            fields["declined_by"] = [row.owner] if row.owner else []  # never straight back
            return Change(
                events=(state_event("waiting", "transferred", colleague.actor),),
                notes=notes,
                fields=fields,
                answer=StateAck(state="waiting"),
            )

        lock = (target.agent.id,) if target.agent else ()
        answer = await self._write(colleague, wish.conversation_id, wish.client_id, pass_on, lock=lock)
        if answer["state"] == "waiting":
            await self._dispatcher.tick()
        return answer

    async def _target(self, to: TransferTarget) -> _Target:
        fallback = await self._line.group_for(None)
        if to.group_id is not None:
            group = await self._line.group(to.group_id)
            if group is None:
                raise NotFound("there is no such group")
            return _Target(None, False, group.id, fallback.id)
        if to.agent_id is None:
            raise Invalid("to needs agent_id or group_id")
        row = await self._database.fetchrow(self._sql["colleague"], to.agent_id, self._line.alive_since())
        if row is None:
            raise NotFound("there is no such colleague")
        ref = AgentRef(id=row["id"], name=row["public_name"], staff_number=row["staff_number"])
        return _Target(ref, row["is_there"], None, fallback.id)

    async def close(self, colleague: Colleague, wish: AgentClose) -> dict[str, Any]:
        """Ends the conversation with its wrap-up."""
        wrap_up = _checked_wrap_up(wish.wrap_up)

        def end(row: Conversation, moment: Moment) -> Change:
            colleague.require_sight(row)
            if not row.is_open:
                return Change(answer=Ok())
            _require_owner(row, colleague, supervisor_may=True)
            fields = to_closed(row, "resolved", moment.now, wish.resolved)
            return Change(
                events=(state_event("closed", "resolved", colleague.actor),),
                fields={**fields, "wrap_up": wrap_up},
                answer=Ok(),
            )

        return await self._write(colleague, wish.conversation_id, wish.client_id, end)

    async def _write(
        self, colleague: Colleague, conversation_id: UUID, client_id: UUID, decide: Decide, lock: tuple[UUID, ...] = ()
    ) -> dict[str, Any]:
        """The acknowledgement of one change."""
        sender = colleague.ref.id
        committed = await self._journal.write(conversation_id, decide, sender=sender, client_id=client_id, agents=lock)
        return committed.answer


@dataclass(frozen=True, slots=True)
class _Target:
    agent: AgentRef | None
    is_there: bool
    group_id: UUID | None
    fallback_group_id: UUID


def _require_owner(row: Conversation, colleague: Colleague, *, supervisor_may: bool = False) -> None:
    colleague.require_sight(row)
    require(row, "human")
    if row.owner != colleague.ref.id and not (supervisor_may and colleague.is_supervisor):
        raise Conflict("a colleague has this conversation", owner=str(row.owner), state=row.state)


def _checked_wrap_up(wrap_up: WrapUp | None) -> dict[str, Any] | None:
    if wrap_up is None:
        return None
    if wrap_up.tags and len(wrap_up.tags) > _MAX_TAGS:
        raise Invalid(f"at most {_MAX_TAGS} tags")
    checked: dict[str, Any] = {}
    for name, value in msgspec.to_builtins(wrap_up).items():
        if isinstance(value, list):
            checked[name] = [checked_text(tag, limit=_MAX_WORD, field="tags") for tag in value if tag.strip()]
        elif isinstance(value, str) and value.strip():
            checked[name] = checked_text(value, limit=_MAX_WORD * 10, field=name)
    return checked or None
