"""What people think of messages and conversations, and messages taken back; the log keeps its places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import structs

from bot.wording import Wording
from database.pool import Database
from database.queries import load_queries
from router.cards.card import as_stored, card_of, without
from router.conversations.batch import Decide, Moment
from router.conversations.conversations import Conversations
from router.conversations.finding import Place
from router.conversations.hand_off import HandOff, asked_in
from router.conversations.journal import Journal
from router.conversations.log import event_from_row
from router.conversations.messages import checked_comment, in_a_list
from router.conversations.questions import Questions
from router.conversations.records import Change, Conversation, NewEvent, Statement, files_of, text_of
from router.errors import Conflict, Forbidden, Invalid, NotFound
from router.payloads.base import Ok
from router.payloads.customers import RateAnswer
from router.payloads.log import Actor, Event
from router.payloads.shared import Recall
from router.waiting_room.leaving import offer_leaving

RECALL_WITHIN = timedelta(minutes=2)


class Feedback:
    """Ratings are the customer's; taking back is for whoever said it."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        conversations: Conversations,
        questions: Questions,
        hand_off: HandOff,
        wording: Wording,
        *,
        forget_in_tickets: Callable[[UUID, str, datetime], Statement],
        forget_files: Callable[[UUID, int, datetime], Statement],
        misses_before_handoff: int,
    ) -> None:
        self._database = database
        self._journal = journal
        self._conversations = conversations
        self._questions = questions
        self._hand_off = hand_off
        self._wording = wording
        self._forget_in_tickets = forget_in_tickets
        self._forget_files = forget_files
        self.misses_before_handoff = misses_before_handoff  # may change while the program runs
        self._sql = load_queries(Path(__file__))

    async def recall(self, actor: Actor, conversation_id: UUID, wish: Recall) -> dict[str, Any]:
        """Takes back one's own message within two minutes; its place in the log stays."""
        target = await self._event_at(conversation_id, wish.seq)
        # Whose conversation it is was checked: a customer who has signed in since then has another id now.
        is_own = target.actor.kind == actor.kind and (actor.kind == "customer" or target.actor.id == actor.id)
        if target.kind != "message" or not is_own:
            raise Forbidden("only your own messages can be taken back")
        assert actor.id is not None

        def take_back(row: Conversation, moment: Moment) -> Change:
            if moment.now - target.at > RECALL_WITHIN:
                raise Conflict("messages can be taken back within two minutes")
            if target.redacted is True:
                return Change(answer=Ok())
            listed = in_a_list(text_of(target), files_of(target))
            fields: dict[str, Any] = {"last_text": ""} if row.last_text == listed else {}
            card = card_of(row.card)
            if card is not None and actor.kind == "customer":
                fields["card"] = as_stored(without(card, text_of(target), files_of(target)))
            return Change(
                events=(NewEvent("redact", actor, {"target_seq": wish.seq}),),
                fields=fields,
                also=(
                    Statement(self._sql["take_back"], (conversation_id, wish.seq)),
                    Statement(self._sql["forget_words"], (conversation_id, wish.seq)),
                    self._forget_in_tickets(conversation_id, text_of(target), moment.now),
                    self._forget_files(conversation_id, wish.seq, moment.now),
                ),
                answer=Ok(),
            )

        self._questions.forget(conversation_id, wish.seq)
        committed = await self._journal.write(conversation_id, take_back, sender=actor.id, client_id=wish.client_id)
        return committed.answer

    async def rate_answer(self, place: Place, rating: RateAnswer) -> dict[str, Any]:
        """Whether a bot answer helped. 没帮助 counts as a miss, and enough of them hand off."""
        seen = await self._conversations.own(place.customer_id, rating.conversation_id)
        comment = checked_comment(rating.comment)
        target = await self._event_at(rating.conversation_id, rating.seq)
        if target.kind != "message" or target.actor.kind != "bot":
            raise Invalid("only answers of the bot can be rated", seq=rating.seq)
        before = not rating.helpful and await self._database.fetchval(
            self._sql["was_unhelpful"], rating.conversation_id, rating.seq
        )
        counts = target.decision in ("answer", "clarify") and not before
        if not rating.helpful:
            self._questions.did_not_help(rating.conversation_id, target)
        may_hand_off = counts and not rating.helpful and seen.misses + 1 >= self.misses_before_handoff
        of = seen if may_hand_off else None
        prospect = await self._hand_off.prospect(place.customer_id, asked_in(seen), of=of)

        def rate(row: Conversation, moment: Moment) -> Change:
            body: dict[str, Any] = {"target_seq": rating.seq, "helpful": rating.helpful}
            if comment:
                body["comment"] = comment
            event = NewEvent("rating", place.actor, body)
            if row.state == "waiting" and rating.helpful and target.while_waiting is True:
                offer = offer_leaving(row, self._wording)
                if offer is not None:
                    return Change(events=(event, offer[0]), fields=offer[1], answer=Ok())
            if row.state != "bot":
                return Change(events=(event,), answer=Ok())
            if rating.helpful:
                return Change(events=(event,), fields={"misses": 0}, answer=Ok())
            if not counts:
                return Change(events=(event,), answer=Ok())
            fields = {"misses": row.misses + 1}
            if fields["misses"] < self.misses_before_handoff or row.owes_an_answer:
                return Change(events=(event,), fields=fields, answer=Ok())
            change = self._hand_off.compose(row, prospect, "repeated_miss", moment=moment)
            return structs.replace(
                change, events=(event, *change.events), fields={**fields, **change.fields}, answer=Ok()
            )

        return await self._own_write(place, rating.conversation_id, rating.client_id, rate, prospect.counter)

    async def _event_at(self, conversation_id: UUID, seq: int) -> Event:
        row = await self._database.fetchrow(self._sql["event_at"], conversation_id, _int4(seq))
        if row is None:
            raise NotFound("there is no such message")
        return event_from_row(row)

    async def _own_write(
        self, place: Place, conversation_id: UUID, client_id: UUID, decide: Decide, counter: str | None = None
    ) -> dict[str, Any]:
        sender = place.customer_id
        committed = await self._journal.write(
            conversation_id, decide, sender=sender, client_id=client_id, counter=counter
        )
        return committed.answer


def _int4(value: int) -> int:
    if not 0 <= value <= 2**31 - 1:
        raise Invalid("seq is out of range", seq=value)
    return value
