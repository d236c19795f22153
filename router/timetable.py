"""Everything that happens by itself, on one page: what, how often. Due work is claimed in SQL, never kept in memory."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from database.errors import DatabaseUnavailable
from router.errors import YingdaError

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]

#: Jobs begin this share of their interval apart (the golden ratio): where all that run every five seconds began
#: together, each took its turn at the database, and whoever joined the line just then waited behind them for 40 ms.
_SPREAD = 0.618


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the timetable."""

    name: str
    every_seconds: float
    work: Work


class Timetable:
    """Runs each job at its interval, never twice at once; a job that fails is logged and runs again the next time."""

    def __init__(self, jobs: list[Job], is_ready: Callable[[], bool]) -> None:
        self._jobs = jobs
        self._is_ready = is_ready
        self._stopping = False
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        now = datetime.now(UTC)
        for number, job in enumerate(jobs):
            first = now + timedelta(seconds=job.every_seconds * (number * _SPREAD % 1))
            trigger = IntervalTrigger(seconds=job.every_seconds, start_date=first)
            self._scheduler.add_job(self._guarded(job), trigger, name=job.name)

    def start(self) -> None:
        self._scheduler.start()

    async def run_once(self) -> None:
        """Every job once, now, in their order: what a moved clock has made due. Raises what a job raises."""
        for job in self._jobs:
            await job.work()

    def stop(self) -> None:
        """Nothing begins any more; what is under way is broken off, and due again for whoever comes next."""
        self._stopping = True
        if self._scheduler.running:  # a stop may come before the start
            self._scheduler.shutdown(wait=False)

    def _guarded(self, job: Job) -> Work:
        async def run() -> None:
            if not self._is_ready():
                return
            try:
                await job.work()
            except (DatabaseUnavailable, YingdaError) as error:
                log.info("%s put off: %s", job.name, type(error).__name__)
            except asyncio.CancelledError:
                if not self._stopping:
                    raise
                log.debug("%s was broken off by the end", job.name)  # which is no fault to be told of
            except Exception:  # the job wrapper: nothing may stop the timetable
                log.exception("%s failed", job.name)

        return run
