"""What customers think of a conversation or a ticket: solved or not, 1 to 5, once, changed for a day; invited once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from asyncpg import Record
from msgspec import structs

from bot.wording import Wording
from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.colleague import Colleague
from router.conversations.conversations import Conversations
from router.conversations.finding import Place
from router.conversations.journal import Journal
from router.conversations.messages import checked_comment, message
from router.conversations.records import SYSTEM, Change, Committed, Conversation, NewEvent
from router.conversations.transitions import require
from router.errors import Conflict, Invalid, NotFound
from router.notifications.alerts import Alerts
from router.payloads.agents import InviteRating
from router.payloads.base import Ok
from router.payloads.customers import RateConversation
from router.payloads.desk import CustomerCard
from router.ratings.following import alert_key, bad_rating, concerns_humans, is_bad

CHANGES_FOR = timedelta(hours=24)
#: Who was asked after NPS may answer for so long.
ANSWERED_FOR = timedelta(days=7)
#: The button under an invitation; pages show the question there.
RATE = "rate"


class KnowsCards(Protocol):
    """What agents see of customers."""

    async def cards(self, customer_ids: Collection[UUID]) -> dict[UUID, CustomerCard]: ...


class Ratings:
    """Ratings are the customer's; colleagues may ask for one, once."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        conversations: Conversations,
        customers: KnowsCards,
        alerts: Alerts,
        wording: Wording,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._conversations = conversations
        self._customers = customers
        self._alerts = alerts
        self._wording = wording
        self._clock = clock
        self._sql = load_queries(Path(__file__))

    async def rate(self, place: Place, rating: RateConversation) -> dict[str, Any]:
        """Can be changed for a day after the end of what is rated; a bad one is shown to supervisors, once.

        Raises `NotFound`, `Invalid`, and `Conflict` when it is too late, or for 1 to 5 before a human has written.
        """
        seen = await self._conversations.own(place.customer_id, rating.conversation_id)
        body = _rating_body(rating)
        if rating.ticket is not None:
            body["number"] = rating.ticket
            await self._check_ticket(place.customer_id, rating.ticket)
        told = await self._database.fetchval(self._sql["was_told"], alert_key(seen.id, rating.ticket or ""))
        human_wrote = await self._database.fetchval(self._sql["human_wrote"], seen.id)
        surveyed = await self._is_surveyed(place.customer_id, rating)

        def rate(row: Conversation, moment: Moment) -> Change:
            if rating.ticket is None and not surveyed:
                _check_row(row, moment.now)
                if rating.csat is not None and row.is_open and not human_wrote:
                    raise Conflict("1 to 5 is for humans, and none has answered yet; say resolved", state=row.state)
            fields = {"resolved": rating.resolved} if rating.resolved is not None and rating.ticket is None else {}
            return Change(events=(NewEvent("rating", place.actor, body),), fields=fields, answer=Ok())

        committed = await self._journal.write(
            rating.conversation_id, rate, sender=place.customer_id, client_id=rating.client_id
        )
        if not told and not committed.repeated:
            await self._show(committed)
        return committed.answer

    async def invite(self, colleague: Colleague, wish: InviteRating) -> dict[str, Any]:
        """Asks the customer 解决了吗 while the conversation goes on; raises `Conflict` where they have been asked."""
        invited = await self._database.fetchval(self._sql["was_invited"], wish.conversation_id)
        rated = await self._database.fetchrow(self._sql["rating_of"], wish.conversation_id, "")

        def ask(row: Conversation, moment: Moment) -> Change:
            colleague.require_sight(row)
            require(row, "human")
            if row.owner != colleague.ref.id and not colleague.is_supervisor:
                raise Conflict("a colleague has this conversation", owner=str(row.owner), state=row.state)
            if row.first_reply_at is None:
                raise Conflict("answer the customer before asking for a rating")
            if invited or rated is not None:
                raise Conflict("the customer has been asked for a rating")
            words = self._wording.say("ask_solved", row.locale or "zh-CN")
            return Change(events=(message(SYSTEM, words, buttons=[RATE]),), answer=Ok())

        committed = await self._journal.write(
            wish.conversation_id, ask, sender=colleague.ref.id, client_id=wish.client_id
        )
        return committed.answer

    async def was_bad(self, customer_id: UUID, agent_id: UUID) -> bool:
        """Whether this customer's last rating of this agent was 1 or 2."""
        return bool(await self._database.fetchval(self._sql["was_bad"], customer_id, agent_id))

    async def listed(self, *, bad: bool, agent_id: UUID | None, before: UUID | None, limit: int) -> list[Record]:
        """Rows of ``ratings`` with the agent's name, the newest conversation first."""
        return await self._database.fetch(self._sql["ratings_page"], before, bad, agent_id, limit)

    async def _show(self, committed: Committed) -> None:
        row = committed.conversation
        for event in committed.events:
            if event.kind == "rating" and is_bad(event) and concerns_humans(row, event):
                cards = await self._customers.cards([row.customer_id])
                alert = structs.replace(bad_rating(row, event), customer=cards.get(row.customer_id))
                await self._alerts.show(alert, owner=None)

    async def _is_surveyed(self, customer_id: UUID, rating: RateConversation) -> bool:
        """Whether it answers our question after NPS, which comes when the conversation's own rating is over."""
        if rating.nps is None or rating.csat is not None or rating.resolved is not None or rating.ticket is not None:
            return False
        since = self._clock.now() - ANSWERED_FOR
        return bool(await self._database.fetchval(self._sql["surveyed"], customer_id, rating.conversation_id, since))

    async def _check_ticket(self, customer_id: UUID, number: str) -> None:
        ticket = await self._database.fetchrow(self._sql["rated_ticket"], number, customer_id)
        if ticket is None:
            raise NotFound("there is no such ticket")
        if ticket["closed_at"] is None or ticket["is_merged"]:
            raise Conflict("a ticket can be rated once it is closed")
        if self._clock.now() - ticket["closed_at"] > CHANGES_FOR:
            raise Conflict("a ticket can be rated for a day after its end")


def _check_row(row: Conversation, now: datetime) -> None:
    if row.reason == "blocked":
        raise Conflict("this conversation cannot be rated")
    if row.closed_at is not None and now - row.closed_at > CHANGES_FOR:
        raise Conflict("a conversation can be rated for a day after its end")


def _rating_body(rating: RateConversation) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, value, low, high in (("csat", rating.csat, 1, 5), ("nps", rating.nps, 0, 10)):
        if value is not None:
            if not low <= value <= high:
                raise Invalid(f"{name} must be from {low} to {high}")
            body[name] = value
    if rating.resolved is not None:
        body["resolved"] = rating.resolved
    if comment := checked_comment(rating.comment):
        body["comment"] = comment
    if not body:
        raise Invalid("a rating needs resolved, csat, nps or a comment")
    return body
