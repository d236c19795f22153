"""L3: the customer's success manager takes the matter by name; it leaves the chat line and becomes their ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bot.wording import Wording
from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.calendar.calendars import Calendars
from router.clocks.levels import classify, may_name_an_owner
from router.clocks.settings import ClockSettings, LevelSettings
from router.conversations import tongue
from router.conversations.batch import Moment
from router.conversations.messages import bot_says
from router.conversations.records import SYSTEM, Change, Conversation, Statement
from router.conversations.transitions import state_event, to_bot
from router.payloads.log import Actor, AgentRef
from router.tickets.records import NewTicket
from router.tickets.tickets import Tickets

#: Why a conversation left the line: it has an owner now. Customers read it in words, not as a reason.
LEVELLED = "levelled"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who would take a customer's matter, and the counter that a ticket takes its number from."""

    ref: AgentRef
    counter: str
    is_manager: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    """A ticket of a conversation that a colleague has taken on by name and not finished; ``group_id`` is one that they
    are a member of.
    """

    ref: AgentRef
    ticket_id: UUID
    number: str
    title: str
    group_id: UUID | None


class NamedOwner:
    """Without a success manager, or with such a ticket open already, nobody is named: the line takes the customer."""

    def __init__(
        self,
        database: Database,
        tickets: Tickets,
        calendars: Calendars,
        wording: Wording,
        clock: Clock,
        levels: LevelSettings,
        clocks: ClockSettings,
    ) -> None:
        self._database = database
        self._tickets = tickets
        self._calendars = calendars
        self._wording = wording
        self._clock = clock
        self._levels = levels
        self.clocks = clocks  # targets may change while the program runs
        self._sql = load_queries(__file__)

    async def of(self, customer_id: UUID, tier: str | None, *, whatever_tier: bool = False) -> Owner | None:
        """The customer's success manager, where a rule could bring this tier to L3."""
        if not whatever_tier and not may_name_an_owner(self._levels, tier):
            return None
        row = await self._database.fetchrow(self._sql["success_manager"], customer_id)
        if row is None:
            return None
        ref = AgentRef(id=row["id"], name=row["public_name"], staff_number=row["staff_number"])
        return Owner(ref, self._tickets.counter_name(self._clock.now()))

    async def taken(self, conversation_id: UUID) -> Taken | None:
        """What was taken on out of this conversation, the newest."""
        row = await self._database.fetchrow(self._sql["taken_on"], conversation_id)
        if row is None:
            return None
        ref = AgentRef(id=row["id"], name=row["public_name"], staff_number=row["staff_number"])
        return Taken(ref, row["ticket_id"], row["number"], row["title"], row["group_id"])

    def told(self, taken: Taken, row: Conversation, now: datetime) -> Iterable[Statement]:
        """What lets the owner know that the customer asks for a human in the chat."""
        key = f"ticket:{taken.ticket_id}:asks:{row.id}:{row.last_seq}"
        return self._tickets.calls(taken.ticket_id, taken.number, taken.title, taken.ref.id, key, now)

    def level(self, *, tier: str | None, topic: str | None, text: str, urgency: str) -> str:
        return classify(self._levels, tier=tier, topic=topic, text=text, urgency=urgency)

    def take(
        self,
        row: Conversation,
        moment: Moment,
        owner: Owner,
        *,
        tier: str | None,
        topic: str | None = None,
        actor: Actor = SYSTEM,
        reply_to_seq: int | None = None,
        signals: Mapping[str, Any] | None = None,
    ) -> Change:
        """The ticket with its owner, the words to the customer, and the way out of the line; a human who has the
        conversation keeps it, and says the words. ``moment`` holds the counter's next number.
        """
        known = dict(signals or row.signals or {})
        locale = tongue.spoken(known, row.locale)
        made = self._tickets.draft(
            row,
            moment,
            NewTicket(actor=actor, source="escalation", level="L3", assignee_id=owner.ref.id, category=topic),
        )
        fields: dict[str, Any] = {"level": "L3", "tier": tier or row.tier}
        events = [made.event]
        if row.state != "human":
            said = self._words(owner, made.number, tier, locale)
            message = bot_says(said, reply_to_seq=reply_to_seq)
            message.body.update(decision="handoff", reason="rule", number=made.number)
            events.insert(0, message)
            fields["misses"] = 0
        if row.state == "waiting":
            events.append(state_event("bot", LEVELLED, actor))
            fields = {**to_bot(row, LEVELLED), **fields}
        return Change(events=tuple(events), fields=fields, also=made.statements, counted=made.counter)

    def _words(self, owner: Owner, number: str, tier: str | None, locale: str) -> str:
        now, calendar = self._clock.now(), self._calendars.of(None, tier, self._clock.now())
        seconds = self.clocks.target_seconds("first_reply", "L3", tier)
        by = calendar.after(now, timedelta(seconds=seconds))
        zone = calendar.zone
        when = None if by is None else self._wording.moment(by.astimezone(zone), now.astimezone(zone), locale)
        key = ("manager_takes" if owner.is_manager else "owner_takes") + ("" if when else "_untimed")
        by_then = "" if when is None else self._wording.spaced(when, locale)
        return self._wording.say(key, locale, manager=owner.ref.name, reply_by=by_then, ticket=number)
