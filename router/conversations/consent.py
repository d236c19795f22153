"""Back to the bot only with the customer's consent, pure: the question, and what their choice does.

An option counts only while its question is open; everything else that a customer writes is a message and nothing more.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from bot.wording import Wording
from router.conversations.messages import bot_says, message
from router.conversations.records import SYSTEM, Conversation, NewEvent
from router.conversations.transitions import state_event, to_bot
from router.payloads.log import Actor

_YES = "to-bot:"
_NO = "stay:"


def question(wording: Wording, locale: str, asked: UUID) -> NewEvent:
    """The question with its two options; ``asked`` is its id."""
    options = [
        {"id": f"{_YES}{asked}", "label": wording.say("to_bot_yes", locale)},
        {"id": f"{_NO}{asked}", "label": wording.say("to_bot_no", locale)},
    ]
    return message(SYSTEM, wording.say("to_bot_ask", locale), options=options)


def choice(row: Conversation, option_id: str | None) -> Literal["yes", "no"] | None:
    """What a customer's option says to the open question; None where it answers none."""
    if row.asked_bot is None or row.state != "human":
        return None
    if option_id == f"{_YES}{row.asked_bot}":
        return "yes"
    return "no" if option_id == f"{_NO}{row.asked_bot}" else None


def back_to_bot(
    row: Conversation, seq: int, actor: Actor, wording: Wording, locale: str
) -> tuple[tuple[NewEvent, ...], dict[str, Any]]:
    """What follows the customer's yes at ``seq``: nothing said until then is owed an answer."""
    events = (state_event("bot", "transferred", actor), bot_says(wording.say("to_bot_done", locale), "request_human"))
    return events, {
        **to_bot(row, "transferred"),
        "answered_seq": seq,
        "question_seq": min(row.question_seq, seq),
        "last_kind": "bot",
    }
