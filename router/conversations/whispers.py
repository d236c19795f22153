"""Who hears a supervisor's whisper: the owner and supervisors, pure; for all others its place stands empty."""

from __future__ import annotations

from msgspec import structs

from router.conversations.colleague import Colleague
from router.conversations.records import Conversation
from router.payloads.log import Note


def heard_by(colleague: Colleague, row: Conversation, note: Note) -> Note:
    """The note as this colleague gets it: its number always stays, so that no cursor finds a gap."""
    if note.kind != "whisper" or colleague.is_supervisor or row.owner == colleague.ref.id:
        return note
    return structs.replace(note, text="", mentions=[])
