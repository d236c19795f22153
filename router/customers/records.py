"""Customers as plain frozen records; personal fields never show in a log or a traceback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class CompanyName:
    """The company that a customer belongs to, as far as a customer's record tells."""

    id: UUID
    external_id: str | None
    name: str


@dataclass(frozen=True)
class Customer:
    """Somebody who asks. ``external_id`` is the signed ``sub``; without it the customer is anonymous.

    ``tier`` is the higher one of what was signed and what the CRM says of the company. ``version`` grows with every
    change at the desk. Until ``blocked_until`` nothing that the customer writes is taken.
    """

    id: UUID
    external_id: str | None
    name: str | None = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    tier: str
    signed_tier: str
    company: CompanyName | None
    attributes: Mapping[str, Any] = field(repr=False)
    locale: str | None
    tags: tuple[str, ...]
    edition: str | None
    product_version: str | None
    version: int
    blocked_until: datetime | None
    created_at: datetime
    seen_at: datetime

    @property
    def is_known(self) -> bool:
        return self.external_id is not None


@dataclass(frozen=True)
class Welcome:
    """A customer who came in by a socket, and the visitor token to show the next time.

    ``merged_from`` is the anonymous customer whose conversations went to this one; other sockets of it should connect
    again.
    """

    customer: Customer
    visitor: str = field(repr=False)
    is_new: bool = False
    merged_from: UUID | None = None


@dataclass(frozen=True)
class CustomerChange:
    """What an agent changes; ``None`` leaves a field, ``""`` empties it. The tier is signed or the company's.

    ``company_name`` names the company, made where there is none of this name; ``company_id`` goes before it.
    """

    name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    company_name: str | None = None
    company_id: UUID | None = None
    locale: str | None = None
    tags: tuple[str, ...] | None = None
    edition: str | None = None
    product_version: str | None = None
