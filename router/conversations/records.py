"""What a conversation is, as rows of the database: frozen records, changed only through the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from asyncpg import Record
from msgspec import Struct, structs

from router.payloads.log import Actor, ActorKind, Attachment, Event, EventKind, Level, Note, NoteKind, State


class Conversation(Struct, frozen=True):
    """One row of ``conversations``; see the migration for what each column means.

    A struct, not a dataclass: every write reads and replaces forty fields, which is ten times faster so.
    """

    id: UUID
    customer_id: UUID
    site: str
    channel: str
    state: State
    reason: str | None
    owner: UUID | None
    version: int
    last_seq: int
    answered_seq: int
    question_seq: int
    last_note_seq: int
    previous_id: UUID | None
    preferred_agent: UUID | None
    locale: str | None
    page: dict[str, Any] | None
    misses: int
    last_text: str
    last_kind: ActorKind | None
    agent_read_seq: int
    customer_read_seq: int
    started_at: datetime
    last_at: datetime
    group_id: UUID | None
    handoff_reason: str | None
    topic: str | None
    joined_at: datetime | None
    rank_at: datetime | None
    head_start: list[dict[str, Any]]
    shown_position: int | None
    offered_to: UUID | None
    offer_expires_at: datetime | None
    declined_by: list[UUID]
    handed_off_at: datetime | None
    assigned_at: datetime | None
    first_reply_at: datetime | None
    idle_warned_at: datetime | None
    closed_at: datetime | None
    resolved: bool | None
    wrap_up: dict[str, Any] | None
    #: Of the customer's newest messages, for agents; see `moods`.
    signals: dict[str, Any] | None = None
    level: Level = "L1"
    tier: str | None = None
    held_until: datetime | None = None
    #: The hand-over card, as the customer left it.
    card: dict[str, Any] | None = None
    #: What a waiting customer has been told about the wait.
    told: dict[str, Any] | None = None
    #: The customer's oldest word to a human that has no answer yet.
    unanswered_since: datetime | None = None
    #: Since when it has waited in the line of its present group.
    in_group_since: datetime | None = None
    #: The open question whether the bot may have it back.
    asked_bot: UUID | None = None
    #: Who set the level by hand; rules leave it alone then.
    level_by: UUID | None = None

    @classmethod
    def from_row(cls, row: Record | Mapping[str, Any]) -> Conversation:
        """A row by its columns, whatever else stands beside them."""
        conversation = cls(*_columns_of(row))
        rank_at = conversation.rank_at
        if rank_at is not None and rank_at.tzinfo is None:  # asyncpg reads '-infinity' without its zone
            return structs.replace(conversation, rank_at=rank_at.replace(tzinfo=UTC))
        return conversation

    @property
    def is_open(self) -> bool:
        return self.state != "closed"

    @property
    def owes_an_answer(self) -> bool:
        """Whether the bot still has to answer a question."""
        return self.state == "bot" and self.question_seq > self.answered_seq


_columns_of = itemgetter(*Conversation.__struct_fields__)

#: The one system actor; the bot is an actor of its own.
SYSTEM = Actor(kind="system")
BOT = Actor(kind="bot", name="小应")


class NewEvent(Struct, frozen=True):
    """An event before it has its place in the log; ``body`` holds the fields of its kind as they cross the wire.

    ``like``: the same event at another place, where its body was said before.
    """

    kind: EventKind
    actor: Actor
    body: dict[str, Any]
    reply_to_seq: int | None = None
    like: Event | None = None


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note before it has its number."""

    kind: NoteKind
    actor: Actor
    text: str
    mentions: tuple[UUID, ...] = ()


class Statement(Struct, frozen=True):
    """A named statement that commits together with a change of the log."""

    sql: str
    arguments: tuple[Any, ...]


class Change(Struct, frozen=True):
    """What one decision does to a conversation; everything in it commits together or not at all.

    ``fields`` are columns of the conversation; ``answer`` is what the sender is told now and on every repeat;
    ``counted`` is the counter whose next number was taken.
    """

    events: tuple[NewEvent, ...] = ()
    notes: tuple[NewNote, ...] = ()
    fields: Mapping[str, Any] = {}
    also: tuple[Statement, ...] = ()
    answer: Any = None
    counted: str | None = None


NOTHING = Change()


class Committed(Struct, frozen=True):
    """What a write did: the row after it, its events and notes as stored, and what the sender is told.

    ``repeated`` is true where the client id was known: nothing was stored, ``answer`` is the first one.
    """

    before: Conversation
    conversation: Conversation
    events: tuple[Event, ...]
    notes: tuple[Note, ...]
    answer: dict[str, Any]
    repeated: bool = False


def files_of(event: Event) -> list[Attachment]:
    """The files of a message event, none for every other kind."""
    return event.attachments if isinstance(event.attachments, list) else []


def text_of(event: Event) -> str:
    """The text of a message event, empty for every other kind."""
    return event.text if isinstance(event.text, str) else ""
