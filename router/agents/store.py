"""Accounts, sessions, groups and presence as rows; it decides nothing and opens no transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asyncpg import Record

from database.queries import load_queries
from router.agents.records import Account, Group, NewAccount, Skills

if TYPE_CHECKING:
    from database.pool import PooledConnection


class AgentStore:
    """The statements of ``queries.sql`` by name, and accounts and groups as records."""

    def __init__(self) -> None:
        self.sql = load_queries(__file__)

    async def account(self, connection: PooledConnection, account_id: UUID) -> Account | None:
        row = await connection.fetchrow(self.sql["account_by_id"], account_id)
        return None if row is None else account_from(row)

    async def account_named(self, connection: PooledConnection, username: str) -> tuple[Account, str] | None:
        """The account and its password hash."""
        row = await connection.fetchrow(self.sql["account_by_username"], username)
        return None if row is None else (account_from(row), row["password_hash"])

    async def insert_account(
        self, connection: PooledConnection, account_id: UUID, new: NewAccount, password_hash: str, at: datetime
    ) -> bool:
        """False where the user name is taken."""
        name = new.name or new.username
        inserted = await connection.fetchval(
            self.sql["insert_account"],
            account_id,
            new.username,
            password_hash,
            name,
            new.public_name or name,
            new.staff_number or None,
            sorted(new.roles),
            new.capacity,
            at,
        )
        return inserted is not None

    async def update_account(self, connection: PooledConnection, account: Account) -> None:
        await connection.execute(
            self.sql["update_account"],
            account.id,
            account.name,
            account.public_name,
            account.staff_number,
            sorted(account.roles),
            account.capacity,
            account.disabled_at,
        )

    async def set_groups(self, connection: PooledConnection, account_id: UUID, group_ids: Collection[UUID]) -> None:
        """The account belongs to these groups and no other."""
        await connection.execute(self.sql["clear_memberships"], account_id)
        await connection.execute(self.sql["join_groups"], account_id, list(group_ids))

    async def end_sessions_of(self, connection: PooledConnection, account_id: UUID, at: datetime) -> Sequence[UUID]:
        rows = await connection.fetch(self.sql["end_sessions_of"], account_id, at)
        return [row["id"] for row in rows]

    async def groups(self, connection: PooledConnection, group_id: UUID | None = None) -> list[Group]:
        rows = await connection.fetch(self.sql["groups"], group_id)
        return [
            Group(
                id=row["id"],
                name=row["name"],
                assignment=row["assignment"],
                hours=row["hours"],
                is_default=row["is_default"],
                member_ids=tuple(row["member_ids"]),
                created_at=row["created_at"],
                skills=Skills(*(tuple(row[name]) for name in ("topics", "languages", "products", "sites"))),
                overflow_to=row["overflow_to"],
                overflow_after_seconds=row["overflow_after_seconds"],
            )
            for row in rows
        ]

    async def insert_group(
        self,
        connection: PooledConnection,
        group_id: UUID,
        name: str,
        assignment: str | None,
        hours: dict[str, Any] | None,
        is_default: bool,
        at: datetime,
    ) -> bool:
        """False where the name is taken."""
        inserted = await connection.fetchval(
            self.sql["insert_group"], group_id, name, assignment, hours, is_default, at
        )
        return inserted is not None

    async def known(self, connection: PooledConnection, statement: str, ids: Collection[UUID]) -> frozenset[UUID]:
        """Which of the ids exist, by ``known_groups`` or ``known_accounts``."""
        rows = await connection.fetch(self.sql[statement], list(ids))
        return frozenset(row["id"] for row in rows)


def account_from(row: Record) -> Account:
    return Account(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        public_name=row["public_name"],
        staff_number=row["staff_number"],
        roles=frozenset(row["roles"]),
        capacity=row["capacity"],
        group_ids=tuple(row["group_ids"]),
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
        portrait=row["portrait"],
    )
