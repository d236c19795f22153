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
    """``channels`` are used where the setting `notifications.channels` names none for this kind.

    ``needs`` are variables that must be given, ``may`` those that may be missing or empty. ``urgent`` goes out in the
    quiet hours too. ``is_answer``: what a customer asked for, mailed also to those who want no reminders.
    """

    name: str
    audience: Audience
    channels: tuple[Channel, ...]
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    urgent: bool = False

    @property
    def is_answer(self) -> bool:
        return self.name in _ANSWERS


#: What customers asked for themselves, and would miss.
_ANSWERS = frozenset({"message_answered", "callback_booked", "callback_changed", "callback_cancelled", "transcript"})


#: What any notice may bring: the conversation and ticket that it is about, and the language to tell it in.
_EVERY = "conversation_id ticket locale"


def _customer(name: str, needs: str, may: str, *channels: Channel) -> Kind:
    return Kind(name, "customer", channels, *_variables(needs, may))


def _staff(name: str, needs: str, may: str = "", *channels: Channel, urgent: bool = False) -> Kind:
    return Kind(name, "staff", channels or ("robot",), *_variables(needs, may), urgent)


def _variables(needs: str, may: str) -> tuple[frozenset[str], frozenset[str]]:
    needed = frozenset(needs.split())
    return needed, frozenset(f"{may} {_EVERY}".split()) - needed


#: What every alert brings; see `alerts`.
_ALERT = "alert text customer ticket conversation_id owner at"
_ALL: tuple[Channel, ...] = ("robot", "mail", "sms")
#: Over what a customer is told, the best way first; all of them where `notifications.customers_hear` is ``all``.
_SHORT: tuple[Channel, ...] = ("sms", "mail")

_TO_CUSTOMERS = (
    # A message left after hours was answered: the answer stands in the window, and this says so.
    _customer("message_answered", "text", "ticket agent", *_SHORT),
    _customer("agent_replied", "text", "agent", "mail"),
    _customer("ticket_created", "ticket", "title level agent", "mail"),
    _customer("ticket_updated", "ticket text", "title status agent", "mail", "sms"),
    _customer("ticket_solved", "ticket", "title text status", "mail", "sms"),
    _customer("callback_booked", "at", "until topic", *_SHORT),
    _customer("callback_changed", "at", "until topic", *_SHORT),
    _customer("callback_cancelled", "at", "until topic reason", *_SHORT),
    # The conversation itself, to an address that the customer gave for it.
    _customer("transcript", "since", "talk", "mail"),
)

_TO_STAFF = (
    _staff(ALERT, "", _ALERT),
    _staff("mentioned", "text by", "", "mail"),
    _staff("soured", "", _ALERT),
    _staff("clock_warning", "", _ALERT),
    _staff("clock_breached", "", _ALERT, urgent=True),
    _staff("abuse", "", _ALERT),
    _staff("bad_rating", "", _ALERT),
    _staff("promise_due", "", _ALERT, "robot", "mail"),
    _staff("promise_broken", "", _ALERT),
    _staff("overflow", "", _ALERT),
    _staff("agent_lost", "", _ALERT),
    _staff("agent_silent", "", _ALERT),
    _staff("agent_away", "", _ALERT),
    _staff("block_asked", "", _ALERT),
    _staff("block_approved", "", _ALERT),
    _staff("task_due", "", _ALERT, "robot", "mail"),
    _staff("callback_due", "at", _ALERT, "robot", "mail"),
    _staff("task_late", "", _ALERT),
    _staff("on_call", "text", f"{_ALERT} level tier", *_ALL, urgent=True),
    _staff("ticket_assigned", "ticket", "title by customer level", "mail"),
    _staff("ticket_unowned", "", _ALERT, "robot", "mail"),
    _staff("ticket_changed", "ticket status", "title by customer", "mail"),
    _staff("ticket_replied", "ticket text", "title customer", "mail"),
    _staff("outbox_trouble", "endpoint trouble", "label since count", "robot", "mail"),
    _staff("webhook_disabled", "url since", "trouble", "robot", "mail"),
    _staff("test", "by", "endpoint", "mail", "sms", "robot"),
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
    "customer.erased",
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
