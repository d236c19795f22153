"""Every kind of notice on one page: who hears it, over what by default, which variables its words may use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Audience = Literal["customer", "staff", "integrators"]
Channel = Literal["mail", "sms", "robot", "webhook"]

#: An alert of a kind that has no words of its own.
ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Kind:
    """``channels`` are used where `notifications.channels` names none for this kind; of several that reach the same
    customer, see ``first_only``.

    ``needs`` are variables that must be given, ``may`` those that may be missing or empty. ``urgent`` goes out in the
    quiet hours too.
    """

    name: str
    audience: Audience
    channels: tuple[Channel, ...]
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    urgent: bool = False


def _customer(name: str, needs: str, may: str = "", *channels: Channel) -> Kind:
    return Kind(name, "customer", channels or ("mail", "sms"), frozenset(needs.split()), frozenset(may.split()))


def _staff(name: str, needs: str, may: str = "", *channels: Channel, urgent: bool = False) -> Kind:
    return Kind(name, "staff", channels or ("robot",), frozenset(needs.split()), frozenset(may.split()), urgent)


#: What every alert brings; see `alerts`.
_ALERT = "alert text customer ticket conversation_id owner at"
_PEOPLE: tuple[Channel, ...] = ("robot", "mail", "sms")

_TO_CUSTOMERS = (
    # A message left after hours was answered: the answer stands in the window, and this says so.
    _customer("message_answered", "text", "ticket conversation_id agent"),
    _customer("agent_replied", "text", "conversation_id agent count", "mail"),
    _customer("ticket_created", "ticket title", "conversation_id reply_by", "mail"),
    _customer("ticket_updated", "ticket title text", "conversation_id agent status", "mail"),
    _customer("ticket_solved", "ticket title", "text conversation_id close_on"),
    _customer("callback_booked", "when", "ticket phone topic conversation_id"),
    _customer("callback_changed", "when", "before ticket conversation_id"),
    _customer("callback_cancelled", "when", "reason ticket conversation_id"),
    _customer("promise_kept", "text", "ticket conversation_id agent", "mail"),
    _customer("visit_planned", "when", "agent text conversation_id", "mail"),
)

_TO_STAFF = (
    _staff(ALERT, "", _ALERT),
    _staff("soured", "", _ALERT),
    _staff("clock_warning", "", _ALERT),
    _staff("clock_breached", "", _ALERT, urgent=True),
    _staff("abuse", "", _ALERT),
    _staff("bad_rating", "", _ALERT),
    _staff("promise_due", "", _ALERT),
    _staff("promise_broken", "", _ALERT),
    _staff("overflow", "", _ALERT),
    _staff("block_asked", "", _ALERT),
    _staff("block_approved", "", _ALERT),
    _staff("on_call", "text", "alert customer ticket conversation_id owner at tier level", *_PEOPLE, urgent=True),
    _staff("ticket_assigned", "ticket title", "customer level conversation_id text", "mail"),
    _staff("ticket_replied", "ticket title text", "customer conversation_id", "mail"),
    _staff("task_due", "text when", "customer conversation_id ticket kind", "mail"),
    _staff("callback_due", "when", "customer topic conversation_id ticket", "robot", "mail"),
    _staff("mentioned", "text by", "customer conversation_id ticket", "mail"),
    _staff("outbox_trouble", "endpoint trouble", "since count", "robot", "mail"),
    _staff("webhook_disabled", "url since", "trouble", "robot", "mail"),
    _staff("test", "by"),
)

#: Event types for other systems; ``*`` at the end of a subscription stands for all of a family.
EVENT_TYPES = (
    "conversation.created",
    "conversation.handed_off",
    "conversation.assigned",
    "conversation.returned",
    "conversation.message",
    "conversation.closed",
    "ticket.created",
    "ticket.updated",
    "ticket.solved",
    "ticket.closed",
    "rating.created",
    "clock.warning",
    "clock.breached",
    "promise.broken",
    "webhook.test",
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (*_TO_CUSTOMERS, *_TO_STAFF, *(Kind(name, "integrators", ("webhook",)) for name in EVENT_TYPES))
}


def matches(event_type: str, subscribed: Iterable[str]) -> bool:
    """Whether an event type is among those that an endpoint asked for: by name, as ``ticket.*``, or ``*``."""
    return any(
        wanted in ("*", event_type) or (wanted.endswith(".*") and event_type.startswith(wanted[:-1]))
        for wanted in subscribed
    )
