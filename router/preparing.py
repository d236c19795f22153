"""From a program that listens to one that works: database, migrations, first account, index; waits for the database
as long as it takes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.opening import prepare_database
from database.pool import Database
from database.settings import DatabaseSettings
from router.agents.accounts import Accounts
from router.agents.first_start import ensure_first_start
from router.agents.groups import Groups
from router.agents.store import AgentStore
from router.health import Readiness
from router.knowledge.knowledge import Knowledge

log = logging.getLogger(__name__)

_RETRY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """What the first account and the first groups are made with and from."""

    store: AgentStore
    accounts: Accounts
    groups: Groups
    default_group: str
    routed_groups: Sequence[str]
    password: str | None
    password_file: Path


class Preparing:
    """Says in `readiness.step` how far it is."""

    def __init__(
        self,
        database: Database,
        settings: DatabaseSettings,
        clock: Clock,
        readiness: Readiness,
        first: FirstAccount,
        knowledge: Knowledge,
        say: Callable[[str], None],
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._readiness = readiness
        self._first = first
        self._knowledge = knowledge
        self._say = say

    async def run(self) -> None:
        """Comes back when everything is ready; raises what no waiting heals."""
        readiness = self._readiness
        while not readiness.indexed:
            try:
                readiness.step = "waiting for the database"
                await self._database.wait_ready()
                readiness.step = "migrating"
                readiness.warnings = await prepare_database(self._database, self._settings, clock=self._clock)
                readiness.migrated = True
                readiness.step = "preparing accounts"
                await self._make_first_account()
                readiness.step = "loading the knowledge index"
                await self._knowledge.first_start(self._say)
                readiness.indexed = True
            except DatabaseUnavailable as error:
                log.warning("start-up waits for the database: %s", error)
                await asyncio.sleep(_RETRY_SECONDS)
        for warning in readiness.warnings:
            log.warning("unsafe durability was allowed: %s", warning)

    async def _make_first_account(self) -> None:
        first = self._first
        made = await ensure_first_start(
            self._database, first.store, first.accounts, first.groups, group_name=first.default_group,
            routed_groups=first.routed_groups, given_password=first.password, password_file=first.password_file,
        )  # fmt: skip
        if made.generated_password is not None:
            self._say(f"account admin, password {made.generated_password} (kept in {first.password_file})")
