"""What an agent does with a conversation: take it, talk, note, hold, end it; only its owner talks to customers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from bot.wording import Wording
from database.pool import Database
from database.queries import load_queries
from router.clocks.replies import is_reply
from router.conversations.batch import Decide, Moment
from router.conversations.colleague import Colleague
from router.conversations.journal import Journal
from router.conversations.mentioning import Called, Mentioning
from router.conversations.messages import (
    checked_reply,
    checked_text,
    checked_words,
    in_a_list,
    message,
    with_files,
)
from router.conversations.passing_on import require_owner
from router.conversations.records import SYSTEM, Change, Conversation, NewEvent, NewNote, Statement
from router.conversations.tongue import language_of
from router.conversations.transitions import require, state_event, to_closed, to_human
from router.errors import Conflict, Forbidden, Invalid, NotFound
from router.payloads.agents import (
    Accept,
    AcceptAck,
    AddNote,
    AgentClose,
    AgentSendMessage,
    Decline,
    Hold,
    NoteAck,
    WrapUp,
)
from router.payloads.base import Ok
from router.payloads.log import Attachment, NoteKind
from router.payloads.shared import SendAck
from router.uploads.attaching import Attaching
from router.waiting.dispatcher import Dispatcher, without_offer

_MAX_TAGS = 20
_MAX_WORD = 200


class Handling:
    """The agent's side; customers have `Conversations`."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        dispatcher: Dispatcher,
        attaching: Attaching,
        mentioning: Mentioning,
        wording: Wording,
        *,
        hold_at_most: timedelta,
    ) -> None:
        self._database = database
        self._journal = journal
        self._dispatcher = dispatcher
        self._attaching = attaching
        self._mentioning = mentioning
        self._wording = wording
        self._hold_at_most = hold_at_most
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

        answer = await self._write(colleague, wish.conversation_id, wish.client_id, take, lock=(colleague.ref.id,))
        await self._dispatcher.took(colleague.ref.id)
        return answer

    async def decline(self, colleague: Colleague, wish: Decline) -> dict[str, Any]:
        """Says no to an offer; it goes to somebody else at once."""

        def refuse(row: Conversation, moment: Moment) -> Change:
            if row.state != "waiting" or row.offered_to != colleague.ref.id:
                colleague.require_sight(row)
                return Change(answer=Ok())
            return Change(fields=without_offer(row), answer=Ok())

        answer = await self._write(colleague, wish.conversation_id, wish.client_id, refuse)
        await self._dispatcher.declined(colleague.ref.id)
        await self._dispatcher.tick()
        return answer

    async def send(self, colleague: Colleague, said: AgentSendMessage) -> dict[str, Any]:
        """A message to the customer."""
        text = checked_words(said.text, said.upload_ids)
        async with self._attaching.claimed(colleague.ref.id, said.client_id, said.upload_ids) as attachments:
            return await self._send(colleague, said, text, attachments)

    async def _send(
        self, colleague: Colleague, said: AgentSendMessage, text: str, attachments: tuple[Attachment, ...]
    ) -> dict[str, Any]:
        def say(row: Conversation, moment: Moment) -> Change:
            require_owner(row, colleague)
            new = message(
                colleague.actor,
                text,
                client_id=said.client_id,
                reply_to_seq=checked_reply(said.reply_to_seq, row.last_seq),
                **with_files(attachments),
            )
            seq = row.last_seq + 1
            fields = {
                "last_text": in_a_list(text, attachments),
                "last_kind": "agent",
                "idle_warned_at": None,
                "unanswered_since": None,
                "agent_read_seq": seq,
                "first_reply_at": row.first_reply_at or (moment.now if attachments or is_reply(text) else None),
            }
            ack = SendAck(conversation_id=row.id, seq=seq, id=new.body["id"], at=moment.now)
            spoke = Statement(self._sql["agent_spoke"], (colleague.ref.id,))
            taken = self._attaching.attach(attachments, row.id, seq, said.client_id)
            return Change(events=(new,), fields=fields, also=(spoke, *taken), answer=ack)

        return await self._write(colleague, said.conversation_id, said.client_id, say)

    async def add_note(self, colleague: Colleague, wish: AddNote) -> dict[str, Any]:
        """A note beside the log, which customers never see; a supervisor's whisper is for the owner alone.

        Those mentioned hear of a note, not of a whisper.
        """
        if wish.whisper and not colleague.is_supervisor:
            raise Forbidden("only supervisors whisper")
        text = checked_text(wish.text)
        kind: NoteKind = "whisper" if wish.whisper else "note"
        ids = () if wish.whisper else tuple(dict.fromkeys(wish.mentions or ()))
        note = NewNote(kind, colleague.actor, text, ids)
        called = await self._mentioning.called(ids)
        hearers: tuple[Called, ...] = ()

        def add(row: Conversation, moment: Moment) -> Change:
            nonlocal hearers
            colleague.require_sight(row)
            hearers = self._mentioning.hearers(row, called)
            letters = self._mentioning.notices(row.id, wish.client_id, colleague, text, hearers)
            return Change(notes=(note,), also=letters, answer=NoteAck(note_seq=row.last_note_seq + 1))

        committed = await self._journal.write(
            wish.conversation_id, add, sender=colleague.ref.id, client_id=wish.client_id
        )
        if not committed.repeated:
            await self._mentioning.tell(wish.conversation_id, colleague, text, hearers)
        return committed.answer

    async def hold(self, colleague: Colleague, wish: Hold) -> dict[str, Any]:
        """A promised time: until then the owner's silence is no reason to give the customer to somebody else."""

        def promise(row: Conversation, moment: Moment) -> Change:
            require_owner(row, colleague, supervisor_may=True)
            until = wish.until
            if until is not None:
                if until.tzinfo is None:
                    raise Invalid("until needs a time zone")
                if not moment.now < until <= moment.now + self._hold_at_most:
                    hours = self._hold_at_most.total_seconds() / 3600
                    raise Invalid(f"until lies ahead, and by {hours:g} hours at most")
            return Change(fields={"held_until": until}, answer=Ok())

        return await self._write(colleague, wish.conversation_id, wish.client_id, promise)

    async def close(self, colleague: Colleague, wish: AgentClose) -> dict[str, Any]:
        """Ends the conversation with its wrap-up; who was answered is told how it goes on."""
        wrap_up = _checked_wrap_up(wish.wrap_up)
        ticket = await self._database.fetchval(self._sql["ticket_that_goes_on"], wish.conversation_id)

        def end(row: Conversation, moment: Moment) -> Change:
            colleague.require_sight(row)
            if not row.is_open:
                return Change(answer=Ok())
            require_owner(row, colleague, supervisor_may=True)
            fields = to_closed(row, "resolved", moment.now, wish.resolved)
            end = state_event("closed", "resolved", colleague.actor)
            return Change(
                events=(end,) if row.first_reply_at is None else (self._goodbye(row, wish, ticket), end),
                fields={**fields, "wrap_up": wrap_up},
                answer=Ok(),
            )

        return await self._write(colleague, wish.conversation_id, wish.client_id, end)

    def _goodbye(self, row: Conversation, wish: AgentClose, ticket: str | None) -> NewEvent:
        locale = language_of(row)
        # Categories are words of the house, in its own language.
        category = (wish.wrap_up.category or "") if wish.wrap_up and locale.startswith("zh") else ""
        solved = wish.resolved and row.resolved is not False
        return message(SYSTEM, self._wording.closing(category, ticket or "", locale, solved=solved))

    async def _write(
        self, colleague: Colleague, conversation_id: UUID, client_id: UUID, decide: Decide, lock: tuple[UUID, ...] = ()
    ) -> dict[str, Any]:
        """The acknowledgement of one change."""
        sender = colleague.ref.id
        committed = await self._journal.write(conversation_id, decide, sender=sender, client_id=client_id, agents=lock)
        return committed.answer


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
