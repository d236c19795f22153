"""The calendar that holds now, in every process: from the file, from the console, read again without a restart.

File and console make revisions of one history in the database; the newest one holds. A faulty file changes nothing: its
faults are reported with their lines, and the calendar before goes on holding.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.calendar.document import Document, check_document, read_document
from router.calendar.table import GroupHours, HoursTable
from router.errors import Conflict, Invalid
from router.security.audit import Audit, AuditActor, AuditEntry
from router.settings_sources import SettingsError
from router.waiting.hours import Calendar, parse_weekly

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the calendar that holds came from; revision 0 is the file as read before the database was there."""

    revision: int = 0
    origin: str = "file"
    at: datetime | None = None
    author: str | None = None


class Calendars:
    """Asked for hours at every turn; nobody keeps what it answers."""

    def __init__(
        self,
        database: Database,
        audit: Audit,
        clock: Clock,
        *,
        base: Calendar,
        file: Path | None,
        tiers: tuple[str, ...],
    ) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._file = file
        self._tiers = tiers
        self._sql = load_queries(__file__)
        self._seen: str | None = None
        self._text_hash = ""
        self._waiting: Document | None = None
        self._accounts: dict[str, UUID] = {}
        self._looking: set[asyncio.Task[None]] = set()
        self._following = asyncio.Lock()
        self.faults: tuple[str, ...] = ()
        self.standing = Standing()
        found = self._look_at_file()
        self.table = HoursTable(base, (self._waiting if found else None) or Document())

    # Asking ----------------------------------------------------------------------------------------------------

    def now(self) -> Calendar:
        """The desk's hours: when anybody at all is there."""
        return self.table.desk()

    def of(self, group_id: UUID | None, tier: str | None = None, at: datetime | None = None) -> Calendar:
        """The hours of a group for customers of a tier; ``at``: somebody on call then opens the desk."""
        return self.table.of(group_id, tier, at)

    def cover(self, group_id: UUID, at: datetime) -> UUID | None:
        """The group that stands in for this one at lunch, if it rests now."""
        return self.table.cover(group_id, at)

    def on_call(self, tier: str | None, at: datetime) -> tuple[str, ...]:
        """Account names on call for customers of a tier; empty: nobody."""
        return self.table.on_call(tier, at)

    @property
    def revision(self) -> int:
        return self.standing.revision

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers there are."""
        return self._tiers

    @property
    def file(self) -> Path | None:
        return self._file

    def accounts_on_call(self, tier: str | None, at: datetime) -> tuple[UUID, ...]:
        """The same as accounts; names that nobody has are left out."""
        return tuple(self._accounts[name] for name in self.table.on_call(tier, at) if name in self._accounts)

    def know(self, group_id: UUID, name: str, hours: Mapping[str, Any] | None) -> None:
        """A group as its row is now; the next look would find it later."""
        group = GroupHours(group_id, name, _usable(group_id, hours))
        if self.table.groups.get(group_id) != group:
            groups = {**self.table.groups, group_id: group}
            self.table = HoursTable(self.table.base, self.table.document, groups)

    def unknown_accounts(self) -> tuple[str, ...]:
        """Accounts that the calendar names and that nobody has."""
        return tuple(name for name in self._named_accounts() if name not in self._accounts)

    def _named_accounts(self) -> list[str]:
        plan = self.table.document.on_call
        if plan is None:
            return []
        return list(dict.fromkeys((*plan.accounts, *(name for names in plan.weeks.values() for name in names))))

    def look_soon(self) -> None:
        """Looks at once, in the background: somebody here changed the calendar."""
        task = asyncio.get_running_loop().create_task(self._look(), name="calendar")
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self) -> None:
        try:
            await self.follow()
        except DatabaseUnavailable:
            log.info("the calendar is looked at later")

    # Following -------------------------------------------------------------------------------------------------

    async def follow(self) -> None:
        """Takes over a changed file, another process's calendar and changed groups."""
        async with self._following:
            await self._follow()

    async def _follow(self) -> None:
        if self._look_at_file():
            await self._take_over_file()
        row = await self._database.fetchrow(self._sql["newest_calendar"])
        document = self.table.document
        if row is not None and row["revision"] != self.standing.revision:
            try:
                document = check_document(row["document"], self._tiers)
            except SettingsError as error:  # a tier of then is gone from config.yaml
                log.error("calendar %s does not fit the settings: %s", row["revision"], "; ".join(error.faults))
            else:
                self.standing = Standing(row["revision"], row["origin"], row["at"], row["author"])
        rows = await self._database.fetch(self._sql["group_hours"])
        groups = {row["id"]: GroupHours(row["id"], row["name"], _usable(row["id"], row["hours"])) for row in rows}
        if document is not self.table.document or groups != dict(self.table.groups):
            self.table = HoursTable(self.table.base, document, groups)
        named = self._named_accounts()
        if named or self._accounts:
            found = await self._database.fetch(self._sql["accounts_named"], named)
            self._accounts = {row["username"]: row["id"] for row in found}

    def _look_at_file(self) -> bool:
        """Reads the file where it has changed since the last look; true where there is a calendar to take over."""
        if self._file is None:
            return False
        try:
            text = self._file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
            self._report((f"{self._file.name}: {reason}",))
            return False
        if text == self._seen:
            return self._waiting is not None
        self._seen = text
        try:
            self._waiting = read_document(text, self._file.name, self._tiers)
        except SettingsError as error:
            self._waiting = None
            self._report(error.faults)
            return False
        self._text_hash = hashlib.sha256(text.encode()).hexdigest()
        self._report(())
        return True

    def _report(self, faults: tuple[str, ...]) -> None:
        if faults != self.faults:
            for fault in faults:
                log.error("calendar: %s; the one before goes on holding", fault)
            if not faults:
                log.info("calendar: the file is in order again")
        self.faults = faults

    async def _take_over_file(self) -> None:
        document = self._waiting
        assert document is not None
        async with self._database.transaction() as connection:
            await connection.execute(self._sql["lock_calendars"])
            if await connection.fetchval(self._sql["newest_file_hash"]) != self._text_hash:
                await connection.fetchval(
                    self._sql["add_calendar"], "file", document.as_json(), self._text_hash, None, self._clock.now()
                )
                log.info("calendar: taken over from the file")
        self._waiting = None

    # Changing --------------------------------------------------------------------------------------------------

    async def change(
        self, connection: PooledConnection, values: dict[str, Any], revision: int, actor: AuditActor
    ) -> int:
        """A calendar from the console, made of the one with this revision; returns the new revision.

        Raises `Invalid` with every fault, `Conflict` where somebody else was faster.
        """
        try:
            document = check_document(values, self._tiers)
        except SettingsError as error:
            raise Invalid("the calendar has faults", faults=list(error.faults)) from error
        await connection.execute(self._sql["lock_calendars"])
        newest = await connection.fetchrow(self._sql["newest_calendar"])
        present = 0 if newest is None else newest["revision"]
        if present != revision:
            raise Conflict("somebody else changed the calendar meanwhile", revision=present)
        said = document.as_json()
        digest = hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()
        made: int = await connection.fetchval(
            self._sql["add_calendar"], "desk", said, digest, actor.id, self._clock.now()
        )
        before = {} if newest is None else newest["document"]
        changed = sorted(key for key in {*before, *said} if before.get(key) != said.get(key))
        detail = {"revision": made, "before": present, "changed": changed}
        await self._audit.record(connection, AuditEntry(actor, "calendar.changed", "calendar", str(made), detail))
        return made


def _usable(group_id: UUID, hours: Any) -> Mapping[str, Any] | None:
    """Hours that were written past the API, which checks them, are left aside."""
    if hours is None:
        return None
    try:
        parse_weekly(hours)
    except (ValueError, AttributeError) as error:
        log.warning("group %s: its hours are left aside: %s", group_id, error)
        return None
    found: Mapping[str, Any] = hours
    return found
