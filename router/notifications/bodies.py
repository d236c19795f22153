"""What crosses the wire about notifications: bodies in, views out; no view holds an address or a text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from asyncpg import Record
from msgspec import Meta, Struct

from router.notifications.contacts import Contact
from router.paging import PageQuery

State = Literal["pending", "sending", "sent", "failed", "dead"]
Locale = Literal["zh-CN", "zh-TW", "en"]
#: A recorded reason in the reader's language.
Tell = Callable[[str | None], str]
Endpoint = Annotated[str, Meta(min_length=1, max_length=100)]
Short = Annotated[str, Meta(max_length=200)]


class DeliveryView(Struct, kw_only=True):
    """``recipient_id`` is a customer, an account or a group; addresses and texts are shown to nobody."""

    id: UUID
    kind: str
    channel: str
    endpoint: str
    state: State
    tries: int
    at: datetime
    next_try_at: datetime | None
    ended_at: datetime | None
    trouble: str | None
    recipient_kind: str
    recipient_id: UUID | None
    may_retry: bool


class UntoldView(Struct, kw_only=True):
    """A notice of which no delivery could be made."""

    id: UUID
    kind: str
    at: datetime
    trouble: str


class DeliveryList(Struct, kw_only=True):
    items: list[DeliveryView]
    untold: list[UntoldView] = []
    next: str | None = None


class ReaderQuery(Struct, kw_only=True):
    """The language in which reasons are told."""

    locale: Locale = "en"


class DeliveryQuery(PageQuery, kw_only=True):
    state: State = "dead"
    locale: Locale = "en"
    endpoint: Endpoint | None = None


class Retry(Struct, kw_only=True):
    """These, all of an endpoint, or with neither all."""

    ids: Annotated[list[UUID], Meta(max_length=500)] | None = None
    endpoint: Endpoint | None = None


class Retried(Struct, kw_only=True):
    count: int


class ChannelView(Struct, kw_only=True):
    """One endpoint: the mail server, the SMS gateway, a robot or a webhook. ``where``: what people call it."""

    name: str
    channel: str
    where: str
    configured: bool
    waiting: int = 0
    dead: int = 0
    failing_since: datetime | None = None
    closed_until: datetime | None = None
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    last_failure: str | None = None


class ChannelList(Struct, kw_only=True):
    items: list[ChannelView]


class TestWish(Struct, kw_only=True):
    """Where to send a test to: an endpoint, and for mail and SMS an address."""

    endpoint: Endpoint
    email: Short | None = None
    phone: Short | None = None


class WebhookView(Struct, kw_only=True):
    id: UUID
    url: str
    events: list[str]
    description: str
    enabled: bool
    disabled_reason: str | None
    created_at: datetime
    old_secret_until: datetime | None
    failing_since: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_failure: str | None


class WebhookList(Struct, kw_only=True):
    items: list[WebhookView]
    event_types: list[str]


class NewWebhook(Struct, kw_only=True):
    url: str
    events: Annotated[list[str], Meta(max_length=50)]
    description: Short = ""


class WebhookChange(Struct, kw_only=True):
    url: str | None = None
    events: Annotated[list[str], Meta(max_length=50)] | None = None
    description: Short | None = None
    enabled: bool | None = None


class Secret(Struct, kw_only=True):
    """``whsec_…``, for the receiver to check signatures with; every look at it is on record."""

    secret: str


class ContactView(Struct, kw_only=True):
    """Where a colleague is reached outside of the console; empty takes an address away."""

    email: Short = ""
    phone: Short = ""
    locale: Locale = "zh-CN"


def delivery_view(row: Record, tell: Tell) -> DeliveryView:
    open_ = row["state"] in ("pending", "failed")
    return DeliveryView(
        id=row["id"],
        kind=row["kind"],
        channel=row["channel"],
        endpoint=row["endpoint"],
        state=row["state"],
        tries=row["tries"],
        at=row["made_at"],
        next_try_at=row["due_at"] if open_ else None,
        ended_at=row["ended_at"],
        trouble=tell(row["trouble"]) or None,
        recipient_kind=row["recipient_kind"],
        recipient_id=row["recipient_id"],
        may_retry=row["state"] == "dead" and row["has_text"],
    )


def channel_view(name: str, where: str, configured: bool, row: Record | None, tell: Tell) -> ChannelView:
    found = ChannelView(name=name, channel=name.partition(":")[0], where=where, configured=configured)
    if row is not None:
        for field in ("waiting", "dead", "failing_since", "closed_until", "last_success_at", "last_failure_at"):
            setattr(found, field, row[field])
        found.last_failure = tell(row["last_failure"]) or None
    return found


def webhook_view(row: Record, tell: Tell) -> WebhookView:
    names = ("id", "url", "events", "description", "created_at", "old_secret_until", "failing_since",
             "last_success_at", "last_failure_at")  # fmt: skip
    return WebhookView(
        enabled=row["disabled_at"] is None,
        disabled_reason=tell(row["disabled_reason"]) or None,
        last_failure=tell(row["last_failure"]) or None,
        **{name: row[name] for name in names},
    )


def contact_view(contact: Contact) -> ContactView:
    return ContactView(email=contact.email or "", phone=contact.phone or "", locale=contact.locale)
