"""Accounts, groups, sessions and presence of those who work here; customers and how they prove who they are."""

from __future__ import annotations

from dataclasses import dataclass

from router.agents.accounts import Accounts
from router.agents.groups import Groups
from router.agents.portraits import PortraitsHttp
from router.agents.presence import PresenceStore
from router.agents.sessions import Sessions
from router.agents.store import AgentStore
from router.assembly.ground import Ground
from router.companies.companies import Companies
from router.companies.sighting import Sighting
from router.conversations.journal import Journal
from router.customers.customers import Customers
from router.customers.merging import Merging
from router.customers.notes import ProfileNotes
from router.customers.search import CustomerSearch
from router.customers.store import CustomerStore
from router.preparing import FirstAccount
from router.security.identity import IdentityReader
from router.security.passwords import Passwords
from router.security.throttle import SignInThrottle
from router.security.tokens import AccessTokens, RefreshTokens
from router.sockets.presence_notices import PresenceNotices
from router.timetable import Job


@dataclass(frozen=True, slots=True)
class Staff:
    accounts: Accounts
    groups: Groups
    sessions: Sessions
    presence: PresenceStore
    first: FirstAccount
    presence_notices: PresenceNotices
    portraits: PortraitsHttp
    throttle: SignInThrottle

    def jobs(self) -> list[Job]:
        return [Job("forget old attempts to sign in", 60, self.throttle.clean)]


@dataclass(frozen=True, slots=True)
class Clients:
    """The customers' side."""

    customers: Customers
    search: CustomerSearch
    identities: IdentityReader
    companies: Companies
    notes: ProfileNotes


def wire_staff(ground: Ground) -> Staff:
    settings, database, clock, audit = ground.settings, ground.database, ground.clock, ground.audit
    security, routing = settings.security, settings.routing
    store = AgentStore()
    passwords = Passwords(time_cost=security.password_rounds, memory_kib=security.password_memory_mib * 1024)
    ground.opened.callback(passwords.close)
    accounts = Accounts(database, store, passwords, audit, clock, default_capacity=routing.default_capacity)
    groups = Groups(database, store, audit, clock)
    throttle = SignInThrottle(
        database,
        clock,
        ground.sealer.lookup_hash,
        attempts=security.sign_in_attempts,
        attempts_per_address=security.sign_in_attempts_per_address,
        window_seconds=security.sign_in_window_seconds,
    )
    sessions = Sessions(
        database,
        store,
        passwords,
        AccessTokens(ground.secrets.token_key, clock, lifetime_seconds=int(security.access_minutes * 60)),
        RefreshTokens(ground.secrets.token_key),
        throttle,
        audit,
        clock,
        lifetime_seconds=int(security.refresh_days * 86_400),
        grace_seconds=security.refresh_grace_seconds,
    )
    first = FirstAccount(
        store,
        accounts,
        groups,
        routing.default_group,
        sorted(set(settings.bot.always_human.values())),
        settings.admin.password,
        settings.data_dir / "admin-password",
    )
    notices = PresenceNotices(ground.gateway, ground.wire)
    presence = PresenceStore(
        database,
        store,
        clock,
        lost_after_seconds=routing.agent_lost_seconds,
        away_after_missed_offers=routing.away_after_missed_offers,
        away_after_silences=routing.away_after_silences,
        tell=notices.tell,
    )
    portraits = PortraitsHttp(database, store, audit, clock)
    return Staff(accounts, groups, sessions, presence, first, notices, portraits, throttle)


def wire_clients(ground: Ground, journal: Journal) -> Clients:
    settings, database, clock, audit = ground.settings, ground.database, ground.clock, ground.audit
    store = CustomerStore(ground.sealer, ground.tiers)
    merging = Merging(store, journal, audit, clock)
    return Clients(
        Customers(database, store, journal, audit, clock, merging=merging, sighting=Sighting(clock)),
        CustomerSearch(database, store, clock),
        IdentityReader(settings.security.identity_secrets, settings.tiers, clock),
        Companies(database, audit, clock, settings.tiers),
        ProfileNotes(database, audit, clock),
    )
