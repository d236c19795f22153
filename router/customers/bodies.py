"""What crosses the wire about customers: bodies in, views out; unknown fields are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from router.customers.notes import ProfileNote
from router.customers.records import Customer
from router.paging import PageQuery

Text = Annotated[str, Meta(max_length=1000)]
LongText = Annotated[str, Meta(max_length=10_000)]
Tags = Annotated[list[Text], Meta(max_length=100)]


class CustomersQuery(PageQuery, kw_only=True):
    """``q``: a whole e-mail address, telephone number or external id, or part of a name or company."""

    q: Text = ""
    tag: Text | None = None
    company_id: UUID | None = None
    blocked: bool = False


class CompanyRef(Struct, kw_only=True):
    id: UUID
    external_id: str | None
    name: str


class CustomerView(Struct, kw_only=True):
    """``tier`` is the higher one of ``signed_tier`` and what the CRM says of the company."""

    id: UUID
    external_id: str | None
    name: str | None
    email: str | None
    phone: str | None
    tier: str
    signed_tier: str
    company: CompanyRef | None
    attributes: Mapping[str, Any]
    locale: str | None
    tags: list[str]
    edition: str | None
    product_version: str | None
    version: int
    blocked_until: datetime | None
    created_at: datetime
    seen_at: datetime


class CustomerList(Struct, kw_only=True):
    items: list[CustomerView]
    next: str | None


class ChangeCustomer(Struct, kw_only=True):
    """A field left out or ``null`` stays, an empty text empties it; a tier is signed or the company's.

    ``company_name`` links the company of this name, made where there is none. With ``version`` the change is refused
    where somebody was faster.
    """

    version: int | None = None
    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    company_id: UUID | None = None
    company_name: Text | None = None
    locale: Text | None = None
    tags: Tags | None = None
    edition: Text | None = None
    product_version: Text | None = None


class JoinCustomers(Struct, kw_only=True):
    """Cannot be undone, and the other one's pages see both histories: ``confirmed`` says that somebody made sure."""

    other_id: UUID
    confirmed: Literal[True]


class NoteView(Struct, kw_only=True):
    id: UUID
    text: str
    actor_id: UUID
    actor_name: str
    at: datetime


class NoteList(Struct, kw_only=True):
    items: list[NoteView]


class AddNote(Struct, kw_only=True):
    text: LongText


class Reset(Struct, kw_only=True):
    ok: bool = True


def customer_view(customer: Customer) -> CustomerView:
    company = customer.company
    return CustomerView(
        id=customer.id,
        external_id=customer.external_id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        tier=customer.tier,
        signed_tier=customer.signed_tier,
        company=CompanyRef(id=company.id, external_id=company.external_id, name=company.name) if company else None,
        attributes=customer.attributes,
        locale=customer.locale,
        tags=list(customer.tags),
        edition=customer.edition,
        product_version=customer.product_version,
        version=customer.version,
        blocked_until=customer.blocked_until,
        created_at=customer.created_at,
        seen_at=customer.seen_at,
    )


def note_view(note: ProfileNote) -> NoteView:
    return NoteView(id=note.id, text=note.text, actor_id=note.actor_id, actor_name=note.actor_name, at=note.at)
