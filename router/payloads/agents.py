"""What agents' pages send in the namespace ``/agent``, and how it is acknowledged."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from router.payloads.base import Incoming, Ok, Storing
from router.payloads.log import Event, Note, PresenceStatus, State


class AgentAuth(Incoming):
    protocol: int
    token: str


class SetPresence(Incoming):
    status: PresenceStatus
    reason: str | None = None
    accepting: bool | None = None
    capacity: int | None = None


class Accept(Storing):
    conversation_id: UUID


class Decline(Storing):
    conversation_id: UUID


class AgentSendMessage(Storing):
    conversation_id: UUID
    text: str
    reply_to_seq: int | None = None
    upload_ids: list[UUID] | None = None


class AddNote(Storing):
    conversation_id: UUID
    text: str
    mentions: list[UUID] | None = None
    whisper: bool = False


class TransferTarget(Incoming):
    agent_id: UUID | None = None
    group_id: UUID | None = None


class Transfer(Storing):
    conversation_id: UUID
    to: TransferTarget | Literal["bot"]
    note: str | None = None


class WrapUp(Incoming):
    category: str | None = None
    cause: str | None = None
    tags: list[str] | None = None
    note: str | None = None


class AgentClose(Storing):
    conversation_id: UUID
    resolved: bool
    wrap_up: WrapUp | None = None


class Watch(Incoming):
    conversation_id: UUID


class AgentSync(Incoming):
    conversation_id: UUID
    after_seq: int
    after_note_seq: int = 0
    limit: int | None = None


class WaitingLine(Incoming):
    pass


class AcceptAck(Ok):
    version: int


class NoteAck(Ok):
    note_seq: int


class AgentSyncAck(Ok):
    events: list[Event]
    notes: list[Note]
    more: bool
    last_seq: int
    last_note_seq: int
    state: State
    version: int
