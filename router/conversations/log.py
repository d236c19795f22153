"""The log's entries as they are stored and as they cross the wire; refuses nothing, invents nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import UNSET, structs

from router.conversations.records import NewEvent, NewNote
from router.payloads.log import Actor, Event, Note

#: A row of the log, from the database or from the archive.
LogRow = Record | dict[str, Any]

_PLAIN = frozenset({"id", "client_id", "text"})
#: Every message has these, empty or not.
_MESSAGE_LISTS: Mapping[str, Any] = {"attachments": [], "options": [], "sources": []}


def as_event(conversation_id: UUID, seq: int, at: datetime, new: NewEvent) -> Event:
    """The event as it will be read back later from its row."""
    if new.like is not None:
        reply_to_seq = UNSET if new.reply_to_seq is None else new.reply_to_seq
        place = {"conversation_id": conversation_id, "seq": seq, "at": at, "reply_to_seq": reply_to_seq}
        return structs.replace(new.like, id=new.body["id"], **place)
    if new.kind == "message" and new.body.keys() == _PLAIN and new.reply_to_seq is None:
        return Event(conversation_id, seq, "message", at, new.actor, attachments=[], options=[], sources=[], **new.body)
    return _event(conversation_id, seq, new.kind, at, new.actor, new.reply_to_seq, new.body)


def event_from_row(row: LogRow) -> Event:
    actor = Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"])
    return _event(row["conversation_id"], row["seq"], row["kind"], row["at"], actor, row["reply_to_seq"], row["body"])


def _event(
    conversation_id: UUID,
    seq: int,
    kind: str,
    at: datetime,
    actor: Actor,
    reply_to_seq: int | None,
    body: Mapping[str, Any],
) -> Event:
    lists = _MESSAGE_LISTS if kind == "message" else {}
    fields: dict[str, Any] = {
        **lists,
        **body,
        "conversation_id": conversation_id,
        "seq": seq,
        "kind": kind,
        "at": at,
        "actor": actor,
    }
    if reply_to_seq is not None:
        fields["reply_to_seq"] = reply_to_seq
    return msgspec.convert(fields, Event, from_attributes=True)


def as_note(conversation_id: UUID, note_seq: int, after_seq: int, at: datetime, new: NewNote) -> Note:
    return Note(
        conversation_id=conversation_id,
        note_seq=note_seq,
        after_seq=after_seq,
        at=at,
        actor=new.actor,
        text=new.text,
        mentions=list(new.mentions),
        kind=new.kind,
    )


def note_from_row(row: LogRow) -> Note:
    return Note(
        conversation_id=row["conversation_id"],
        note_seq=row["note_seq"],
        after_seq=row["after_seq"],
        at=row["at"],
        actor=Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"]),
        text=row["text"],
        mentions=list(row["mentions"]),
        kind=row["kind"],
    )
