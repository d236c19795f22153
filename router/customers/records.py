"""Customers as plain frozen records; personal fields never show in a log or a traceback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Customer:
    """Somebody who asks. ``external_id`` is the signed ``sub``; without it the customer is anonymous."""

    id: UUID
    external_id: str | None
    name: str | None = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    tier: str
    company_id: str | None
    company_name: str | None
    attributes: Mapping[str, Any] = field(repr=False)
    locale: str | None
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
    """What an agent changes; ``None`` leaves a field, ``""`` empties it. The tier comes from signed claims only."""

    name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    company_name: str | None = None
    locale: str | None = None
