"""Reminds of tasks when their time has come, and tells supervisors of those that stay undone; each once.

What nobody of a group has taken up reminds the whole group; supervisors hear of it in time only where nobody else can.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from database.clock import Clock
from database.pool import Database
from router.notifications.outbox import Outbox
from router.notifications.records import Members, Notice, Staff, Supervisors
from router.payloads.desk import Alert
from router.tasks.records import Task
from router.tasks.tasks import Tasks

_AT_ONCE = 200


class Pages(Protocol):
    """The way to open pages; whose are closed hears through the outbox."""

    async def to_agent(self, agent_id: UUID, event: str, payload: Struct) -> None: ...

    async def to_agents(self, agent_ids: Collection[UUID], event: str, payload: Struct) -> None: ...

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
        for task, members in await self._claim_due(now):
            alert = _alert("task_due", task, now)
            if task.assignee is not None:
                await self._pages.to_agent(task.assignee, "alert", alert)
            elif members:
                await self._pages.to_agents(members, "alert", alert)
            else:
                await self._pages.to_supervisors("alert", alert)
        for task in await self._claim_overdue(now):
            await self._pages.to_supervisors("alert", _alert("task_late", task, now), and_agent=task.assignee)

    async def _claim_due(self, now: datetime) -> list[tuple[Task, Sequence[UUID]]]:
        """With the members of the group that each belongs to."""
        async with self._database.transaction() as connection:
            rows: list[Record] = await connection.fetch(self._tasks.sql["claim_due"], now, _AT_ONCE)
            claimed = [(self._tasks.task_from(row), row["members"]) for row in rows]
            for task, members in claimed:
                await self._outbox.put(_due(task, members), connection)
        return claimed

    async def _claim_overdue(self, now: datetime) -> list[Task]:
        async with self._database.transaction() as connection:
            rows: list[Record] = await connection.fetch(self._tasks.sql["claim_overdue"], now, _AT_ONCE)
            tasks = [self._tasks.task_from(row) for row in rows]
            for task in tasks:
                await self._outbox.put(_late(task), connection)
        return tasks


def _due(task: Task, members: Sequence[UUID]) -> Notice:
    """To whoever does it, or could; whom to reach is read in the console, not in a mail."""
    kind = "callback_due" if task.kind == "call_back" else "task_due"
    if task.assignee is not None:
        return _notice(kind, task, Staff(task.assignee))
    if task.group_id is not None and members:
        return _notice(kind, task, Members(task.group_id))
    return _notice(kind, task, Supervisors(task.group_id))


def _late(task: Task) -> Notice:
    return _notice("task_late", task, Supervisors(task.group_id))


def _notice(kind: str, task: Task, to: Staff | Members | Supervisors) -> Notice:
    at = task.due_at.isoformat()
    data = {"text": task.text, "at": at}
    if task.assignee is not None:
        data["owner"] = str(task.assignee)
    if task.conversation_id is not None:
        data["conversation_id"] = str(task.conversation_id)
    return Notice(kind=kind, to=to, data=data, key=f"{kind}:{task.id}:{at}")


def _alert(kind: str, task: Task, now: datetime) -> Alert:
    return Alert(kind=kind, at=now, conversation_id=task.conversation_id, owner=task.assignee, text=task.text)
