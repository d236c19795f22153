"""The offer to leave the line to somebody whose question seems solved, pure: made once a wait, decided by them."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from bot.wording import Wording
from router.conversations import tongue
from router.conversations.messages import bot_says
from router.conversations.records import Conversation, NewEvent
from router.waiting_room.told import as_stored, told_of

_BUTTONS = ("leave_queue", "keep_waiting")


def offer_leaving(
    row: Conversation, wording: Wording, reply_to_seq: int | None = None
) -> tuple[NewEvent, dict[str, Any]] | None:
    """The words and the columns; None for who does not wait or was asked before."""
    told = told_of(row.told)
    if row.state != "waiting" or told.offered_leaving:
        return None
    said = bot_says(wording.say("queue_solved", tongue.language_of(row)), *_BUTTONS, reply_to_seq=reply_to_seq)
    return said, {"told": as_stored(structs.replace(told, offered_leaving=True))}
