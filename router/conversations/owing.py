"""Whether a customer's message to a human wants an answer, pure: a thank-you or a goodbye does not."""

from __future__ import annotations

from bot import small_talk
from router.conversations.records import Conversation

_ENDS = frozenset({"thanks", "goodbye", "emoji"})


def wants_a_word(row: Conversation, text: str) -> bool:
    """``row`` is the conversation before the message. 好的 wants none, unless the agent had asked something."""
    if row.state != "human" or row.unanswered_since is not None or row.last_kind != "agent":
        return True
    kind = small_talk.detect(text)
    asked = row.last_text.rstrip().endswith(("?", "？", "吗", "呢"))
    return kind not in _ENDS and not (kind == "agreed" and not asked)
