"""Customers as rows: seals what is personal on the way in, opens it on the way out; it decides nothing."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record

from database.queries import load_queries
from router.customers.contact import normal_email, normal_phone
from router.customers.records import Customer
from router.security.identity import Identity
from router.security.sealing import SealBroken, Sealer, place

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)


class CustomerStore:
    """The statements of ``queries.sql`` by name, and customers as records."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self.sql = load_queries(__file__)

    async def one(self, connection: PooledConnection, statement: str, *arguments: object) -> Customer | None:
        """The customer that a statement of ``queries.sql`` gives."""
        row = await connection.fetchrow(self.sql[statement], *arguments)
        return None if row is None else self.customer_from(row)

    async def apply_claims(
        self, connection: PooledConnection, customer_id: UUID, identity: Identity, locale: str | None, at: datetime
    ) -> Customer:
        row = await connection.fetchrow(
            self.sql["apply_claims"],
            customer_id,
            identity.external_id,
            self._sealed(customer_id, "name", identity.name),
            self._sealed(customer_id, "email", identity.email),
            self.email_hash(identity.email),
            self._sealed(customer_id, "phone", identity.phone),
            self.phone_hash(identity.phone),
            identity.tier,
            identity.company_id,
            identity.company_name,
            None if identity.attributes is None else dict(identity.attributes),
            locale,
            at,
        )
        assert row is not None  # its visitor or its external id is locked
        return self.customer_from(row)

    async def update(self, connection: PooledConnection, customer: Customer) -> Customer:
        row = await connection.fetchrow(
            self.sql["update_customer"],
            customer.id,
            self._sealed(customer.id, "name", customer.name),
            self._sealed(customer.id, "email", customer.email),
            self.email_hash(customer.email),
            self._sealed(customer.id, "phone", customer.phone),
            self.phone_hash(customer.phone),
            customer.company_name,
            customer.locale,
        )
        assert row is not None  # locked by the caller
        return self.customer_from(row)

    def customer_from(self, row: Record) -> Customer:
        return Customer(
            id=row["id"],
            external_id=row["external_id"],
            name=self._opened(row, "name"),
            email=self._opened(row, "email"),
            phone=self._opened(row, "phone"),
            tier=row["tier"],
            company_id=row["company_id"],
            company_name=row["company_name"],
            attributes=row["attributes"],
            locale=row["locale"],
            created_at=row["created_at"],
            seen_at=row["seen_at"],
        )

    def email_hash(self, email: str | None) -> bytes | None:
        normal = normal_email(email or "")
        return self._sealer.lookup_hash(normal, "email") if normal else None

    def phone_hash(self, phone: str | None) -> bytes | None:
        normal = normal_phone(phone or "")
        return self._sealer.lookup_hash(normal, "phone") if normal else None

    def _sealed(self, customer_id: UUID, column: str, text: str | None) -> bytes | None:
        return None if not text else self._sealer.seal(text, place("customers", column, customer_id))

    def _opened(self, row: Record, column: str) -> str | None:
        sealed = row[f"{column}_sealed"]
        if sealed is None:
            return None
        try:
            return self._sealer.open(sealed, place("customers", column, row["id"]))
        except SealBroken:
            # The chat goes on without the name; the operator hears which row it is.
            log.error("customer %s: the sealed %s does not open", row["id"], column)
            return None
