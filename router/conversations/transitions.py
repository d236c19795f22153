"""The state machine of a conversation, pure: which change of state is allowed, and which columns it touches."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from router.conversations.records import SYSTEM, Conversation, NewEvent
from router.errors import Conflict
from router.payloads.log import Actor, AgentRef, State
from router.waiting_room import told

ALLOWED: dict[State, frozenset[State]] = {
    "bot": frozenset({"waiting", "closed"}),
    "waiting": frozenset({"human", "bot", "closed"}),
    "human": frozenset({"human", "waiting", "bot", "closed"}),
    "closed": frozenset(),
}

#: The columns of a place in the line, as they are without one. `joined_at` stays, and what was shown of the place: who
#: comes back from a human goes on with the same wait.
OUT_OF_LINE: dict[str, Any] = {
    "rank_at": None,
    "offered_to": None,
    "offer_expires_at": None,
    "declined_by": [],
    "in_group_since": None,
}

#: What an owner promised and asked holds for that owner only.
_OUT_OF_HANDS: dict[str, Any] = {"held_until": None, "asked_bot": None}


def require(conversation: Conversation, *states: State) -> None:
    """Raises `Conflict` with the present state and owner unless the conversation is in one of these states."""
    if conversation.state not in states:
        raise Conflict(state=conversation.state, owner=str(conversation.owner) if conversation.owner else None)


def state_event(state: State, reason: str, actor: Actor = SYSTEM, agent: AgentRef | None = None) -> NewEvent:
    body: dict[str, Any] = {"state": state, "reason": reason}
    if agent is not None:
        body["agent"] = {"id": str(agent.id), "name": agent.name, "staff_number": agent.staff_number}
        if agent.picture is not None:
            body["agent"]["picture"] = agent.picture
    return NewEvent("state", actor, body)


def move(conversation: Conversation, state: State, reason: str) -> dict[str, Any]:
    """The columns that every change of state sets; raises `Conflict` where the state machine forbids it."""
    if state not in ALLOWED[conversation.state]:
        raise Conflict(state=conversation.state, owner=str(conversation.owner) if conversation.owner else None)
    fields: dict[str, Any] = {"state": state, "reason": reason}
    if state != "waiting":
        fields |= OUT_OF_LINE
    if state != "bot":
        fields["answered_seq"] = max(conversation.answered_seq, conversation.question_seq)
    return fields


def to_human(conversation: Conversation, agent: AgentRef, reason: str, now: datetime) -> dict[str, Any]:
    """A human takes it: out of the line, owned, its answers no longer the bot's."""
    return {
        **move(conversation, "human", reason),
        "owner": agent.id,
        "assigned_at": now,
        "preferred_agent": None,
        "unanswered_since": conversation.unanswered_since or now,
        **_OUT_OF_HANDS,
    }


def to_closed(conversation: Conversation, reason: str, now: datetime, resolved: bool | None) -> dict[str, Any]:
    """The end; the owner stays on the row, so that the next conversation can prefer them.

    Whether it was solved is the customer's to say: what they have said before the end is not overwritten.
    """
    return {
        **move(conversation, "closed", reason),
        "closed_at": now,
        "resolved": resolved if conversation.resolved is None else conversation.resolved,
        "unanswered_since": None,
        **_OUT_OF_HANDS,
    }


def to_bot(conversation: Conversation, reason: str) -> dict[str, Any]:
    """Back to the bot; nothing said meanwhile is owed an answer."""
    return {
        **move(conversation, "bot", reason),
        "owner": None,
        "joined_at": None,
        "shown_position": None,
        "head_start": [],
        "handoff_reason": None,
        "level": "L1",
        "first_reply_at": None,
        "unanswered_since": None,
        **_OUT_OF_HANDS,
        "misses": 0,
        "answered_seq": conversation.last_seq,
        "question_seq": min(conversation.question_seq, conversation.last_seq),
    }


def to_waiting(
    conversation: Conversation,
    reason: str,
    *,
    now: datetime,
    group_id: UUID,
    rank_at: datetime,
    joined_at: datetime,
    head_start: list[dict[str, Any]],
    topic: str | None = None,
    preferred_agent: UUID | None = None,
) -> dict[str, Any]:
    """Into the line. The clock starts at the first hand-off and a transfer never resets it."""
    back = conversation.state == "human"
    return {
        **move(conversation, "waiting", reason),
        **OUT_OF_LINE,
        "owner": None,
        "group_id": group_id,
        "handoff_reason": reason,
        "topic": topic or conversation.topic,
        "joined_at": joined_at,
        "rank_at": rank_at,
        "head_start": head_start,
        "preferred_agent": preferred_agent or conversation.preferred_agent,
        "handed_off_at": conversation.handed_off_at or now,
        **({} if back else {"told": told.afresh(conversation.told, now), "shown_position": None}),
        "level": "L2" if conversation.level == "L1" else conversation.level,
        "unanswered_since": conversation.unanswered_since or now,
        "in_group_since": now,
        **_OUT_OF_HANDS,
    }
