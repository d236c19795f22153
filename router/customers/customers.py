"""Who a customer is: visitor tokens, signed identities and how they are bound; no token opens for a second `sub`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from router.companies.companies import checked_field, checked_tags
from router.companies.sighting import Sighting
from router.conversations.journal import Journal
from router.conversations.records import Committed
from router.customers.merging import Merging
from router.customers.records import CompanyName, Customer, CustomerChange, Welcome
from router.customers.store import CustomerStore
from router.errors import Conflict, Invalid, NotFound, Unauthorized
from router.payloads.desk import CustomerCard
from router.security.audit import Audit, AuditActor, AuditEntry
from router.security.claims import TokenRefused
from router.security.identity import Identity
from router.security.tokens import new_visitor_token, token_hash

if TYPE_CHECKING:
    from database.pool import PooledConnection

_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")


class UnknownVisitor(Unauthorized):
    """This visitor token is not valid any more."""


class Customers:
    """The only door to a customer: by a visitor token, a signed identity, or an agent's question."""

    def __init__(
        self,
        database: Database,
        store: CustomerStore,
        journal: Journal,
        audit: Audit,
        clock: Clock,
        merging: Merging,
        sighting: Sighting,
    ) -> None:
        self._database = database
        self._store = store
        self._journal = journal
        self._audit = audit
        self._clock = clock
        self._merging = merging
        self._sighting = sighting

    async def welcome(self, visitor: str | None, identity: Identity | None, locale: str | None = None) -> Welcome:
        """The customer who connects.

        An unknown or revoked ``visitor`` counts as none. An expired ``identity`` only reconnects a visitor already
        bound to the same ``sub``, without its claims; else it raises :class:`Unauthorized`.
        """
        locale = normal_locale(locale)
        if identity is None:
            return await self._welcome_visitor(visitor, locale)
        welcome, ended = await self._welcome_identity(visitor, identity, locale)
        if ended:
            await self._journal.tell(ended)
        return welcome

    async def _welcome_identity(
        self, visitor: str | None, identity: Identity, locale: str | None
    ) -> tuple[Welcome, tuple[Committed, ...]]:
        """With the conversations that ended because nobody has two."""
        async with self._database.transaction() as connection:
            await connection.execute(self._store.sql["lock_external_id"], identity.external_id)
            shown = None
            if visitor is not None:
                shown = await self._store.one(connection, "lock_visitor", token_hash(visitor))
            if identity.expired:
                if visitor is None or shown is None or shown.external_id != identity.external_id:
                    raise TokenRefused()
                return Welcome(shown, visitor), ()
            if visitor is None or shown is None or (shown.is_known and shown.external_id != identity.external_id):
                return await self._welcome_known(connection, identity, locale), ()
            return await self._sign_in(connection, visitor, shown, identity, locale)

    async def by_visitor(self, visitor: str) -> Customer:
        """The customer behind ``Authorization: Bearer <visitor>``; raises :class:`UnknownVisitor`."""
        async with self._database.connection() as connection:
            customer = await self._store.one(connection, "customer_of_visitor", token_hash(visitor))
        if customer is None:
            raise UnknownVisitor()
        return customer

    async def reset(self, visitor: str) -> UUID | None:
        """Revoke the token for good; the customer whose sockets with it should close, ``None`` where it was unknown."""
        revoked: UUID | None = await self._database.fetchval(
            self._store.sql["revoke_visitor"], token_hash(visitor), self._clock.now()
        )
        return revoked

    async def get(self, customer_id: UUID) -> Customer:
        """Of one who was joined to another, that other one; raises :class:`NotFound`."""
        async with self._database.connection() as connection:
            return _existing(await self._store.one(connection, "customer_by_id", customer_id))

    async def tier_of(self, customer_id: UUID) -> str:
        """The higher one of what was signed and what the CRM says of the company."""
        row = await self._database.fetchrow(self._store.sql["tiers_of"], customer_id)
        return self._store.tiers.highest(*row.values()) if row else self._store.tiers.default

    async def change(
        self,
        connection: PooledConnection,
        customer_id: UUID,
        change: CustomerChange,
        actor: AuditActor,
        version: int | None = None,
    ) -> Customer:
        """Raises :class:`NotFound`, :class:`Invalid`, :class:`Conflict` where ``version`` is not the present one."""
        before = _existing(await self._store.one(connection, "lock_customer", customer_id))
        if version is not None and before.version != version:
            raise Conflict(version=before.version)
        changed: dict[str, Any] = {
            name: checked_field(getattr(change, name), name)
            for name in ("name", "email", "phone", "edition", "product_version")
            if getattr(change, name) is not None
        }
        if change.locale is not None:
            changed["locale"] = normal_locale(change.locale)
        if change.tags is not None:
            changed["tags"] = checked_tags(change.tags)
        if change.company_id is not None or change.company_name is not None:
            changed["company"] = await self._company(connection, change)
        after = await self._store.update(connection, replace(before, **changed))
        entry = AuditEntry(actor, "customer.changed", "customer", str(customer_id), {"fields": sorted(changed)})
        await self._audit.record(connection, entry)
        return after

    async def join(
        self, connection: PooledConnection, customer_id: UUID, other_id: UUID, actor: AuditActor
    ) -> tuple[Customer, UUID, tuple[Committed, ...]]:
        """Two customers become one, as :class:`Merging` says: who is left, who went, what ended.

        Once it has committed, the caller tells of what ended and closes the pages of who went.
        """
        kept_id, gone_id, ended = await self._merging.join(connection, customer_id, other_id, actor)
        return _existing(await self._store.one(connection, "customer_by_id", kept_id)), gone_id, ended

    async def cards(self, customer_ids: Collection[UUID]) -> dict[UUID, CustomerCard]:
        """What agents see of these customers, for a line or a list."""
        rows = await self._database.fetch(self._store.sql["customers_by_ids"], list(customer_ids))
        return {row["id"]: card(self._store.customer_from(row)) for row in rows}

    async def _company(self, connection: PooledConnection, change: CustomerChange) -> CompanyName | None:
        company_id = change.company_id
        if company_id is None:
            name = checked_field(change.company_name or "", "company_name")
            company_id = await self._sighting.company(connection, None, name)
        elif not await connection.fetchval(self._store.sql["company_exists"], company_id):
            raise Invalid("there is no such company", field="company_id")
        return None if company_id is None else CompanyName(company_id, None, "")  # the rest is read back

    async def _welcome_visitor(self, visitor: str | None, locale: str | None) -> Welcome:
        now = self._clock.now()
        if visitor is not None:
            async with self._database.connection() as connection:
                customer = await self._store.one(connection, "welcome_visitor", token_hash(visitor), now, locale)
            if customer is not None:
                return Welcome(customer, visitor)
        async with self._database.transaction() as connection:
            created = await self._create(connection, None, locale)
            return Welcome(created, await self._new_visitor(connection, created.id), is_new=True)

    async def _welcome_known(self, connection: PooledConnection, identity: Identity, locale: str | None) -> Welcome:
        """A new visitor token for the customer of this ``sub``."""
        known = await self._store.one(connection, "customer_by_external_id", identity.external_id)
        customer = known or await self._create(connection, identity.external_id, locale)
        customer = await self._apply_claims(connection, customer.id, identity, locale)
        return Welcome(customer, await self._new_visitor(connection, customer.id), is_new=known is None)

    async def _sign_in(
        self, connection: PooledConnection, visitor: str, shown: Customer, identity: Identity, locale: str | None
    ) -> tuple[Welcome, tuple[Committed, ...]]:
        """The visitor's customer is this ``sub`` already, becomes it, or is merged into the one who has it."""
        now = self._clock.now()
        known = await self._store.one(connection, "customer_by_external_id", identity.external_id)
        ended: tuple[Committed, ...] = ()
        if known is not None and known.id != shown.id:
            ended = await self._merging.sign_in(connection, shown.id, known.id)
            await connection.execute(self._store.sql["bind_visitor"], token_hash(visitor), known.id, now)
        customer_id = shown.id if known is None else known.id
        customer = await self._apply_claims(connection, customer_id, identity, locale)
        merged_from = None if customer_id == shown.id else shown.id
        return Welcome(customer, visitor, merged_from=merged_from), ended

    async def _apply_claims(
        self, connection: PooledConnection, customer_id: UUID, identity: Identity, locale: str | None
    ) -> Customer:
        """A company that was signed is made or linked on sight."""
        company_id = await self._sighting.company(connection, identity.company_id, identity.company_name)
        return await self._store.apply_claims(connection, customer_id, identity, company_id, locale, self._clock.now())

    async def _create(self, connection: PooledConnection, external_id: str | None, locale: str | None) -> Customer:
        created = await self._store.one(
            connection, "insert_customer", uuid7(), external_id, self._store.tiers.default, locale, self._clock.now()
        )
        return _existing(created)

    async def _new_visitor(self, connection: PooledConnection, customer_id: UUID) -> str:
        visitor = new_visitor_token()
        await connection.execute(self._store.sql["insert_visitor"], token_hash(visitor), customer_id, self._clock.now())
        return visitor


def card(customer: Customer) -> CustomerCard:
    """What an agent sees of a customer beside a conversation."""
    return CustomerCard(
        id=customer.id,
        name=customer.name,
        tier=customer.tier,
        company=customer.company.name if customer.company else None,
        locale=customer.locale,
    )


def normal_locale(locale: str | None) -> str | None:
    """A language tag, or ``None`` for what is not one: it only chooses words, so nobody is refused for it."""
    return locale if locale is not None and _LOCALE.fullmatch(locale) else None


def _existing(customer: Customer | None) -> Customer:
    if customer is None:
        raise NotFound()
    return customer
