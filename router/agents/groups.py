"""Skill groups and their members; refuses taken names, unknown members, and being without a default group."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from router.agents.records import Assignment, Group, GroupChange, Overflow, Skills
from router.agents.store import AgentStore
from router.errors import Conflict, Invalid, NotFound
from router.security.audit import Audit, AuditActor, AuditEntry
from router.security.claims import is_storable
from router.waiting.hours import parse_weekly

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_NAME_CHARS = 40
MAX_NAMES = 50
MAX_OVERFLOW_SECONDS = 86_400


class GroupNameTaken(Conflict):
    """There is already a group with this name."""


class Groups:
    """Every change is one transaction of its caller, with its audit entry inside."""

    def __init__(self, database: Database, store: AgentStore, audit: Audit, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._audit = audit
        self._clock = clock

    async def all(self) -> list[Group]:
        async with self._database.connection() as connection:
            return await self._store.groups(connection)

    async def get(self, group_id: UUID) -> Group:
        """Raises :class:`NotFound`."""
        async with self._database.connection() as connection:
            return await self._existing(connection, group_id)

    async def named(self, connection: PooledConnection, name: str) -> UUID | None:
        found: UUID | None = await connection.fetchval(self._store.sql["group_by_name"], _name(name))
        return found

    async def default_id(self) -> UUID | None:
        found: UUID | None = await self._database.fetchval(self._store.sql["default_group"])
        return found

    async def create(
        self,
        connection: PooledConnection,
        name: str,
        actor: AuditActor,
        *,
        assignment: Assignment | None = None,
        hours: dict[str, Any] | None = None,
        member_ids: Collection[UUID] = (),
        is_default: bool = False,
        skills: Skills | None = None,
        overflow: Overflow | None = None,
    ) -> Group:
        """Raises :class:`Invalid`, :class:`GroupNameTaken`."""
        group_id, now, name = uuid7(), self._clock.now(), _name(name)
        if hours is not None:
            _check_hours(hours)
        if not await self._store.insert_group(connection, group_id, name, assignment, hours, is_default, now):
            raise GroupNameTaken()
        await self._set_members(connection, group_id, member_ids)
        await self._set_line(connection, group_id, skills, overflow)
        await self._record(connection, actor, "group.created", group_id, {"name": name})
        return await self._existing(connection, group_id)

    async def change(
        self, connection: PooledConnection, group_id: UUID, change: GroupChange, actor: AuditActor
    ) -> Group:
        """Raises :class:`NotFound`, :class:`Invalid`, :class:`GroupNameTaken`."""
        await connection.execute(self._store.sql["lock_administration"])
        await connection.execute(self._store.sql["lock_group"], group_id)
        before = await self._existing(connection, group_id)
        after = before
        if change.name is not None:
            after = replace(after, name=_name(change.name))
        if change.assignment is not None:
            after = replace(after, assignment=None if change.assignment == "inherit" else change.assignment)
        if change.hours is not None:
            if change.hours != "inherit":
                _check_hours(change.hours)
            after = replace(after, hours=None if change.hours == "inherit" else change.hours)
        if after.name != before.name and await self.named(connection, after.name) is not None:
            raise GroupNameTaken()
        if change.is_default:
            await connection.execute(self._store.sql["clear_default_group"])
            await connection.execute(self._store.sql["make_default_group"], group_id)
        await connection.execute(self._store.sql["update_group"], group_id, after.name, after.assignment, after.hours)
        await self._set_line(connection, group_id, change.skills, change.overflow)
        fields = ("name", "assignment", "hours", "skills", "overflow", "is_default")
        changed = [field for field in fields if getattr(change, field) is not None]
        await self._record(connection, actor, "group.changed", group_id, {"fields": changed})
        return await self._existing(connection, group_id)

    async def set_members(
        self, connection: PooledConnection, group_id: UUID, member_ids: Collection[UUID], actor: AuditActor
    ) -> Group:
        """These accounts and no other are members. Raises :class:`NotFound`, :class:`Invalid`."""
        await connection.execute(self._store.sql["lock_group"], group_id)
        await self._existing(connection, group_id)
        await self._set_members(connection, group_id, member_ids)
        detail = {"members": sorted(str(id) for id in member_ids)}
        await self._record(connection, actor, "group.members_set", group_id, detail)
        return await self._existing(connection, group_id)

    async def _set_members(self, connection: PooledConnection, group_id: UUID, member_ids: Collection[UUID]) -> None:
        unknown = set(member_ids) - await self._store.known(connection, "known_accounts", member_ids)
        if unknown:
            raise Invalid("unknown account", unknown=sorted(str(id) for id in unknown))
        await connection.execute(self._store.sql["clear_members"], group_id)
        await connection.execute(self._store.sql["add_members"], group_id, list(member_ids))

    async def _set_line(
        self, connection: PooledConnection, group_id: UUID, skills: Skills | None, overflow: Overflow | None
    ) -> None:
        if skills is not None:
            lists = [_names(names) for names in (skills.topics, skills.languages, skills.products, skills.sites)]
            await connection.execute(self._store.sql["set_skills"], group_id, *lists)
        if overflow is None:
            return
        if (overflow.to is None) != (overflow.after_seconds is None):
            raise Invalid("overflow needs a group and a time, or neither")
        if overflow.after_seconds is not None and not 1 <= overflow.after_seconds <= MAX_OVERFLOW_SECONDS:
            raise Invalid(f"overflow_after_seconds lies between 1 and {MAX_OVERFLOW_SECONDS}")
        if overflow.to is not None:
            await self._check_overflow(connection, group_id, overflow.to)
        await connection.execute(self._store.sql["set_overflow"], group_id, overflow.to, overflow.after_seconds)

    async def _check_overflow(self, connection: PooledConnection, group_id: UUID, to: UUID) -> None:
        """Nobody is sent round in a circle."""
        if not await self._store.known(connection, "known_groups", [to]):
            raise Invalid("unknown group", unknown=[str(to)])
        rows = await connection.fetch(self._store.sql["overflows"])
        onwards = {row["id"]: row["overflow_to"] for row in rows} | {group_id: to}
        seen: set[UUID] = set()
        at: UUID | None = group_id
        while at is not None:
            if at in seen:
                raise Invalid("these groups would overflow in a circle", field="overflow_to")
            seen.add(at)
            at = onwards.get(at)

    async def _existing(self, connection: PooledConnection, group_id: UUID) -> Group:
        found = await self._store.groups(connection, group_id)
        if not found:
            raise NotFound()
        return found[0]

    async def _record(
        self, connection: PooledConnection, actor: AuditActor, action: str, group_id: UUID, detail: dict[str, Any]
    ) -> None:
        await self._audit.record(connection, AuditEntry(actor, action, "group", str(group_id), detail))


def _check_hours(hours: dict[str, Any]) -> None:
    try:
        parse_weekly(hours)
    except ValueError as error:
        raise Invalid(f"hours: {error}", field="hours") from error


def _names(names: Collection[str]) -> list[str]:
    if len(names) > MAX_NAMES:
        raise Invalid(f"at most {MAX_NAMES} names")
    return list(dict.fromkeys(_name(name) for name in names))


def _name(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= MAX_NAME_CHARS or not is_storable(text):
        raise Invalid(f"a group's name has 1 to {MAX_NAME_CHARS} characters")
    return text
