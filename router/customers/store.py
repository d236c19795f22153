"""Customers as rows: seals what is personal on the way in, opens it on the way out; it decides nothing."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record

from database.queries import load_queries
from router.customers.contact import normal_email, normal_phone
from router.customers.records import CompanyName, Customer
from router.customers.tiers import Tiers
from router.security.identity import Identity
from router.security.sealing import SealBroken, Sealer, place

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)


class CustomerStore:
    """The statements of ``queries.sql`` by name, and customers as records."""

    def __init__(self, sealer: Sealer, tiers: Tiers) -> None:
        self._sealer = sealer
        self.tiers = tiers
        self.sql = load_queries(__file__)

    async def one(self, connection: PooledConnection, statement: str, *arguments: object) -> Customer | None:
        """The customer that a statement of ``queries.sql`` gives."""
        row = await connection.fetchrow(self.sql[statement], *arguments)
        return None if row is None else self.customer_from(row)

    async def apply_claims(
        self,
        connection: PooledConnection,
        customer_id: UUID,
        identity: Identity,
        company_id: UUID | None,
        locale: str | None,
        at: datetime,
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
            company_id,
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
            customer.company.id if customer.company else None,
            customer.locale,
            list(customer.tags),
            customer.edition,
            customer.product_version,
            customer.signed_tier,
            dict(customer.attributes),
        )
        assert row is not None  # locked by the caller
        return self.customer_from(row)

    def customer_from(self, row: Record) -> Customer:
        company_id = row["company_id"]
        return Customer(
            id=row["id"],
            external_id=row["external_id"],
            name=self._opened(row, "name"),
            email=self._opened(row, "email"),
            phone=self._opened(row, "phone"),
            tier=self.tiers.highest(row["tier"], row["company_tier"]),
            signed_tier=row["tier"],
            company=None
            if company_id is None
            else CompanyName(company_id, row["company_external_id"], row["company_name"]),
            attributes=row["attributes"],
            locale=row["locale"],
            tags=tuple(row["tags"]),
            edition=row["edition"],
            product_version=row["product_version"],
            version=row["version"],
            blocked_until=row["blocked_until"],
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
