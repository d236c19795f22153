"""What takes long and runs in a process of its own: reindexing, replays, evaluations, tries with drafts; one at a time
on a server, told step by step in the database, so that any server can say how far it is."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from kb_index.articles import Author
from router.errors import NotFound
from router.knowledge.said import put_back, put_back_in_page

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)

RunKind = Literal["reindex", "replay", "evaluation", "try"]
RunState = Literal["waiting", "running", "done", "refused", "failed", "stopped"]

_TOLD_SECONDS = 0.4  # between two notes of how far it is
_LINE_LIMIT = 64 * 1024 * 1024  # a result is one line
#: A process that gave no sign of life for so long is gone; one that waits for its turn may wait longer.
_LOST_AFTER = {"running": timedelta(minutes=3), "waiting": timedelta(minutes=30)}
_KEPT = timedelta(days=30)
_TRY_KEPT = timedelta(days=1)
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Found:
    """The last line of a process."""

    state: RunState
    result: Any = None
    report: str | None = None
    error: str | None = None


class Runs:
    """``settings`` gives what the process has to know of the settings in force."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: Callable[[], Mapping[str, Any]],
        after_reindex: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._after_reindex = after_reindex
        self._turn = asyncio.Lock()
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._sql = load_queries(__file__)

    async def ask_for(
        self, connection: PooledConnection, kind: RunKind, parameters: Mapping[str, Any], author: Author
    ) -> UUID:
        """Notes that something is to be run; `begin` after the commit."""
        run_id, now = uuid7(), self._clock.now()
        await connection.execute(self._sql["insert_run"], run_id, kind, dict(parameters), author.id, author.name, now)
        return run_id

    def begin(self, run_id: UUID, kind: RunKind) -> None:
        """Runs it as soon as the one before is through."""
        task = asyncio.create_task(self._work(run_id, kind), name=f"knowledge {kind}")
        self._tasks[run_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(run_id, None))

    async def one(self, run_id: UUID, connection: PooledConnection | None = None) -> Any:
        """A run as it is stored; `result` says what it found. Raises `NotFound`."""
        row = await (connection or self._database).fetchrow(self._sql["run"], run_id)
        if row is None:
            raise NotFound("there is no such run")
        return row

    async def result(self, row: Any) -> Any:
        """What a run found, in customers' words as the log has them now."""
        if not isinstance(row["result"], dict) or "said" not in row["result"]:
            return row["result"]
        found = dict(row["result"])
        return put_back(found, await self._words(found.pop("said")))

    async def report(self, run_id: UUID) -> str:
        """The page that a run wrote; raises `NotFound`."""
        row = await self._database.fetchrow(self._sql["run_report"], run_id)
        if row is None or row["report"] is None:
            raise NotFound("this run wrote no report")
        return put_back_in_page(row["report"], await self._words(row["said"] or []))

    async def latest(self, kind: RunKind | None, limit: int) -> list[Any]:
        """The latest runs."""
        return await self._database.fetch(self._sql["runs"], kind, limit)

    def state_of(self, row: Any) -> RunState:
        """A process that gave no sign of life for long is gone, whatever its row says."""
        state: RunState = row["state"]
        patience = _LOST_AFTER.get(state)
        lost = patience is not None and self._clock.now() - row["touched_at"] > patience
        return "stopped" if lost else state

    async def stop(self, run_id: UUID) -> None:
        """Ends a run of this server, or marks one that nobody works on."""
        task = self._tasks.get(run_id)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        await self._end(run_id, Found("stopped"))

    async def forget(self) -> None:
        """Runs go after a while, tries after a day."""
        now = self._clock.now()
        await self._database.execute(self._sql["forget_runs"], now - _KEPT, now - _TRY_KEPT)

    async def drain(self) -> None:
        """Ends what still runs: nothing of it changes anything before its end."""
        for run_id in list(self._tasks):
            with suppress(DatabaseUnavailable):
                await self.stop(run_id)

    async def _words(self, places: Sequence[Any]) -> Sequence[str | None]:
        if not places:
            return ()
        words: list[str | None] = await self._database.fetchval(self._sql["said"], list(places))
        return words

    async def _work(self, run_id: UUID, kind: RunKind) -> None:
        try:
            async with self._turn:
                parameters = await self._database.fetchval(self._sql["begin_run"], run_id, self._clock.now())
                if parameters is None:
                    return
                found = await self._process(run_id, kind, parameters)
            if kind == "reindex" and found.state == "done":
                await self._after_reindex()
            await self._end(run_id, found)
        except DatabaseUnavailable as error:
            log.warning("a %s was lost: %s", kind, error)
        except Exception as error:  # the edge of this task
            log.exception("a %s failed", kind)
            with suppress(DatabaseUnavailable):
                await self._end(run_id, Found("failed", error=str(error) or type(error).__name__))

    async def _process(self, run_id: UUID, kind: RunKind, parameters: Mapping[str, Any]) -> Found:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "scripts.rehearse",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=_ROOT, limit=_LINE_LIMIT,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        told_at, last = 0.0, dict[str, Any]()
        loop = asyncio.get_running_loop()
        try:
            given = {"kind": kind, "settings": dict(self._settings()), "parameters": parameters}
            process.stdin.write(msgspec.json.encode(given))
            process.stdin.close()
            async for line in process.stdout:
                last = msgspec.json.decode(line)
                if "doing" in last and loop.time() - told_at >= _TOLD_SECONDS:
                    told_at = loop.time()
                    now = self._clock.now()
                    how_far = (last["doing"], last["done"], last["total"])
                    await self._database.execute(self._sql["touch_run"], run_id, *how_far, now)
            status = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if status != 0 or "result" not in last:
            return Found("failed", error=str(last.get("error", f"the process ended with status {status}")))
        state: RunState = "refused" if last.get("refused") else "done"
        return Found(state, last["result"], last.get("report"), last.get("refused"))

    async def _end(self, run_id: UUID, found: Found) -> None:
        now: datetime = self._clock.now()
        await self._database.execute(
            self._sql["end_run"], run_id, found.state, found.result, found.report, found.error, now
        )
