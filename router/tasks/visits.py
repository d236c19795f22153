"""Visits after a company has gone live, made ahead as tasks for its success manager, once each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from database.clock import Clock
from database.pool import Database
from router.tasks.records import NewTask
from router.tasks.tasks import Tasks
from router.tasks.workdays import in_working_hours
from router.waiting.hours import Calendar

#: What was not made for so long after its day (the desk was down, the day was entered late) is not made any more.
_LATE_AT_MOST = timedelta(days=7)


class Visits:
    """The key of a visit is company, day of going live and which one it is, so a tick makes none twice."""

    def __init__(
        self,
        database: Database,
        tasks: Tasks,
        calendar: Callable[[], Calendar],
        clock: Clock,
        *,
        after_go_live_days: Sequence[int],
        made_days_before: int,
        text: str,
    ) -> None:
        self._database = database
        self._tasks = tasks
        self._calendar = calendar
        self._clock = clock
        self._days = tuple(after_go_live_days)
        self._ahead = timedelta(days=made_days_before)
        self._text = text

    async def tick(self) -> None:
        """Makes the visits whose time comes near."""
        if not self._days:
            return
        now = self._clock.now()
        earliest = now - timedelta(days=max(self._days)) - _LATE_AT_MOST
        latest = now - timedelta(days=min(self._days)) + self._ahead
        for company in await self._database.fetch(self._tasks.sql["gone_live"], earliest, latest):
            for which, days in enumerate(self._days, start=1):
                at = company["go_live_at"] + timedelta(days=days)
                if not now - _LATE_AT_MOST <= at <= now + self._ahead:
                    continue
                task = NewTask(
                    kind="visit",
                    customer_id=company["main_contact"],
                    company_id=company["id"],
                    due_at=in_working_hours(self._calendar(), max(at, now)),
                    assignee=company["success_manager"],
                    text=self._text.format(company=company["name"], n=which, days=days),
                    key=f"visit:{company['id']}:{company['go_live_at'].date().isoformat()}:{days}",
                )
                statement = self._tasks.statement(task)
                await self._database.execute(statement.sql, *statement.arguments)
