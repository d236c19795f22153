"""From the bot to a human: the words, the place in line, and what happens when no human is there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import structs

from bot.wording import Via, Wording
from database.clock import Clock
from router.calendar.on_call import OnCall
from router.clocks.named_owner import NamedOwner, Owner, Taken
from router.conversations import moods, tongue
from router.conversations.about import About
from router.conversations.batch import Moment
from router.conversations.messages import bot_says
from router.conversations.records import BOT, Change, Conversation, NewEvent, Statement
from router.conversations.transitions import state_event, to_waiting
from router.customers.tiers import Tiers
from router.payloads.log import Actor
from router.waiting.hours import Calendar
from router.waiting.matching import Asked
from router.waiting.records import Availability, Group
from router.waiting.waiting_line import Outlook, WaitingLine
from router.waiting_room.topics import TopicQuestion

#: A message left is answered within this much time in which the desk is open.
REPLY_WITHIN = timedelta(hours=1)
#: What a page shows where nobody is there.
_NOBODY_THERE = ("leave_message", "book_callback")
#: Whether anybody is there is asked again after this time.
_STALE_AFTER = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Aim:
    """The group that a hand-off would go to, the customer's tier, and who has taken it on by name already."""

    group: Group
    tier: str
    taken: Taken | None = None
    #: What it is about, told for the hand-off; None: as far as the conversation knows.
    topic: moods.Topic | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """What was known about humans and customer just before a hand-off was decided."""

    availability: Availability
    tier: str
    #: Who takes it by name, should it be L3.
    owner: Owner | None = None
    #: Who has taken it on by name already.
    taken: Taken | None = None
    #: See `Aim`.
    topic: moods.Topic | None = None

    @property
    def counter(self) -> str | None:
        """The counter that the write needs whose decision composes the hand-off."""
        return None if self.owner is None else self.owner.counter


def asked_in(row: Conversation, *, topic: str | None = None, rule: str | None = None, read: str | None = None) -> Asked:
    """What is known of who wants a human: ``topic`` as chosen now, ``read`` as read now, else as they stand there."""
    read = read or (row.signals or {}).get("topic")
    language = tongue.language_of(row)
    return Asked(rule=rule, chosen_topic=topic or row.topic, read_topic=read, language=language, site=row.site)


class HandOff:
    """Decides nothing about whether; given that a human is wanted, composes the change."""

    def __init__(
        self,
        line: WaitingLine,
        wording: Wording,
        topics: TopicQuestion,
        about: About,
        clock: Clock,
        tiers: Tiers,
        on_call: OnCall,
        named_owner: NamedOwner,
        *,
        via: Via = None,
    ) -> None:
        """``via``: over what the house can tell customers that they were answered."""
        self._topics = topics
        self._about = about
        self._via = via
        self._tiers = tiers
        self._on_call = on_call
        self._named_owner = named_owner
        self._wording = wording
        self._line = line
        self._clock = clock
        self._humans_available = True
        self._calendar: Calendar | None = None
        self._asked_at: datetime | None = None

    @property
    def wording(self) -> Wording:
        return self._wording

    async def prospect(
        self,
        customer_id: UUID,
        asked: Asked | str | None,
        group_id: UUID | None = None,
        *,
        of: Conversation | None = None,
    ) -> Prospect:
        """Reads, before the decision, what it depends on; ``group_id`` names a group that it goes to in any case. What
        a colleague has taken on by name out of a conversation goes to a group of theirs.
        """
        return await self.prospect_of(
            customer_id, await self.aim(await self.outlook(customer_id), asked, group_id, of=of)
        )

    async def outlook(self, customer_id: UUID) -> Outlook:
        """What decides where somebody goes, whatever is asked."""
        return await self._line.outlook(customer_id)

    async def aim(
        self,
        outlook: Outlook,
        asked: Asked | str | None,
        group_id: UUID | None = None,
        *,
        of: Conversation | None = None,
    ) -> Aim:
        """Where a hand-off goes, see `prospect`."""
        topic = await self._about.of(of) if of is not None and of.state == "bot" else None
        if topic is not None and isinstance(asked, Asked):
            asked = replace(asked, read_topic=topic.name)
        taken = await self._named_owner.taken(of.id) if of is not None and of.level == "L3" else None
        if taken is not None and group_id is None:
            group_id = taken.group_id
        group = outlook.groups.get(group_id) if group_id is not None else None
        group = self._line.covering(group or outlook.group_for(asked), outlook.groups)
        return Aim(group, self._tiers.highest(*outlook.tiers), taken, topic)

    async def prospect_of(self, customer_id: UUID, aim: Aim) -> Prospect:
        """What there is to be had where it goes."""
        availability, owner = await asyncio.gather(
            self._line.availability(aim.group, aim.tier), self._named_owner.of(customer_id, aim.tier)
        )
        return Prospect(availability, aim.tier, owner, aim.taken, aim.topic)

    async def humans_available(self) -> bool:
        """Whether a human of the default group can be had, as of a moment ago: every question asks."""
        now = self._clock.now()
        if self._asked_at is None or now - self._asked_at > _STALE_AFTER:
            if self._asked_at is not None:
                self._asked_at = now  # those who ask meanwhile take what was known before
            availability = await self._line.availability(await self._line.group_for(None))
            self._humans_available = not availability.after_hours
            self._calendar = availability.calendar
            self._asked_at = now
        return self._humans_available

    def hours(self, locale: str) -> str:
        """When humans of the default group are there, in words; empty before anybody has asked."""
        return "" if self._calendar is None else self._calendar.text(locale)

    def rank_of(self, row: Conversation, tier: str) -> datetime:
        """The rank that it would join the line with, as it is now."""
        rank_at: datetime = self._join(row, tier, row.signals or {})["rank_at"]
        return rank_at

    def _join(self, row: Conversation, tier: str, known: Mapping[str, Any]) -> dict[str, Any]:
        # A head start for a feeling is given once a conversation, and never for abuse: nobody shall learn to swear.
        counts = not known.get("feeling_counted") and not known.get("abusive")
        felt = known.get("emotion", "neutral") if counts else "neutral"
        return self._line.join(row, tier=tier, urgency=known.get("urgency", "normal"), emotion=felt)

    def compose(
        self,
        row: Conversation,
        prospect: Prospect,
        reason: str,
        *,
        actor: Actor = BOT,
        topic: str | None = None,
        signals: Mapping[str, Any] | None = None,
        reply_to_seq: int | None = None,
        text: str | None = None,
        confidence: float | None = None,
        moment: Moment | None = None,
    ) -> Change:
        """The message and the move into the line; outside the hours with nobody there the bot stays and says when.

        ``text`` are words already found for this hand-off, used where somebody is there to take it; ``signals`` those
        of the newest message, else what the conversation has kept. Who asked for a human is asked for the topic, once,
        where nobody knows it. What the rules call L3 goes to its named owner instead, where ``moment`` holds the number
        for the ticket.
        """
        availability = prospect.availability
        now, taken_on = self._clock.now(), prospect.taken
        also = self.tell_on_call(row, prospect)
        if taken_on is not None:
            also = (*also, *self._named_owner.told(taken_on, row, now))
        known = dict(signals or row.signals or {})
        if prospect.topic is not None:
            known = moods.with_topic(known, prospect.topic)
        locale = tongue.spoken(known, row.locale)
        about, urgency = topic or row.topic or known.get("topic"), known.get("urgency", "normal")
        level = self._named_owner.level(tier=prospect.tier, topic=about, text=row.last_text, urgency=urgency)
        if level == "L3" and prospect.owner is not None and moment is not None:
            taken = self._named_owner.take(
                row,
                moment,
                prospect.owner,
                tier=prospect.tier,
                topic=about,
                reply_to_seq=reply_to_seq,
                signals=known,
            )
            heard = {} if prospect.topic is None else {"signals": known}
            return structs.replace(taken, fields={**heard, **taken.fields}, also=(*taken.also, *also))
        if availability.after_hours:
            # Said once: what comes next is the bot's again, and gets its options.
            said = self._after_hours(availability, known, locale, reply_to_seq)
            said.body["reason"] = reason
            self._name(said, taken_on, locale)
            return Change(events=(said,), fields={"misses": 0, "signals": known | {"hours_told": True}}, also=also)
        emotion = known.get("emotion", "neutral")
        place = self._join(row, prospect.tier, known)
        topic = topic or row.topic or known.get("topic")
        fields = to_waiting(row, reason, now=now, group_id=availability.group.id, topic=topic, **place)
        fields["tier"] = prospect.tier
        if prospect.topic is not None:
            fields["signals"] = known
        if any(part["reason"] == "emotion" for part in place["head_start"]):
            known["feeling_counted"] = True
            fields["signals"] = known
        if availability.agents_online:
            text = text or self._wording.handing_off(
                availability.group.name, emotion == "angry", locale, described=row.question_seq > 0
            )
            said = bot_says(text, "handed_over", reply_to_seq=reply_to_seq)
        else:
            text = self._wording.nobody(self.reply_by(availability, locale), locale, self._via)
            said = bot_says(self._understood(text, known, locale), *_NOBODY_THERE, reply_to_seq=reply_to_seq)
        self._name(said, taken_on, locale)
        said.body.update(decision="handoff", reason=reason)
        if confidence is not None:
            said.body["confidence"] = round(confidence, 4)
        events = [said, state_event("waiting", reason, actor)]
        calm = emotion != "angry" and known.get("urgency") != "high"
        if reason == "asked" and topic is None and calm and not known.get("topic_asked"):
            question = self._topics.ask(locale)
            if question is not None:
                events.append(question)
                fields["told"]["asks_topic"] = True
                fields["signals"] = known | {"topic_asked": True}
        return Change(events=tuple(events), fields=fields, also=also)

    def tell_on_call(
        self, row: Conversation, prospect: Prospect, *, left_message: bool = False
    ) -> tuple[Statement, ...]:
        """What tells whoever is on call for this customer, while the desk is closed."""
        return self._on_call.told(row, prospect.tier, self._clock.now(), left_message=left_message)

    def _after_hours(
        self, availability: Availability, known: Mapping[str, Any], locale: str, reply_to_seq: int | None
    ) -> NewEvent:
        if known.get("hours_told"):  # not the same words twice
            text = self._wording.say("after_hours_again", locale)
        else:
            hours = availability.calendar.text(locale)
            text = self._wording.after_hours(hours, self.reply_by(availability, locale), locale, self._via)
            text = self._understood(text, known, locale)
        return bot_says(text, *_NOBODY_THERE, reply_to_seq=reply_to_seq)

    def _name(self, said: NewEvent, taken: Taken | None, locale: str) -> None:
        """Says first that whoever has taken it on has been told."""
        if taken is not None:
            said.body["text"] = self._wording.say("owner_told", locale, manager=taken.ref.name) + said.body["text"]

    def _understood(self, text: str, known: Mapping[str, Any], locale: str) -> str:
        """With a word of understanding first where the customer is upset."""
        angry = known.get("emotion") == "angry"
        return self._wording.say("understanding", locale) + text if angry else text

    def reply_by(self, availability: Availability, locale: str) -> str | None:
        """Until when a message left now is answered, in words; None where nobody knows when somebody will be there."""
        now, zone = self._clock.now(), availability.calendar.zone
        at = availability.calendar.after(now, REPLY_WITHIN)
        return None if at is None else self._wording.moment(at.astimezone(zone), now.astimezone(zone), locale)
