"""What of an event each audience may see: one table, and nothing that is not in it reaches a customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import UNSET

from router.payloads.log import Actor, AgentRef, Event, Source

#: Reasons that say something about the customer or about the house; customers get the change without it.
INTERNAL_REASONS = frozenset(
    {"emotion", "urgent", "rule", "low_confidence", "repeated_miss", "agent_silent", "overflow", "blocked", "levelled"}
)


def _envelope(event: Event, **more: Any) -> Event:
    """The fields every kind has, with the actor's name only where a customer knows them."""
    actor = event.actor
    if actor.kind == "customer":
        actor = Actor(kind="customer")
    elif actor.kind == "system":
        actor = Actor(kind="system")
    return Event(event.conversation_id, event.seq, event.kind, event.at, actor, **more)


def _message(event: Event) -> Event:
    sources = event.sources
    if sources is not UNSET:
        sources = [Source(article_id=source.article_id, title=source.title) for source in sources]
    return _envelope(
        event,
        id=event.id,
        client_id=event.client_id if event.actor.kind == "customer" else UNSET,
        text=event.text,
        attachments=event.attachments,
        reply_to_seq=event.reply_to_seq,
        options=event.options,
        sources=sources,
        option_id=event.option_id,
        buttons=event.buttons,
        while_waiting=event.while_waiting,
        number=event.number,
        redacted=event.redacted,
    )


def _state(event: Event) -> Event:
    reason = UNSET if event.reason in INTERNAL_REASONS else event.reason
    agent = event.agent
    if isinstance(agent, AgentRef):
        agent = AgentRef(id=agent.id, name=agent.name, staff_number=agent.staff_number, picture=agent.picture)
    return _envelope(event, state=event.state, reason=reason, agent=agent)


def _rating(event: Event) -> Event:
    return _envelope(
        event,
        csat=event.csat,
        nps=event.nps,
        resolved=event.resolved,
        helpful=event.helpful,
        comment=event.comment,
        target_seq=event.target_seq,
        number=event.number,
    )


def _ticket(event: Event) -> Event:
    return _envelope(event, number=event.number, status=event.status)


def _redact(event: Event) -> Event:
    return _envelope(event, target_seq=event.target_seq)


#: kind → what a customer sees of it. A kind that is not here is not sent to customers at all.
FOR_CUSTOMERS: dict[str, Callable[[Event], Event]] = {
    "message": _message,
    "state": _state,
    "rating": _rating,
    "ticket": _ticket,
    "redact": _redact,
}


def for_customer(event: Event) -> Event:
    """The event as the customer's clients get it, live and by `sync` alike; its `seq` always stays."""
    return FOR_CUSTOMERS.get(event.kind, _envelope)(event)
