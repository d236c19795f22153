"""An answer that was found before its question was stored: both commit together, unless something came between."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from bot.context import Context
from bot.records import Decision, SmallTalk
from router.conversations import moods
from router.conversations.records import Conversation, NewEvent
from router.payloads.log import Event


class Ready(Struct, frozen=True):
    """What the bot says to ``message`` where the conversation is still as it was ``seen``."""

    seen: Conversation
    message: Event
    decision: Decision
    remains: Context
    heard: moods.Heard
    said: NewEvent

    def holds_for(self, row: Conversation) -> bool:
        """Whether nobody has said or changed anything since."""
        seen = self.seen
        same = (row.id, row.version, row.last_seq) == (seen.id, seen.version, seen.last_seq)
        return same and row.state == "bot" and not row.owes_an_answer

    def fields(self, row: Conversation) -> dict[str, Any]:
        """What the answer changes about the conversation."""
        return {"answered_seq": self.message.seq, "last_kind": "bot", **verdict_on(row, self.decision, self.heard)}


def verdict_on(row: Conversation, decision: Decision, heard: moods.Heard) -> dict[str, Any]:
    """What is known of a conversation after a decision: its mood, and how often the bot has missed."""
    fields: dict[str, Any] = {"signals": moods.after(row.signals, heard)}
    if decision.is_miss:
        fields["misses"] = row.misses + 1
    elif isinstance(decision, SmallTalk) and decision.settles:
        fields["misses"] = 0
    return fields
