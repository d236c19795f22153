"""What is told, to whom: a notice before it is stored; it holds no channel and no words, which come later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

RecipientKind = Literal["customer", "staff", "supervisors", "members", "address", "integrators"]


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, over what is known of them, or who is asked for by an address given beside (a message left)."""

    id: UUID
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody with an account."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class Supervisors:
    """The supervisors of a group, or all of them; and the robots of their group chats."""

    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """Everybody in a group, and the robots of its group chats."""

    group_id: UUID


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody of whom only an address is known."""

    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Integrators:
    """Other systems that asked to hear of such events; the notice's kind is the event's type."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Over what customers can be reached outside of the chat: nobody is promised more."""

    sms: bool = False
    mail: bool = False


Recipient = Customer | Staff | Supervisors | Members | Address | Integrators


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell. ``kind`` stands in `kinds.KINDS`; ``data`` holds its variables, sealed where they are stored.

    ``key`` makes a repeat harmless: the second notice with the same key stores nothing. ``due_at`` puts it off; None:
    at once.
    """

    kind: str
    to: Recipient
    data: Mapping[str, Any] = field(repr=False)
    key: str
    due_at: datetime | None = None


def recipient_columns(to: Recipient) -> tuple[RecipientKind, UUID | None, dict[str, str]]:
    """The recipient as it is stored: kind, id, and what is personal of it."""
    match to:
        case Customer():
            return "customer", to.id, _given(email=to.email, phone=to.phone)
        case Staff():
            return "staff", to.account_id, {}
        case Supervisors():
            return "supervisors", to.group_id, {}
        case Members():
            return "members", to.group_id, {}
        case Address():
            return "address", None, _given(email=to.email, phone=to.phone, locale=to.locale)
        case Integrators():
            return "integrators", None, {}


def recipient_from(kind: RecipientKind, recipient_id: UUID | None, personal: Mapping[str, str]) -> Recipient:
    """The recipient as it was before it was stored."""
    email, phone = personal.get("email"), personal.get("phone")
    if kind == "customer" and recipient_id is not None:
        return Customer(recipient_id, email, phone)
    if kind == "staff" and recipient_id is not None:
        return Staff(recipient_id)
    if kind == "supervisors":
        return Supervisors(recipient_id)
    if kind == "members" and recipient_id is not None:
        return Members(recipient_id)
    if kind == "integrators":
        return Integrators()
    return Address(email, phone, personal.get("locale"))


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
