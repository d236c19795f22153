"""Call-backs of customers: booked, changed and cancelled by them, each an open task of the group that calls."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from asyncpg import Record

from bot.waiting_words import WaitingWords
from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.callbacks.slots import Slot, SlotRules, free, slot_at, slots
from router.conversations import tongue
from router.conversations.batch import Moment
from router.conversations.conversations import Conversations
from router.conversations.finding import Place
from router.conversations.hand_off import asked_in
from router.conversations.messages import bot_says, checked_text, message
from router.conversations.records import SYSTEM, Change, Conversation, NewEvent, Statement
from router.conversations.transitions import state_event, to_bot
from router.errors import Conflict, NotFound
from router.notifications.outbox import Outbox
from router.notifications.records import Customer, Notice
from router.payloads.base import Ok
from router.payloads.callbacks import (
    BookCallback,
    Callback,
    CallbackAck,
    CallbackSlot,
    CallbackSlots,
    CallbackSlotsAck,
    CancelCallback,
)
from router.security.sealing import SealBroken, Sealer
from router.security.sealing import place as sealed_place
from router.tasks.records import NewTask
from router.tasks.tasks import Tasks
from router.tickets.contact import required_contact
from router.waiting.hours import Calendar
from router.waiting.waiting_line import WaitingLine

log = logging.getLogger(__name__)

_MAX_TEXT = 500
_BUTTONS = ("change_callback", "cancel_callback")


@dataclass(frozen=True, slots=True)
class _Booked:
    """A call that stands in the tasks."""

    id: UUID
    at: datetime
    phone: str
    group_id: UUID


class Callbacks:
    """A number is sealed with its task; what customers are shown of it is masked."""

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        line: WaitingLine,
        tasks: Tasks,
        outbox: Outbox,
        sealer: Sealer,
        words: WaitingWords,
        clock: Clock,
        rules: SlotRules,
        *,
        overdue_after: timedelta,
    ) -> None:
        """``overdue_after``: a call that nobody made by then is told to the supervisors."""
        self._database = database
        self._conversations = conversations
        self._line = line
        self._tasks = tasks
        self._outbox = outbox
        self._sealer = sealer
        self._words = words
        self._clock = clock
        self._rules = rules
        self._overdue_after = overdue_after
        self._sql = load_queries(Path(__file__))

    async def offer(self, place: Place, wish: CallbackSlots) -> CallbackSlotsAck:
        """Free times, and the calls that are booked already."""
        group_id, calendar = await self._group(place, None)
        booked = await self._booked_by(place.customer_id)
        return CallbackSlotsAck(
            slots=[
                CallbackSlot(at=slot.starts_at, until=slot.ends_at) for slot in await self._free(group_id, calendar)
            ],
            callbacks=[self._shown(each) for each in booked],
            timezone=str(calendar.zone),
        )

    async def book(self, place: Place, wish: BookCallback) -> dict[str, Any]:
        """A new call, or another time or number for one; raises `Conflict` for a time that is not free any more."""
        earlier = await self._own(place, wish.callback_id) if wish.callback_id is not None else None
        phone = required_contact(wish.phone, None)["phone"] if wish.phone or earlier is None else earlier.phone
        text = checked_text(wish.text, limit=_MAX_TEXT) if wish.text and wish.text.strip() else None
        group_id, calendar = await self._group(place, earlier)
        slot = slot_at(await self._free(group_id, calendar, but=earlier), wish.at)
        if slot is None:
            raise Conflict("this time is not free; choose another one")
        call = _Booked(earlier.id if earlier else uuid7(), slot.starts_at, phone, group_id)

        def keep(row: Conversation, moment: Moment) -> Change:
            locale = tongue.language_of(row)
            when = self._words.span(
                slot.starts_at.astimezone(calendar.zone),
                slot.ends_at.astimezone(calendar.zone),
                moment.now.astimezone(calendar.zone),
                locale,
            )
            said = self._words.call(
                "callback_changed" if earlier else "callback_booked", when, _masked(call.phone), locale
            )
            events, fields = _booked_in(row, _line(row, said, *_BUTTONS))
            stored = self._moved(place, call, text, wish.phone) if earlier else self._made(row, call, text)
            notice = self._notice("callback_changed" if earlier else "callback_booked", row, call, slot, locale)
            answer = CallbackAck(callback=self._shown(call))
            return Change(events=events, fields=fields, also=(stored, notice), answer=answer)

        return (await self._conversations.write(place, wish.conversation_id, wish.client_id, keep)).answer

    async def cancel(self, place: Place, wish: CancelCallback) -> dict[str, Any]:
        """Raises `NotFound` for a call that is not theirs, or is over."""
        answered = await self._conversations.answer_of(place.customer_id, wish.client_id)
        if answered is not None:
            return answered
        call = await self._own(place, wish.callback_id)
        _, calendar = await self._group(place, call)
        until = call.at + timedelta(minutes=self._rules.minutes)

        def end(row: Conversation, moment: Moment) -> Change:
            locale, zone = tongue.language_of(row), calendar.zone
            when = self._words.span(
                call.at.astimezone(zone), until.astimezone(zone), moment.now.astimezone(zone), locale
            )
            said = _line(row, self._words.call("callback_cancelled", when, "", locale))
            gone = Statement(self._sql["cancel_call"], (call.id, place.customer_id, moment.now))
            return Change(events=(said,), also=(gone,), answer=Ok())

        return (await self._conversations.write(place, None, wish.client_id, end)).answer

    async def _group(self, place: Place, earlier: _Booked | None) -> tuple[UUID, Calendar]:
        """Who calls, and their hours: the group of an earlier booking, of the open conversation, or the fitting one."""
        row = await self._conversations.open_of(place)
        known = earlier.group_id if earlier else row.group_id if row else None
        group = await self._line.group(known) if known else None
        if group is None:
            group = await self._line.group_for(asked_in(row) if row else None, place.customer_id)
        return group.id, (await self._line.availability(group)).calendar

    async def _free(self, group_id: UUID, calendar: Calendar, but: _Booked | None = None) -> Sequence[Slot]:
        offered = slots(calendar, self._clock.now(), self._rules)
        rows = await self._database.fetch(self._sql["booked_slots"], group_id, [slot.starts_at for slot in offered])
        booked = {row["due_at"]: row["calls"] - (but is not None and but.at == row["due_at"]) for row in rows}
        return free(offered, booked, self._rules)

    async def _booked_by(self, customer_id: UUID) -> list[_Booked]:
        rows = await self._database.fetch(self._sql["calls_of_customer"], customer_id, self._clock.now())
        return [_Booked(row["id"], row["due_at"], self._opened(row), row["group_id"]) for row in rows]

    async def _own(self, place: Place, callback_id: UUID) -> _Booked:
        found = [each for each in await self._booked_by(place.customer_id) if each.id == callback_id]
        if not found:
            raise NotFound("there is no such call")
        return found[0]

    def _opened(self, row: Record) -> str:
        try:
            return self._sealer.open(row["contact_sealed"], sealed_place("tasks", "contact", row["id"]))
        except (SealBroken, TypeError):
            log.error("call %s: the sealed number does not open", row["id"])
            return ""

    def _made(self, row: Conversation, call: _Booked, text: str | None) -> Statement:
        return self._tasks.statement(
            NewTask(
                kind="call_back",
                customer_id=row.customer_id,
                due_at=call.at,
                assignee=row.owner if row.state == "human" else None,
                group_id=call.group_id,
                conversation_id=row.id,
                text=text or row.last_text,
                contact=call.phone,
                key=f"call_back:{call.id}",
            ),
            call.id,
        )

    def _moved(self, place: Place, call: _Booked, text: str | None, phone: str | None) -> Statement:
        sealed = self._sealer.seal(call.phone, sealed_place("tasks", "contact", call.id)) if phone else None
        overdue_at = call.at + self._overdue_after
        return Statement(self._sql["move_call"], (call.id, place.customer_id, call.at, sealed, text, overdue_at))

    def _notice(self, kind: str, row: Conversation, call: _Booked, slot: Slot, locale: str) -> Statement:
        data = {"at": slot.starts_at.isoformat(), "until": slot.ends_at.isoformat(), "locale": locale}
        data |= {"topic": row.topic} if row.topic else {}
        key = f"{kind}:{call.id}:{slot.starts_at.isoformat()}"
        return self._outbox.statement(Notice(kind, Customer(row.customer_id, phone=call.phone), data, key))

    def _shown(self, call: _Booked) -> Callback:
        until = call.at + timedelta(minutes=self._rules.minutes)
        return Callback(id=call.id, at=call.at, until=until, phone=_masked(call.phone))


def _line(row: Conversation, text: str, *buttons: str) -> NewEvent:
    """The line in the window; beside a human the bot is silent, and the desk speaks."""
    if row.state != "human":
        return bot_says(text, *buttons)
    said = message(SYSTEM, text)
    if buttons:
        said.body["buttons"] = list(buttons)
    return said


def _booked_in(row: Conversation, said: NewEvent) -> tuple[tuple[NewEvent, ...], dict[str, Any]]:
    """Whoever waits gives up the place for a call."""
    if row.state != "waiting":
        return (said,), {}
    return (said, state_event("bot", "left_queue")), to_bot(row, "left_queue")


def _masked(phone: str) -> str:
    """138****8000: enough to recognise one's own."""
    digits = [at for at, character in enumerate(phone) if character.isdigit()]
    hidden = set(digits[3:-4] if len(digits) > 7 else digits[1:-2])
    return "".join("*" if at in hidden else character for at, character in enumerate(phone))
