"""The settings in force: config.yaml with what was changed at the desk over it, followed by every process.

What does not fit config.yaml any more is left aside and told about; the program goes on with what config.yaml says.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asyncpg import Record
from pydantic import ValidationError

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.errors import Conflict, Invalid
from router.security.audit import Audit, AuditActor, AuditEntry
from router.settings import Settings
from router.tuning.keys import BY_NAME, KEYS, put, read

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)

Listener = Callable[[Settings], None]


@dataclass(frozen=True, slots=True)
class Overridden:
    """A key that does not stand as config.yaml has it."""

    value: Any
    at: datetime
    by: str


class Tuning:
    """``settings`` are those in force; whoever keeps a part of them listens."""

    def __init__(self, database: Database, audit: Audit, clock: Clock, configured: Settings) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._configured = configured
        self._plain = configured.model_dump()
        self._sql = load_queries(Path(__file__))
        self._listeners: list[Listener] = []
        self._looking: set[asyncio.Task[None]] = set()
        self._following = asyncio.Lock()
        self.settings = configured
        self.revision = 0
        self.overridden: Mapping[str, Overridden] = {}

    def listen(self, listener: Listener) -> None:
        """Is told the settings in force whenever they have changed."""
        self._listeners.append(listener)

    def default(self, name: str) -> Any:
        """What config.yaml says."""
        return read(self._plain, BY_NAME[name])

    def value(self, name: str) -> Any:
        """What holds."""
        return self.overridden[name].value if name in self.overridden else self.default(name)

    async def follow(self) -> None:
        """Takes over what was changed here or in another process."""
        async with self._following:
            revision = await self._database.fetchval(self._sql["revision"])
            if revision == self.revision:
                return
            rows = await self._database.fetch(self._sql["in_force"])
            overridden = {
                row["key"]: Overridden(row["value"], row["at"], row["by_name"]) for row in rows if row["key"] in BY_NAME
            }
            try:
                settings = self._with({name: each.value for name, each in overridden.items()})
            except Invalid as error:
                log.error("settings changed at the desk do not fit config.yaml any more: %s", error)
                settings, overridden = self._configured, {}
            self.settings, self.overridden, self.revision = settings, overridden, revision
            log.info("other settings are in force", extra={"revision": revision})
            for listener in self._listeners:
                listener(settings)

    def look_soon(self) -> None:
        """Looks at once, in the background: somebody here changed something."""
        task = asyncio.get_running_loop().create_task(self._look(), name="settings")
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self) -> None:
        try:
            await self.follow()
        except DatabaseUnavailable:
            log.info("the settings are looked at later")

    async def change(
        self, connection: PooledConnection, changes: Mapping[str, Any], revision: int, actor: AuditActor
    ) -> int:
        """Puts values over config.yaml; None: as config.yaml has it. Returns the new revision.

        Raises `Invalid` for a key that is none of ours, or a value that does not fit, alone or beside the others;
        `Conflict` where somebody else was faster.
        """
        for name, value in changes.items():
            key = BY_NAME.get(name)
            if key is None:
                raise Invalid(f"{name} cannot be changed here", field=name)
            if value is not None and not key.fits(value):
                raise Invalid(f"{name} does not take this value", field=name, low=key.low, high=key.high)
        await connection.execute(self._sql["lock_settings"])
        if await connection.fetchval(self._sql["revision"]) != revision:
            raise Conflict("somebody else changed the settings meanwhile")
        held = {row["key"]: row["value"] for row in await connection.fetch(self._sql["in_force"])}
        before = {name: value for name, value in held.items() if name in BY_NAME}
        after = {name: value for name, value in {**before, **changes}.items() if value is not None}
        self._with(after)
        for name, value in changes.items():
            old = before.get(name, self.default(name))
            if value == before.get(name):
                continue
            await connection.execute(
                self._sql["add_change"], name, value, old, self._clock.now(), actor.id, actor.name or ""
            )
            detail = {"old": old, "new": self.default(name) if value is None else value, "default": value is None}
            await self._audit.record(connection, AuditEntry(actor, "setting.changed", "setting", name, detail))
        made: int = await connection.fetchval(self._sql["revision"])
        return made

    async def history(self, limit: int) -> list[Record]:
        """The newest changes."""
        return await self._database.fetch(self._sql["history"], limit)

    async def evaluation(self, *states: str) -> Record | None:
        """The newest evaluation of the knowledge base in one of these states."""
        return await self._database.fetchrow(self._sql["last_evaluation"], list(states))

    def _with(self, overrides: Mapping[str, Any]) -> Settings:
        """config.yaml with these over it; raises `Invalid` with every fault."""
        values = self._configured.model_dump()
        for key in KEYS:
            if key.name in overrides:
                put(values, key, overrides[key.name])
        try:
            return Settings.model_validate(values)
        except ValidationError as error:
            faults = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
            raise Invalid("these settings contradict each other", faults=faults) from None
