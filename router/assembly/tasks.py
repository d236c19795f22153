"""What colleagues have to do at a time, who is reminded of it, and the visits that are planned by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from router.assembly.ground import Ground
from router.routes import Face
from router.tasks.http import TasksHttp
from router.tasks.reminding import Reminding
from router.tasks.tasks import Tasks
from router.tasks.visits import Visits
from router.timetable import Job
from router.waiting.hours import Calendar


@dataclass(frozen=True, slots=True)
class Work:
    tasks: Tasks
    reminding: Reminding
    visits: Visits

    @property
    def faces(self) -> tuple[Face, ...]:
        return (TasksHttp(self.tasks),)

    def jobs(self) -> list[Job]:
        return [
            Job("remind of tasks", 15, self.reminding.tick),
            Job("plan visits", 600, self.visits.tick),
        ]


def wire_tasks(ground: Ground, calendar: Callable[[], Calendar]) -> Work:
    """``calendar`` gives the desk's hours of this moment."""
    settings, database, clock = ground.settings, ground.database, ground.clock
    overdue_after = timedelta(minutes=settings.tasks.overdue_minutes)
    tasks = Tasks(database, ground.sealer, ground.audit, clock, overdue_after=overdue_after)
    visits = settings.visits
    return Work(
        tasks,
        Reminding(database, tasks, ground.outbox, ground.pages, clock),
        Visits(
            database,
            tasks,
            calendar,
            clock,
            after_go_live_days=visits.after_go_live_days,
            made_days_before=visits.made_days_before,
            text=visits.text,
        ),
    )
