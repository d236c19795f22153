"""The accounts' and customers' parts wired as app.py wires them, with cheap hashes and a clock moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from database.clock import ManualClock
from database.pool import Database
from router.agents.accounts import Accounts
from router.agents.groups import Groups
from router.agents.http import AgentsHttp
from router.agents.presence import PresenceStore
from router.agents.records import Account, NewAccount
from router.agents.sessions import Sessions
from router.agents.store import AgentStore
from router.api import Api, Route
from router.companies.companies import Companies
from router.companies.http import CompaniesHttp
from router.companies.sighting import Sighting
from router.conversations.journal import Journal
from router.conversations.records import Committed
from router.customers.customers import Customers
from router.customers.http import CustomersHttp
from router.customers.merging import Merging
from router.customers.notes import ProfileNotes
from router.customers.search import CustomerSearch
from router.customers.store import CustomerStore
from router.customers.tiers import Tiers
from router.doors.doors import Doors
from router.doors.settings import LimitSettings
from router.idempotency import Repeats
from router.middlewares import middlewares
from router.observing.requests import Requests
from router.openapi import mount_documents
from router.security.audit import SYSTEM, Audit
from router.security.identity import IdentityReader
from router.security.passwords import Passwords
from router.security.sealing import Sealer
from router.security.throttle import SignInThrottle
from router.security.tokens import AccessTokens, RefreshTokens

PASSWORD = "correct horse"
SECRET = "s" * 40
TIERS = ["free", "standard", "enterprise", "strategic"]


@dataclass(frozen=True)
class Desk:
    database: Database
    clock: ManualClock
    store: AgentStore
    passwords: Passwords
    accounts: Accounts
    sessions: Sessions
    groups: Groups
    presence: PresenceStore
    customer_store: CustomerStore
    customers: Customers
    companies: Companies
    notes: ProfileNotes
    search: CustomerSearch
    identities: IdentityReader
    told: list[Committed]  # what the journal's listener heard
    resets: list[UUID] = field(default_factory=list)  # customers whose pages would be closed

    async def account(self, username: str, *roles: str, **more: Any) -> Account:
        new = NewAccount(username=username, password=PASSWORD, roles=frozenset(roles or {"agent"}), **more)
        async with self.database.transaction() as connection:
            return await self.accounts.create(connection, new, SYSTEM)

    def routes(self) -> list[Route]:
        return [
            *AgentsHttp(self.sessions, self.accounts, self.groups).routes(),
            *CustomersHttp(self.customers, self.search, self.notes, self._note_reset, self._tell).routes(),
            *CompaniesHttp(self.companies, self.notes).routes(),
        ]

    async def _note_reset(self, customer_id: UUID) -> None:
        self.resets.append(customer_id)

    async def _tell(self, news: Sequence[Committed]) -> None:
        self.told.extend(news)

    def app(self) -> web.Application:
        app = web.Application(middlewares=middlewares(Doors(LimitSettings(), ()), Requests()))
        routes = self.routes()
        Api(self.sessions, self.customers, Repeats(self.database, self.clock)).mount(app, routes)
        mount_documents(app, routes)
        return app

    @asynccontextmanager
    async def http(self) -> AsyncIterator[TestClient[web.Request, web.Application]]:
        async with TestClient(TestServer(self.app())) as client:
            yield client

    async def audited(self) -> list[str]:
        return [row["action"] for row in await self.database.fetch("select action from audit order by id")]


def make_desk(database: Database, clock: ManualClock) -> Desk:
    audit = Audit(clock)
    store = AgentStore()
    passwords = Passwords(time_cost=1, memory_kib=1024, parallelism=1)
    accounts = Accounts(database, store, passwords, audit, clock)
    sessions = Sessions(
        database,
        store,
        passwords,
        AccessTokens(b"k" * 32, clock),
        RefreshTokens(b"k" * 32),
        SignInThrottle(database, clock, Sealer([b"a" * 32], b"l" * 32).lookup_hash),
        audit,
        clock,
    )
    customer_store = CustomerStore(
        Sealer([b"a" * 32], b"l" * 32), Tiers({name: rank for rank, name in enumerate(TIERS)}, "free")
    )
    told: list[Committed] = []

    async def listen(news: Sequence[Committed]) -> None:
        told.extend(news)

    journal = Journal(database, clock, listen)
    merging = Merging(customer_store, journal, audit, clock)

    return Desk(
        database=database,
        clock=clock,
        store=store,
        passwords=passwords,
        accounts=accounts,
        sessions=sessions,
        groups=Groups(database, store, audit, clock),
        presence=PresenceStore(database, store, clock),
        customer_store=customer_store,
        customers=Customers(database, customer_store, journal, audit, clock, merging=merging, sighting=Sighting(clock)),
        companies=Companies(database, audit, clock, TIERS),
        notes=ProfileNotes(database, audit, clock),
        search=CustomerSearch(database, customer_store, clock),
        identities=IdentityReader({"k1": SECRET}, TIERS, clock),
        told=told,
    )
