"""What a customer does with a conversation: say, ask for a human, leave the line, end it, leave a message."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations import consent
from router.conversations.batch import Decide, Moment
from router.conversations.finding import Finding, Place
from router.conversations.hand_off import HandOff, Prospect, asked_in
from router.conversations.journal import Journal
from router.conversations.listening import Listening
from router.conversations.messages import (
    checked_reply,
    checked_text,
    checked_words,
    in_a_list,
    message,
    with_files,
)
from router.conversations.owing import wants_a_word
from router.conversations.previous import may_stand_below_a_ticket
from router.conversations.questions import Questions
from router.conversations.ready import Ready
from router.conversations.records import Change, Committed, Conversation
from router.conversations.tongue import language_of
from router.conversations.transitions import state_event, to_bot, to_closed
from router.errors import Conflict, NotFound, YingdaError
from router.payloads.base import Ok
from router.payloads.customers import (
    CustomerClose,
    CustomerSendMessage,
    LeaveQueue,
    RequestHuman,
    RequestHumanAck,
)
from router.payloads.log import Attachment
from router.payloads.shared import SendAck, StateAck
from router.uploads.attaching import Attaching
from router.waiting.dispatcher import Dispatcher
from router.waiting_room.company import Company
from router.waiting_room.places import Place as LinePlace
from router.waiting_room.places import Places

_TRIES = 3
_REMEMBERED = 20_000


class BelowATicket(YingdaError):
    """The bot has the conversation, and a ticket spoke last in it: what is written here may be its answer."""

    def __init__(self, conversation_id: UUID) -> None:
        super().__init__()
        self.conversation_id = conversation_id


class _Closed(YingdaError):
    """The conversation was closed meanwhile."""


class Conversations:
    """The customer's side; agents have `Handling`."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        questions: Questions,
        hand_off: HandOff,
        places: Places,
        dispatcher: Dispatcher,
        listening: Listening,
        company: Company,
        attaching: Attaching,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._questions = questions
        self._hand_off = hand_off
        self._places = places
        self._dispatcher = dispatcher
        self._listening = listening
        self._company = company
        self._attaching = attaching
        self._clock = clock
        self._sql = load_queries(Path(__file__))
        self._finding = Finding(database, clock)
        self._written_last: OrderedDict[tuple[UUID, str, str], UUID] = OrderedDict()

    # Saying something ------------------------------------------------------------------------------------------

    async def receive(self, place: Place, said: CustomerSendMessage, *, to_a_ticket: bool = True) -> dict[str, Any]:
        """Stores a message and lets the bot see it where the bot is the one to answer; returns the acknowledgement.

        Raises `BelowATicket` instead where a ticket may be the one that is answered, unless ``to_a_ticket`` is False.
        """
        text = checked_words(said.text, said.upload_ids)
        if said.upload_ids:
            async with self._attaching.claimed(place.customer_id, said.client_id, said.upload_ids) as attachments:
                committed, ready = await self._receive(place, said, text, attachments, to_a_ticket=to_a_ticket)
        else:
            committed, ready = await self._receive(place, said, text, (), to_a_ticket=to_a_ticket)
        if ready is not None and committed.events:
            self._questions.answered(committed.conversation, ready)
        elif committed.events and committed.before.state == committed.conversation.state == "bot":
            self._questions.ask(committed.before, committed.conversation, committed.events[0])
        elif committed.events and committed.conversation.state in ("waiting", "human") and text:
            self._listening.hear(committed.conversation.id, committed.events[0])
        if committed.events and committed.before.state == committed.conversation.state == "waiting" and text:
            self._company.hear(committed.conversation, committed.events[0])
        return committed.answer

    async def _receive(
        self,
        place: Place,
        said: CustomerSendMessage,
        text: str,
        attachments: tuple[Attachment, ...],
        *,
        to_a_ticket: bool,
    ) -> tuple[Committed, Ready | None]:
        """What was stored, and the answer that was stored with it, if it was."""
        option_id = checked_text(said.option_id, limit=200, field="option_id") if said.option_id else None
        more = with_files(attachments) | ({"option_id": option_id} if option_id else {})
        new = message(place.actor, text, client_id=said.client_id, reply_to_seq=said.reply_to_seq, **more)
        ready = await self._questions.ready(self._written_last.get(_key_of(place)), new)

        together = False

        def say(row: Conversation, moment: Moment) -> Change:
            nonlocal together
            together = ready is not None and ready.holds_for(row)
            if not row.is_open:
                raise _Closed
            if to_a_ticket and option_id is None and may_stand_below_a_ticket(row):
                raise BelowATicket(row.id)
            checked_reply(said.reply_to_seq, row.last_seq)
            seq = row.last_seq + 1
            fields: dict[str, Any] = {
                "last_text": in_a_list(text, attachments),
                "last_kind": "customer",
                "idle_warned_at": None,
            }
            also = self._attaching.attach(attachments, row.id, seq, said.client_id)
            if row.state == "bot":
                fields["question_seq"] = seq
            elif attachments or wants_a_word(row, text):
                fields["unanswered_since"] = row.unanswered_since or moment.now
            ack = SendAck(conversation_id=row.id, seq=seq, id=new.body["id"], at=moment.now)
            chosen = consent.choice(row, option_id)
            if chosen == "yes":
                more_events, moved = consent.back_to_bot(
                    row, seq, place.actor, self._hand_off.wording, language_of(row)
                )
                return Change(events=(new, *more_events), fields=fields | moved, also=also, answer=ack)
            if chosen == "no":
                fields["asked_bot"] = None
            if ready is not None and together:
                return Change(events=(new, ready.said), fields=fields | ready.fields(row), also=also, answer=ack)
            return Change(events=(new,), fields=fields, also=also, answer=ack)

        seen = ready.seen if ready is not None else None
        committed = await self.write(place, said.conversation_id, said.client_id, say, seen=seen)
        return committed, ready if together else None

    async def write(
        self,
        place: Place,
        wanted: UUID | None,
        client_id: UUID,
        decide: Decide,
        *,
        counter: str | None = None,
        found: UUID | None = None,
        seen: Conversation | None = None,
    ) -> Committed:
        """Writes into the wanted conversation, else the open one, else a new one; closing races are tried again.

        Where the last write went, or what was ``found`` a moment ago, is not looked for again; the locked row says
        whether that still holds.
        """
        key = _key_of(place)

        def decide_where_open(row: Conversation, moment: Moment) -> Change:
            if not row.is_open or row.customer_id != place.customer_id:
                raise _Closed
            return decide(row, moment)

        for _ in range(_TRIES):
            conversation_id, found = found or self._written_last.get(key), None
            if conversation_id is None or wanted not in (None, conversation_id):
                standing = await self._finding.standing(place, wanted, client_id)
                if standing.open is None and standing.answer is not None:
                    nothing: Any = None  # there is no row to show: the conversation of then may be closed
                    return Committed(nothing, nothing, (), (), standing.answer, repeated=True)
                conversation_id = (standing.open or await self._finding.open(place, wanted, standing.last)).id
            try:
                committed = await self._journal.write(
                    conversation_id,
                    decide_where_open,
                    sender=place.customer_id,
                    client_id=client_id,
                    counter=counter,
                    seen=seen if seen is not None and seen.id == conversation_id else None,
                )
            except (_Closed, NotFound):
                self._written_last.pop(key, None)
                continue
            self._remember(key, committed.conversation)
            return committed
        raise Conflict("the conversation is being closed; send it again")

    def _remember(self, key: tuple[UUID, str, str], row: Conversation) -> None:
        if (row.customer_id, row.site, row.channel) == key:
            self._written_last[key] = row.id
            self._written_last.move_to_end(key)
            if len(self._written_last) > _REMEMBERED:
                self._written_last.popitem(last=False)

    async def opened(self, place: Place) -> Conversation | None:
        """The customer's open conversation here, else a new one; None for somebody who holds no token any more."""
        try:
            standing = await self._finding.standing(place, None)
            return standing.open or await self._finding.open(place, None, standing.last)
        except Conflict:
            return None

    async def open_of(self, place: Place) -> Conversation | None:
        """The customer's open conversation here, if any."""
        return await self._finding.open_of(place)

    async def own(self, customer_id: UUID, conversation_id: UUID) -> Conversation:
        """The one door to a customer's conversation: somebody else's is not found."""
        return await self._finding.own(customer_id, conversation_id)

    async def answer_of(self, sender: UUID, client_id: UUID) -> dict[str, Any] | None:
        """What a sender was answered to a client id, if it was ever stored."""
        return await self._finding.answer_of(sender, client_id)

    # A human, please -------------------------------------------------------------------------------------------

    async def request_human(self, place: Place, wish: RequestHuman) -> dict[str, Any]:
        """Obeyed the first time; the answer says who has it, the place in line, or when somebody is there."""
        topic = checked_text(wish.topic, limit=100, field="topic") if wish.topic and wish.topic.strip() else None
        standing, outlook = await asyncio.gather(
            self._finding.standing(place, wish.conversation_id, wish.client_id),
            self._hand_off.outlook(place.customer_id),
        )
        if standing.open is None and standing.answer is not None:
            return standing.answer
        # A new one knows of the last one, on the same matter.
        present = standing.open or await self._finding.open(place, wish.conversation_id, standing.last)
        settled = present.state != "bot" or (present.preferred_agent is not None and topic is None)
        group_id = present.group_id if settled else None
        aim = await self._hand_off.aim(outlook, asked_in(present, topic=topic), group_id, of=present)
        group, rank_at = aim.group, self._hand_off.rank_of(present, aim.tier)
        prospect, ahead = await asyncio.gather(
            self._hand_off.prospect_of(place.customer_id, aim), self._places.ahead(group.id, rank_at, present.id)
        )

        def ask(row: Conversation, moment: Moment) -> Change:
            if row.state in ("waiting", "human"):
                return Change(answer=self._human_ack(row.id, row.state, prospect))
            change = self._hand_off.compose(row, prospect, "asked", actor=place.actor, topic=topic, moment=moment)
            fields = dict(change.fields)
            ack = self._human_ack(row.id, fields.get("state", "bot"), prospect, level=fields.get("level"))
            if fields.get("state") == "waiting":
                _tell_place(ack, self._places.joins(fields, ahead, moment.now))
            return structs.replace(change, fields=fields, answer=ack)

        committed = await self.write(
            place, wish.conversation_id, wish.client_id, ask, counter=prospect.counter, found=present.id
        )
        row = committed.conversation
        if committed.repeated:
            return committed.answer
        if committed.before.state == "bot" and row.state != "waiting":
            return committed.answer
        if committed.before.state == "bot" and row.group_id == group.id and not await self._dispatcher.joined(group):
            return committed.answer
        return await self._revise(place, wish.client_id, committed, prospect)

    def _human_ack(
        self, conversation_id: UUID, state: Any, prospect: Prospect, *, level: str | None = None
    ) -> RequestHumanAck:
        availability = prospect.availability
        ack = RequestHumanAck(conversation_id=conversation_id, state=state, outcome="queued")
        if state == "human" or (state == "bot" and level == "L3" and prospect.owner is not None):
            ack.outcome = "assigned"
        elif availability.after_hours and state == "bot":
            ack.outcome = "after_hours"
        elif availability.agents_online == 0:
            ack.outcome = "nobody"
        if ack.outcome in ("after_hours", "nobody") and availability.opens_at is not None:
            ack.opens_at = availability.opens_at
        return ack

    async def _revise(self, place: Place, client_id: UUID, committed: Committed, prospect: Prospect) -> dict[str, Any]:
        """The answer as it stands after the dispatcher looked; remembered for a repeat of the same wish."""
        row = await self.own(place.customer_id, committed.conversation.id)
        ack = self._human_ack(row.id, row.state, prospect, level=row.level)
        if row.state == "waiting":
            _tell_place(ack, await self._places.of(row))
        await self._database.execute(self._sql["revise_answer"], place.customer_id, client_id, ack)
        answer: dict[str, Any] = msgspec.to_builtins(ack)
        return answer

    async def leave_queue(self, place: Place, wish: LeaveQueue) -> dict[str, Any]:
        """Back to the bot; a conversation that is no longer waiting stays as it is."""
        await self.own(place.customer_id, wish.conversation_id)

        def leave(row: Conversation, moment: Moment) -> Change:
            if row.state != "waiting":
                return Change(answer=StateAck(state=row.state))
            return Change(
                events=(state_event("bot", "left_queue", place.actor),),
                fields=to_bot(row, "left_queue"),
                answer=StateAck(state="bot"),
            )

        return await self._own_write(place, wish.conversation_id, wish.client_id, leave)

    async def close(self, place: Place, wish: CustomerClose) -> dict[str, Any]:
        """The customer ends it; closing what is closed changes nothing."""
        await self.own(place.customer_id, wish.conversation_id)

        def end(row: Conversation, moment: Moment) -> Change:
            if not row.is_open:
                return Change(answer=Ok())
            return Change(
                events=(state_event("closed", "left", place.actor),),
                fields=to_closed(row, "left", moment.now, None),
                answer=Ok(),
            )

        return await self._own_write(place, wish.conversation_id, wish.client_id, end)

    async def _own_write(self, place: Place, conversation_id: UUID, client_id: UUID, decide: Decide) -> dict[str, Any]:
        """The acknowledgement of one change of a customer's own conversation."""
        sender = place.customer_id
        return (await self._journal.write(conversation_id, decide, sender=sender, client_id=client_id)).answer

    # Reading, and what was left for later ------------------------------------------------------------------------


def _tell_place(ack: RequestHumanAck, place: LinePlace) -> None:
    ack.position = place.position
    if place.eta is not None:
        ack.eta = place.eta


def _key_of(place: Place) -> tuple[UUID, str, str]:
    return (place.customer_id, place.site, place.channel)
