"""Makes deliveries of notices: who is meant, where they are reached now; a notice that cannot be told says why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.notifications.audience import Audience, Drafted, Person
from router.notifications.kinds import KINDS
from router.notifications.records import (
    Address,
    Customer,
    Integrators,
    Members,
    Recipient,
    Staff,
    Supervisors,
    recipient_from,
)
from router.notifications.sealed import Inside, Seals
from router.security.sealing import SealBroken

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)

_AT_ONCE = 200
_MOST_AWAITED = 5_000
#: Whether a page of the customer is open at this process: then everything is told in the chat.
IsHere = Callable[[UUID], bool]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A notice of this round; ``inside`` is None where it cannot be opened."""

    row: Record
    to: Recipient
    inside: Inside


class Spreading:
    """In the order of the notices, by one process at a time.

    Where there are others (``others_seconds`` above 0), what is for a customer waits for so long: the process that has
    a page of theirs says so in the database, which is always there for all of them.
    """

    def __init__(
        self,
        database: Database,
        seals: Seals,
        clock: Clock,
        audience: Audience,
        is_here: IsHere,
        *,
        others_seconds: float = 0.0,
    ) -> None:
        self._database = database
        self._seals = seals
        self._clock = clock
        self._audience = audience
        self._is_here = is_here
        self._others = timedelta(seconds=others_seconds)
        self._sql = load_queries(__file__)

    async def tick(self) -> int:
        """How many notices were spread; all that are due."""
        spread = 0
        if self._others:
            await self._say_who_is_here()
        while True:
            async with self._database.transaction() as connection:
                done = await self._round(connection)
            spread += done
            if done < _AT_ONCE:
                return spread

    async def _say_who_is_here(self) -> None:
        now = self._clock.now()
        awaited = await self._database.fetch(self._sql["customers_awaited"], now, _MOST_AWAITED)
        if here := [row["id"] for row in awaited if self._is_here(row["recipient_id"])]:
            await self._database.execute(self._sql["seen_in_chat"], here, now)

    async def _round(self, connection: PooledConnection) -> int:
        if not await connection.fetchval(self._sql["take_spreading"]):
            return 0
        now = self._clock.now()
        rows = await connection.fetch(self._sql["due_notices"], now, _AT_ONCE, now - self._others)
        if not rows:
            return 0
        troubles: dict[UUID, str | None] = {}
        opened: list[_Opened] = []
        for row in rows:
            found = self._open(row)
            troubles[row["id"]] = found if isinstance(found, str) else None
            if not isinstance(found, str):
                opened.append(found)
        people = await _People.of(connection, self._sql, self._seals, opened)
        deliveries: list[tuple[Any, ...]] = []
        endpoints: dict[str, str] = {}
        for notice in opened:
            for drafted in self._drafts(notice, people):
                deliveries.append(self._columns(notice.row, drafted))
                endpoints[drafted.endpoint] = drafted.channel
        if deliveries:
            await connection.execute(self._sql["know_endpoints"], list(endpoints), list(endpoints.values()))
            await connection.execute(self._sql["add_deliveries"], *map(list, zip(*deliveries, strict=True)))
        await connection.execute(self._sql["mark_spread"], list(troubles), list(troubles.values()), now)
        return len(rows)

    def _open(self, row: Record) -> _Opened | str:
        if row["kind"] not in KINDS:
            log.error("notice of an unknown kind", extra={"kind": row["kind"]})
            return f"there is no notice {row['kind']}"
        if row["sealed"] is None:
            return "its text was emptied"
        try:
            inside = self._seals.open_notice(row["id"], row["sealed"])
        except SealBroken:
            return "its seal does not open"
        return _Opened(row, recipient_from(row["recipient_kind"], row["recipient_id"], inside.to), inside)

    def _drafts(self, notice: _Opened, people: _People) -> list[Drafted]:
        kind, data, now = notice.row["kind"], notice.inside.data, self._clock.now()
        match notice.to:
            case Customer() as customer:
                if self._is_here(customer.id):
                    return []
                return self._audience.of_customer(kind, people.customer(customer), data, now)
            case Address() as address:
                person = people.address(address)
                if kind == "test":
                    return self._audience.test(str(data["endpoint"]), person, now)
                return self._audience.of_customer(kind, person, data, now)
            case Staff(account_id):
                return self._audience.of_staff(kind, people.staff(account_id), data, now)
            case Supervisors(group_id):
                supervisors = self._audience.of_staff(kind, people.supervisors(group_id), data, now)
                return [*self._audience.robots(kind, people.group(group_id), data, now), *supervisors]
            case Members(group_id):
                members = self._audience.of_staff(kind, people.members(group_id), data, now)
                return [*self._audience.robots(kind, people.group(group_id), data, now), *members]
            case Integrators():
                return self._audience.webhooks(kind, people.webhooks, data, now)

    def _columns(self, notice: Record, drafted: Drafted) -> tuple[Any, ...]:
        delivery_id = uuid7()
        return (
            delivery_id,
            notice["id"],
            drafted.channel,
            drafted.endpoint,
            self._seals.lane(f"{drafted.channel}:{drafted.lane}"),
            drafted.thread,
            self._seals.seal("deliveries", "address", delivery_id, drafted.address),
            drafted.locale,
            self._clock.now(),
            drafted.due_at,
        )


class _People:
    """Everybody whom the notices of a round are for, read in a few questions."""

    def __init__(self, seals: Seals, customers: Sequence[Record], staff: Sequence[Record]) -> None:
        self._seals = seals
        self._customers = {row["id"]: row for row in customers}
        self._staff = {row["id"]: row for row in staff}
        self._groups: dict[UUID, str] = {}
        self._refused: frozenset[bytes] = frozenset()
        self.webhooks: list[tuple[UUID, Sequence[str]]] = []

    @classmethod
    async def of(cls, connection: PooledConnection, sql: Any, seals: Seals, notices: Sequence[_Opened]) -> _People:
        recipients = [notice.to for notice in notices]
        customers = [to.id for to in recipients if isinstance(to, Customer)]
        accounts = [to.account_id for to in recipients if isinstance(to, Staff)]
        groups = [to.group_id for to in recipients if isinstance(to, Supervisors)]
        teams = [to.group_id for to in recipients if isinstance(to, Members)]
        people = cls(
            seals,
            await connection.fetch(sql["customers_told"], customers) if customers else [],
            await connection.fetch(sql["staff_told"], accounts, bool(groups), teams)
            if accounts or groups or teams
            else [],
        )
        if named := [group for group in (*groups, *teams) if group is not None]:
            rows = await connection.fetch(sql["group_names"], named)
            people._groups = {row["id"]: row["name"] for row in rows}
        if any(isinstance(to, Integrators) for to in recipients):
            people.webhooks = [(row["id"], row["events"]) for row in await connection.fetch(sql["webhooks_on"])]
        hashes = [
            seals.email_hash(person.email)
            for to in recipients
            if isinstance(to, Customer | Address)
            and (person := people.customer(to) if isinstance(to, Customer) else people.address(to)).email
        ]
        if hashes:
            people._refused = frozenset(
                row["email_hash"] for row in await connection.fetch(sql["mail_refused"], hashes)
            )
        return people

    def customer(self, to: Customer) -> Person:
        """The address given with the notice goes before what is known of the customer."""
        row = self._customers.get(to.id)
        email, phone, locale = to.email, to.phone, None
        if row is not None:
            locale = row["locale"]
            if not (email or phone):
                email = self._seals.open("customers", "email", to.id, row["email_sealed"])
                phone = self._seals.open("customers", "phone", to.id, row["phone_sealed"])
        return Person(to.id, email, phone, locale, self._refuses(email))

    def address(self, to: Address) -> Person:
        return Person(None, to.email, to.phone, to.locale, self._refuses(to.email))

    def staff(self, account_id: UUID) -> list[Person]:
        row = self._staff.get(account_id)
        return [] if row is None else [self._colleague(row)]

    def supervisors(self, group_id: UUID | None) -> list[Person]:
        """Those of the group; all of them where it has none."""
        everybody = [row for row in self._staff.values() if row["is_supervisor"]]
        of_group = [row for row in everybody if group_id in row["group_ids"]]
        return [self._colleague(row) for row in of_group or everybody]

    def members(self, group_id: UUID) -> list[Person]:
        return [self._colleague(row) for row in self._staff.values() if group_id in row["group_ids"]]

    def group(self, group_id: UUID | None) -> str | None:
        return None if group_id is None else self._groups.get(group_id)

    def _colleague(self, row: Record) -> Person:
        email = self._seals.open("account_contacts", "email", row["id"], row["email_sealed"])
        phone = self._seals.open("account_contacts", "phone", row["id"], row["phone_sealed"])
        return Person(row["id"], email, phone, row["locale"])

    def _refuses(self, email: str | None) -> bool:
        return bool(email) and self._seals.email_hash(email or "") in self._refused
