"""Finding customers: whole e-mail, telephone and external ids by index, names by opening the newest sealed ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from router.companies.companies import like
from router.customers.records import Customer
from router.customers.store import CustomerStore

#: Names are sealed, so the database cannot search them: so many customers are opened for one page at most.
MAX_OPENED = 2000
MAX_EXACT = 20
_BATCH = 500


@dataclass(frozen=True)
class CustomerFilter:
    """Narrows a search: with this tag, of this company, only those who are blocked now."""

    tag: str | None = None
    company_id: UUID | None = None
    blocked: bool = False


_ALL = CustomerFilter()


@dataclass(frozen=True)
class Found:
    """A page of customers, the newest first; ``last_id`` is where the next page goes on, ``None`` at the end."""

    customers: tuple[Customer, ...]
    last_id: UUID | None


class CustomerSearch:
    """Pages may be short and still have a successor, since each opens a bounded number of names."""

    def __init__(self, database: Database, store: CustomerStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def find(self, text: str, before: UUID | None, limit: int, wanted: CustomerFilter = _ALL) -> Found:
        """Customers for whom ``text`` is contact, external id, or part of name or company; all where it is empty.

        Those found by index stand in front of the first page, beyond its limit.
        """
        text = text.strip()
        exact = await self._exactly(text, wanted) if text else []
        known = {customer.id for customer in exact}
        found: list[Customer] = []
        first = exact if before is None else []
        last_id, opened = before, 0
        while len(found) < limit and opened < MAX_OPENED:
            size = min(_BATCH, MAX_OPENED - opened) if text else limit
            rows = await self._database.fetch(
                self._store.sql["customers_page"], last_id, size, *self._conditions(wanted)
            )
            for row in rows:
                last_id, opened = row["id"], opened + 1
                customer = self._store.customer_from(row)
                if customer.id not in known and (not text or text.casefold() in (customer.name or "").casefold()):
                    found.append(customer)
                    if len(found) >= limit:
                        break
            else:
                if len(rows) < size:
                    return Found((*first, *found), None)
        return Found((*first, *found), last_id)

    async def alike(self, customer_id: UUID) -> tuple[Customer, ...]:
        """Who has the same telephone number or e-mail address, and so may be the same person; the latest first."""
        rows = await self._database.fetch(self._store.sql["alike"], customer_id, MAX_EXACT)
        return tuple(self._store.customer_from(row) for row in rows)

    async def _exactly(self, text: str, wanted: CustomerFilter) -> list[Customer]:
        rows = await self._database.fetch(
            self._store.sql["find_exactly"],
            text,
            self._store.email_hash(text),
            self._store.phone_hash(text),
            f"%{like(text)}%",
            MAX_EXACT,
            *self._conditions(wanted),
        )
        return [self._store.customer_from(row) for row in rows]

    def _conditions(self, wanted: CustomerFilter) -> tuple[str | None, UUID | None, datetime | None]:
        return wanted.tag, wanted.company_id, self._clock.now() if wanted.blocked else None
