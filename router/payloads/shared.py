"""Payloads of both namespaces: syncing, reading, typing, taking back, and the acknowledgement of a message."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from router.payloads.base import Incoming, Ok, Outgoing, Storing
from router.payloads.log import Actor, State


class Sync(Incoming):
    conversation_id: UUID
    after_seq: int
    limit: int | None = None


class Read(Incoming):
    conversation_id: UUID
    seq: int


class Typing(Incoming):
    conversation_id: UUID


class Recall(Storing):
    conversation_id: UUID
    seq: int


class SendAck(Ok):
    conversation_id: UUID
    seq: int
    id: UUID
    at: datetime


class StateAck(Ok):
    state: State


class TypingNotice(Outgoing):
    conversation_id: UUID
    actor: Actor


class ReadNotice(Outgoing):
    conversation_id: UUID
    seq: int
