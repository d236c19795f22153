"""What agents' pages send in the namespace ``/agent``, and how it is acknowledged."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from router.payloads.base import Incoming, Ok, Outgoing, Storing
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
    confirmed: bool = False  # the agent has read the warning about these words and means them


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


class TransferOne(Incoming):
    conversation_id: UUID
    to: TransferTarget
    note: str | None = None


class TransferAll(Storing):
    """Several conversations at once, as somebody leaves: each to its own colleague or group, with its own note."""

    items: list[TransferOne]


class Hold(Storing):
    """A time promised to the customer; null takes it back."""

    conversation_id: UUID
    until: datetime | None


class TakeOver(Storing):
    conversation_id: UUID


class Push(Storing):
    conversation_id: UUID


class WrapUp(Incoming):
    category: str | None = None
    cause: str | None = None
    tags: list[str] | None = None
    note: str | None = None


class AgentClose(Storing):
    conversation_id: UUID
    resolved: bool
    wrap_up: WrapUp | None = None


class InviteRating(Storing):
    """Asks the customer 解决了吗 while the conversation goes on; once."""

    conversation_id: UUID


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


class Passed(Outgoing):
    """What became of one conversation: its state, or the code of the error for which it stayed."""

    conversation_id: UUID
    ok: bool
    state: State | None = None
    code: str | None = None


class TransferAllAck(Ok):
    results: list[Passed]


class PushAck(Ok):
    """The whole head start after the push, in seconds, and how much the push added: 0 where the cap left nothing."""

    priority: int
    added_seconds: int


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
