"""Reminds of tasks when their time has come, and tells supervisors of those that stay undone; each once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from database.clock import Clock
from database.pool import Database
from router.notifications.outbox import Outbox
from router.notifications.records import Notice, Staff, Supervisors
from router.payloads.desk import Alert
from router.tasks.records import Task
from router.tasks.tasks import Tasks

_AT_ONCE = 200


class Pages(Protocol):
    """The way to open pages; whose are closed hears through the outbox."""

    async def to_agent(self, agent_id: UUID, event: str, payload: Struct) -> None: ...

    async def to_supervisors(self, event: str, payload: Struct, *, and_agent: UUID | None = None) -> None: ...


class Reminding:
    """Due rows are claimed in SQL together with the notice about them: a crash neither loses nor doubles one."""

    def __init__(self, database: Database, tasks: Tasks, outbox: Outbox, pages: Pages, clock: Clock) -> None:
        self._database = database
        self._tasks = tasks
        self._outbox = outbox
        self._pages = pages
        self._clock = clock

    async def tick(self) -> None:
        """Reminds whose task is due, then tells of what is late."""
        now = self._clock.now()
        for task in await self._claim("claim_due", now):
            alert = _alert("task_due", task, now)
            if task.assignee is not None:
                await self._pages.to_agent(task.assignee, "alert", alert)
            else:
                await self._pages.to_supervisors("alert", alert)
        for task in await self._claim("claim_overdue", now):
            await self._pages.to_supervisors("alert", _alert("task_late", task, now), and_agent=task.assignee)

    async def _claim(self, statement: Literal["claim_due", "claim_overdue"], now: datetime) -> list[Task]:
        async with self._database.transaction() as connection:
            rows: list[Record] = await connection.fetch(self._tasks.sql[statement], now, _AT_ONCE)
            tasks = [self._tasks.task_from(row) for row in rows]
            for task in tasks:
                await self._outbox.put(_due(task) if statement == "claim_due" else _late(task), connection)
        return tasks


def _due(task: Task) -> Notice:
    """To whoever does it; whom to reach is read in the console, not in a mail."""
    to = Supervisors(task.group_id) if task.assignee is None else Staff(task.assignee)
    return _notice("callback_due" if task.kind == "call_back" else "task_due", task, to)


def _late(task: Task) -> Notice:
    return _notice("task_late", task, Supervisors(task.group_id))


def _notice(kind: str, task: Task, to: Staff | Supervisors) -> Notice:
    at = task.due_at.isoformat()
    data = {"text": task.text, "at": at}
    if kind == "callback_due":
        data["topic"] = task.text
    if task.assignee is not None:
        data["owner"] = str(task.assignee)
    if task.conversation_id is not None:
        data["conversation_id"] = str(task.conversation_id)
    return Notice(kind=kind, to=to, data=data, key=f"{kind}:{task.id}:{at}")


def _alert(kind: str, task: Task, now: datetime) -> Alert:
    return Alert(kind=kind, at=now, conversation_id=task.conversation_id, owner=task.assignee, text=task.text)
