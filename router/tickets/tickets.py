"""New tickets: one way to make them, in the same write as the change of the conversation that they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from bot.language import page_language
from bot.words_tickets import WORDS
from database.ids import uuid7
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.records import SYSTEM, Committed, Conversation, NewEvent, Statement
from router.conversations.tongue import language_of
from router.notifications.outbox import Outbox
from router.notifications.records import Customer, Integrators, Notice, Staff
from router.payloads.log import Level
from router.payloads.tickets import TicketStatus
from router.security.sealing import Sealer, place
from router.sentences import say
from router.tickets.records import Drafted, NewTicket
from router.tickets.timing import Timing

MAX_TITLE = 120
_COUNTER = "ticket-"


class Tickets:
    """Drafts a ticket and what stores it; a number is taken only where the change commits."""

    def __init__(self, sealer: Sealer, outbox: Outbox, timing: Timing, zone: Callable[[], ZoneInfo]) -> None:
        self._sealer = sealer
        self._outbox = outbox
        self._timing = timing
        self._zone = zone
        self._sql = load_queries(Path(__file__))

    def counter_name(self, now: datetime) -> str:
        """The counter of the day; give it to the write that the draft is part of."""
        return _COUNTER + now.astimezone(self._zone()).strftime("%Y%m%d")

    def draft(self, row: Conversation, moment: Moment, new: NewTicket) -> Drafted:
        """A ticket out of this conversation. Goes into one change: ``event`` among its events, ``statements`` among
        what is also stored, ``counter`` as the counter whose number was taken.
        """
        counter = self._counter_of(moment)
        number = f"GD{counter.removeprefix(_COUNTER)}-{moment.numbers[counter]:04d}"
        ticket_id, actor = uuid7(), new.actor
        staff = actor.id if actor.kind == "agent" else None
        text, title, summary = new.text, new.title, new.summary
        if text is None:
            text, title = matter_of(row), title or newest_of(row)
            summary = summary_of(row, text) if summary is None else summary
        title = title or title_of(text) or untitled(row, new.category)
        level, owner = new.level or at_least_second(row.level), new.assignee_id
        if level == "L3" and owner is None:  # L3 has an owner: whoever has the customer now, else it is the line's
            level, owner = ("L2", None) if row.owner is None else ("L3", row.owner)
        new = replace(new, assignee_id=owner)
        group_id = new.group_id or row.group_id
        statements = [
            Statement(
                self._sql["insert_ticket"],
                (
                    ticket_id,
                    number,
                    row.customer_id,
                    row.id,
                    new.source,
                    row.site,
                    row.channel,
                    text,
                    title,
                    summary or "",
                    self._sealed(ticket_id, new),
                    level,
                    new.category or _category(row),
                    row.tier,
                    new.assignee_id,
                    group_id,
                    staff,
                    moment.now,
                ),
            ),
            self.entry(ticket_id, 1, new.actor.kind, new.actor.id, new.actor.name, moment.now, {"created": new.source}),
            Statement(self._sql["link"], (ticket_id, row.id, moment.now, actor.kind, actor.id)),
            *self._timing.made(row, new, ticket_id, level, group_id, moment.now),
            *self._told(row, ticket_id, number, title, level, new),
        ]
        if staff is not None and staff != new.assignee_id:
            statements.append(Statement(self._sql["watch"], (ticket_id, staff, moment.now)))
        return Drafted(ticket_id, number, ticket_event(number, "new"), tuple(statements), counter)

    def note_statement(self, ticket_id: UUID, text: str, at: datetime) -> Statement:
        """A word of the desk's own rules, as an internal comment."""
        return Statement(self._sql["note"], (ticket_id, text, at))

    def calls(
        self, ticket_id: UUID, number: str, title: str, owner: UUID, key: str, at: datetime
    ) -> Iterable[Statement]:
        """The customer asks for a human in the chat: said in the ticket, and to its owner."""
        text = say("note.wants_human")
        yield self.note_statement(ticket_id, text, at)
        told = {"ticket": number, "title": title, "text": text}
        yield self._outbox.statement(Notice("ticket_replied", Staff(owner), told, key))

    def entry(
        self,
        ticket_id: UUID,
        version: int,
        actor_kind: str,
        actor_id: UUID | None,
        actor_name: str | None,
        at: datetime,
        changes: dict[str, object],
    ) -> Statement:
        """One line of a ticket's history."""
        arguments = (ticket_id, version, at, actor_kind, actor_id, actor_name, changes)
        return Statement(self._sql["record_change"], arguments)

    def follow(self, committed: Committed, moment: Moment) -> Iterable[Statement]:
        """A message that was taken back is taken back in its ticket as well."""
        for event in committed.events:
            if event.kind == "redact":
                target = (event.conversation_id, event.target_seq, moment.now)
                yield Statement(self._sql["take_back_comment"], target)

    def forget(self, conversation_id: UUID, text: str, at: datetime) -> Statement:
        """The words that a customer has taken back leave what was made from them."""
        return Statement(self._sql["forget_words"], (conversation_id, text, at))

    def _told(
        self, row: Conversation, ticket_id: UUID, number: str, title: str, level: Level, new: NewTicket
    ) -> Iterable[Statement]:
        """Other systems, the colleague whose it is, and the customer, should they be away."""
        data = {"ticket": number, "title": title, "level": level}
        key = f"ticket:{ticket_id}:1"
        yield self._outbox.statement(Notice("ticket.created", Integrators(), {**data, "status": "new"}, key))
        if new.assignee_id is not None and new.assignee_id != new.actor.id:
            yield self._outbox.statement(Notice("ticket_assigned", Staff(new.assignee_id), data, f"{key}:assigned"))
        contact = new.contact or {}
        customer = Customer(row.customer_id, contact.get("email"), contact.get("phone"))
        told = {"ticket": number, "title": title, "conversation_id": str(row.id), "locale": language_of(row)}
        yield self._outbox.statement(Notice("ticket_created", customer, told, f"{key}:created"))

    def _counter_of(self, moment: Moment) -> str:
        name = self.counter_name(moment.now)
        if name in moment.numbers:
            return name
        return next(each for each in moment.numbers if each.startswith(_COUNTER))  # the day ended on the way here

    def _sealed(self, ticket_id: UUID, new: NewTicket) -> bytes | None:
        if not new.contact:
            return None
        return self._sealer.seal(msgspec.json.encode(new.contact).decode(), contact_place(ticket_id))


def contact_place(ticket_id: UUID) -> bytes:
    """Where a ticket's contact is sealed to."""
    return place("tickets", "contact", ticket_id)


def ticket_event(number: str, status: TicketStatus) -> NewEvent:
    """What stands in the customer's thread for every change of status."""
    return NewEvent("ticket", SYSTEM, {"number": number, "status": status})


def at_least_second(level: Level) -> Level:
    """A ticket is a human's: L1 is the bot's own level."""
    return "L2" if level == "L1" else level


def title_of(text: str) -> str:
    """The first line, as short as a title is."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0][:MAX_TITLE] if lines else ""


def untitled(row: Conversation, category: str | None) -> str:
    """The title where nobody has said what it is about: what the topic says, else words in the customer's language."""
    return category or _category(row) or WORDS[page_language(language_of(row))]["ticket_untitled"]


def matter_of(row: Conversation) -> str:
    """What the conversation is about, in the customer's words: the card's question, else what was said last."""
    return _on_card(row, "question") or (row.last_text if row.last_kind == "customer" else "")


def newest_of(row: Conversation) -> str:
    """The newest thing that was asked, as short as a title is; of the customer's own words on the card the first."""
    lines = [line.strip() for line in matter_of(row).splitlines() if line.strip()]
    if not lines:
        return ""
    edited = "question" in ((row.card or {}).get("edited") or ())
    return lines[0 if edited else -1][:MAX_TITLE]


def summary_of(row: Conversation, question: str) -> str:
    """For whoever takes the ticket up: the question, what was tried, where it happened."""
    page = row.page or {}
    where = " ".join(str(part) for part in (page.get("title"), page.get("url")) if part)
    parts = {
        "summary.question": question,
        "card.tried": _on_card(row, "tried"),
        "card.page": _on_card(row, "page") or where,
    }
    return "\n".join(say(name, text=value) for name, value in parts.items() if value.strip())


def _on_card(row: Conversation, name: str) -> str:
    value = (row.card or {}).get(name)
    return value if isinstance(value, str) else ""


def _category(row: Conversation) -> str | None:
    topic = (row.signals or {}).get("topic") or row.topic
    return topic if isinstance(topic, str) and "/" in topic else None
