"""Accounts: created, changed, disabled; refuses taken names, unknown roles, and losing the last administrator."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from router.agents.records import ROLES, Account, AccountChange, NewAccount
from router.agents.store import AgentStore, account_from
from router.errors import Conflict, Forbidden, Invalid, NotFound
from router.security.audit import Audit, AuditActor, AuditEntry
from router.security.claims import is_storable
from router.security.passwords import Passwords, check_password

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_NAME_CHARS = 80
MAX_USERNAME_CHARS = 64
MAX_CAPACITY = 100
#: Who takes conversations, and so stands in a group.
TAKES_CONVERSATIONS = frozenset({"agent", "supervisor"})


class UsernameTaken(Conflict):
    """There is already an account with this user name."""


class LastAdmin(Conflict):
    """This is the last administrator; make another one first."""


class Accounts:
    """Every change is one transaction of its caller, with its audit entry inside."""

    def __init__(
        self,
        database: Database,
        store: AgentStore,
        passwords: Passwords,
        audit: Audit,
        clock: Clock,
        *,
        default_capacity: int = 5,
    ) -> None:
        self._database = database
        self._store = store
        self._passwords = passwords
        self._audit = audit
        self._clock = clock
        self._default_capacity = default_capacity

    async def get(self, account_id: UUID) -> Account:
        """Raises :class:`NotFound`."""
        async with self._database.connection() as connection:
            return await self._existing(connection, account_id)

    async def find(self, username: str) -> Account | None:
        async with self._database.connection() as connection:
            found = await self._store.account_named(connection, normal_username(username))
        return found[0] if found else None

    async def page(
        self, after: UUID | None = None, limit: int = 100, *, with_disabled: bool = False
    ) -> list[tuple[Account, Record]]:
        """Accounts in the order of their creation, each with its row, which also holds its presence."""
        rows = await self._database.fetch(self._store.sql["accounts_page"], after, with_disabled, limit)
        return [(account_from(row), row) for row in rows]

    async def create(
        self, connection: PooledConnection, new: NewAccount, actor: AuditActor, *, any_password: bool = False
    ) -> Account:
        """``any_password`` is for the first start. Raises :class:`Invalid`, :class:`UsernameTaken`."""
        new = replace(
            new,
            username=normal_username(new.username),
            name=_name(new.name),
            public_name=_name(new.public_name),
            staff_number=_name(new.staff_number),
            capacity=_capacity(self._default_capacity if new.capacity is None else new.capacity),
        )
        _check_roles(new.roles)
        group_ids = await self._groups_for(connection, new)
        if not any_password:
            check_password(new.password)
        password_hash = await self._passwords.hash(new.password)
        now, account_id = self._clock.now(), uuid7()
        if not await self._store.insert_account(connection, account_id, new, password_hash, now):
            raise UsernameTaken()
        await self._store.set_groups(connection, account_id, group_ids)
        detail = {"username": new.username, "roles": sorted(new.roles), "groups": [str(id) for id in group_ids]}
        await self._record(connection, actor, "account.created", account_id, detail)
        return await self._existing(connection, account_id)

    async def change(
        self,
        connection: PooledConnection,
        account_id: UUID,
        change: AccountChange,
        actor: AuditActor,
        *,
        manager: Account | None = None,
    ) -> Account:
        """Disabling ends the account's sessions at once.

        ``manager`` must be allowed to manage the account as it was and as it will be; ``None`` is the operator.
        Raises :class:`NotFound`, :class:`Invalid`, :class:`Forbidden`, :class:`LastAdmin`.
        """
        await connection.execute(self._store.sql["lock_administration"])
        await connection.execute(self._store.sql["lock_account"], account_id)
        before = await self._existing(connection, account_id)
        after = self._changed(before, change)
        if manager is not None:
            check_may_manage(manager, before.roles, after.roles)
        steps_down = _administrates(before) and not _administrates(after)
        if steps_down and not await connection.fetchval(self._store.sql["other_admins"], account_id):
            raise LastAdmin()
        await self._store.update_account(connection, after)
        if change.group_ids is not None:
            await self._check_groups(connection, change.group_ids)
            await self._store.set_groups(connection, account_id, change.group_ids)
        if after.disabled_at is not None and before.disabled_at is None:
            now = self._clock.now()
            await self._store.end_sessions_of(connection, account_id, now)
            await connection.execute(self._store.sql["set_presence"], account_id, "offline", False, "disabled", now)
        after = await self._existing(connection, account_id)
        await self._record(connection, actor, "account.changed", account_id, _difference(before, after))
        return after

    async def set_password(
        self, connection: PooledConnection, account_id: UUID, password: str, actor: AuditActor
    ) -> None:
        """A new password; every session of the account ends. Raises :class:`Invalid`, :class:`NotFound`."""
        check_password(password)
        password_hash = await self._passwords.hash(password)
        await self._existing(connection, account_id)
        await connection.execute(self._store.sql["set_password"], account_id, password_hash)
        ended = await self._store.end_sessions_of(connection, account_id, self._clock.now())
        await self._record(connection, actor, "account.password_set", account_id, {"sessions_ended": len(ended)})

    async def _existing(self, connection: PooledConnection, account_id: UUID) -> Account:
        account = await self._store.account(connection, account_id)
        if account is None:
            raise NotFound()
        return account

    def _changed(self, before: Account, change: AccountChange) -> Account:
        after = before
        if change.name is not None:
            after = replace(after, name=_name(change.name) or before.username)
        if change.public_name is not None:
            after = replace(after, public_name=_name(change.public_name) or after.name)
        if change.staff_number is not None:
            after = replace(after, staff_number=_name(change.staff_number))
        if change.roles is not None:
            _check_roles(change.roles)
            after = replace(after, roles=change.roles)
        if change.capacity is not None:
            after = replace(after, capacity=_capacity(change.capacity))
        if change.disabled is not None and change.disabled != (before.disabled_at is not None):
            after = replace(after, disabled_at=self._clock.now() if change.disabled else None)
        return after

    async def _groups_for(self, connection: PooledConnection, new: NewAccount) -> tuple[UUID, ...]:
        if new.group_ids is not None:
            await self._check_groups(connection, new.group_ids)
            return new.group_ids
        if new.roles.isdisjoint(TAKES_CONVERSATIONS):
            return ()
        default = await connection.fetchval(self._store.sql["default_group"])
        return () if default is None else (default,)

    async def _check_groups(self, connection: PooledConnection, group_ids: Collection[UUID]) -> None:
        unknown = set(group_ids) - await self._store.known(connection, "known_groups", group_ids)
        if unknown:
            raise Invalid("unknown group", unknown=sorted(str(id) for id in unknown))

    async def _record(
        self,
        connection: PooledConnection,
        actor: AuditActor,
        action: str,
        account_id: UUID,
        detail: Mapping[str, object],
    ) -> None:
        await self._audit.record(connection, AuditEntry(actor, action, "account", str(account_id), detail))


def may_manage(manager: Account, roles: Collection[str]) -> bool:
    """Administrators manage everybody; supervisors manage accounts that are agents and nothing more."""
    return "admin" in manager.roles or ("supervisor" in manager.roles and set(roles) <= {"agent"})


def check_may_manage(manager: Account, *roles: Collection[str]) -> None:
    """Raises :class:`Forbidden` unless ``manager`` may manage accounts with each of these sets of roles."""
    if not all(may_manage(manager, each) for each in roles):
        raise Forbidden()


def normal_username(username: str) -> str:
    """One spelling for each user name; raises :class:`Invalid` for what cannot be one."""
    normal = unicodedata.normalize("NFKC", username).strip().lower()
    if not 0 < len(normal) <= MAX_USERNAME_CHARS or not all(char.isalnum() or char in "._@+-" for char in normal):
        raise Invalid("a user name has 1 to 64 letters, digits and . _ @ + -")
    return normal


def _check_roles(roles: frozenset[str]) -> None:
    if not roles or not roles <= ROLES:
        raise Invalid("an account has one or more roles of agent, supervisor, editor, admin")


def _name(text: str | None) -> str | None:
    text = (text or "").strip()
    if len(text) > MAX_NAME_CHARS or not is_storable(text):
        raise Invalid(f"a name has at most {MAX_NAME_CHARS} characters")
    return text or None


def _capacity(capacity: int) -> int:
    if not 0 <= capacity <= MAX_CAPACITY:
        raise Invalid(f"capacity lies between 0 and {MAX_CAPACITY}")
    return capacity


def _administrates(account: Account) -> bool:
    return "admin" in account.roles and account.disabled_at is None


def _difference(before: Account, after: Account) -> dict[str, object]:
    """What changed, for the audit; colleagues' names stay out of it."""
    changed: dict[str, object] = {}
    for name in ("name", "public_name", "staff_number"):
        if getattr(before, name) != getattr(after, name):
            changed[name] = "changed"
    if before.roles != after.roles:
        changed["roles"] = [sorted(before.roles), sorted(after.roles)]
    if before.capacity != after.capacity:
        changed["capacity"] = [before.capacity, after.capacity]
    if before.group_ids != after.group_ids:
        changed["groups"] = [str(id) for id in after.group_ids]
    if (before.disabled_at is None) != (after.disabled_at is None):
        changed["disabled"] = after.disabled_at is not None
    return changed
