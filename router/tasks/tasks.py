"""Tasks: made by the desk within a change or by colleagues, given out, ended with an outcome; an ended one stays so."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations.colleague import Colleague
from router.conversations.records import Statement
from router.errors import Conflict, Forbidden, Invalid, NotFound
from router.security.audit import Audit, AuditActor, AuditEntry
from router.security.sealing import SealBroken, Sealer, place
from router.tasks.records import NewTask, Task, TaskChange

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)

MAX_TEXT_CHARS = 2000


class Tasks:
    """Who may see a task: its assignee, who asked for it, its group, supervisors. Whoever sees it may change it."""

    def __init__(
        self, database: Database, sealer: Sealer, audit: Audit, clock: Clock, *, overdue_after: timedelta
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._audit = audit
        self._clock = clock
        self._overdue_after = overdue_after
        self.sql = load_queries(__file__)

    def statement(self, new: NewTask, task_id: UUID | None = None) -> Statement:
        """The task as a statement that commits with a change of a conversation, or in any other transaction."""
        task_id = task_id or uuid7()
        sealed = self._sealer.seal(new.contact, place("tasks", "contact", task_id)) if new.contact else None
        return Statement(
            self.sql["add"],
            (
                task_id,
                new.key,
                new.kind,
                new.due_at,
                new.assignee,
                new.group_id,
                new.customer_id,
                new.company_id,
                new.conversation_id,
                new.text[:MAX_TEXT_CHARS],
                sealed,
                new.due_at + self._overdue_after,
                new.created_by,
                self._clock.now(),
            ),
        )

    async def create(self, connection: PooledConnection, new: NewTask, actor: AuditActor) -> Task:
        """A colleague's task; raises `Invalid` where it names nobody or nothing that exists."""
        await self._check_references(connection, new)
        task_id = uuid7()
        statement = self.statement(new, task_id)
        await connection.execute(statement.sql, *statement.arguments)
        await self._audit.record(
            connection, AuditEntry(actor, "task.created", "task", str(task_id), {"kind": new.kind})
        )
        return self.task_from(await connection.fetchrow(self.sql["task"], task_id))

    async def get(self, colleague: Colleague, task_id: UUID) -> Task:
        """Raises `NotFound`, also for what the colleague may not see."""
        return _visible(colleague, self.task_from(await self._database.fetchrow(self.sql["task"], task_id)))

    async def change(
        self,
        connection: PooledConnection,
        colleague: Colleague,
        task_id: UUID,
        version: int,
        change: TaskChange,
        actor: AuditActor,
    ) -> Task:
        """Raises `NotFound`, `Conflict` where somebody was faster or the task has ended, `Invalid`, `Forbidden`."""
        task = _visible(colleague, self.task_from(await connection.fetchrow(self.sql["lock_task"], task_id)))
        if task.version != version:
            raise Conflict(version=task.version)
        if task.state != "open":
            raise Conflict("the task has ended", state=task.state)
        if (change.outcome is not None) != (change.state == "done"):
            raise Invalid("a task that is done has an outcome, and no other has", field="outcome")
        passes_on = change.assignee is not None and change.assignee != colleague.ref.id
        if passes_on and not colleague.is_supervisor and task.assignee not in (None, colleague.ref.id):
            raise Forbidden("a colleague has this task; a supervisor may pass it on")
        await self._check_accounts(connection, change.assignee, change.group_id)
        now = self._clock.now()
        after = replace(
            task,
            due_at=change.due_at or task.due_at,
            assignee=None if change.give_back else change.assignee or task.assignee,
            group_id=change.group_id or task.group_id,
            text=task.text if change.text is None else change.text,
            state=change.state or "open",
            outcome=change.outcome,
            outcome_text=change.outcome_text,
            ended_by=colleague.ref.id if change.state else None,
            ended_at=now if change.state else None,
        )
        await connection.execute(
            self.sql["change"], task_id, after.state, after.due_at, after.assignee, after.group_id, after.text,
            after.outcome, after.outcome_text, after.ended_by, after.ended_at, after.due_at + self._overdue_after,
        )  # fmt: skip
        detail = {"state": after.state} if change.state else {"fields": _changed(task, after)}
        await self._audit.record(connection, AuditEntry(actor, "task.changed", "task", str(task_id), detail))
        return self.task_from(await connection.fetchrow(self.sql["task"], task_id))

    async def listed(
        self,
        colleague: Colleague,
        *,
        mine: bool,
        unassigned: bool,
        late: bool,
        state: str,
        kind: str | None,
        customer_id: UUID | None,
        company_id: UUID | None,
        conversation_id: UUID | None,
        after: UUID | None,
        limit: int,
    ) -> list[Task]:
        """What the colleague may see of it, the soonest first."""
        rows = await self._database.fetch(
            self.sql["tasks_page"],
            colleague.ref.id if mine else None,
            None if colleague.is_supervisor else list(colleague.group_ids),
            colleague.ref.id,
            unassigned,
            self._clock.now() if late else None,
            state,
            kind,
            customer_id,
            company_id,
            conversation_id,
            after,
            limit,
        )
        return [self.task_from(row) for row in rows]

    def task_from(self, row: Record | None) -> Task:
        """Raises `NotFound` for no row."""
        if row is None:
            raise NotFound("there is no such task")
        return Task(
            id=row["id"],
            kind=row["kind"],
            state=row["state"],
            due_at=row["due_at"],
            assignee=row["assignee"],
            group_id=row["group_id"],
            customer_id=row["customer_id"],
            company_id=row["company_id"],
            company=row["company"],
            conversation_id=row["conversation_id"],
            text=row["text"],
            contact=self._opened(row),
            outcome=row["outcome"],
            outcome_text=row["outcome_text"],
            version=row["version"],
            created_by=row["created_by"],
            created_at=row["created_at"],
            ended_by=row["ended_by"],
            ended_at=row["ended_at"],
        )

    def _opened(self, row: Record) -> str | None:
        if row["contact_sealed"] is None:
            return None
        try:
            return self._sealer.open(row["contact_sealed"], place("tasks", "contact", row["id"]))
        except SealBroken:
            log.error("task %s: the sealed contact does not open", row["id"])
            return None

    async def _check_references(self, connection: PooledConnection, new: NewTask) -> None:
        await self._check_accounts(connection, new.assignee, new.group_id)
        for field, statement, value in (
            ("customer_id", "customer_exists", new.customer_id),
            ("company_id", "company_exists", new.company_id),
        ):
            if value is not None and not await connection.fetchval(self.sql[statement], value):
                raise Invalid(f"there is no such {field.removesuffix('_id')}", field=field)

    async def _check_accounts(self, connection: PooledConnection, assignee: UUID | None, group_id: UUID | None) -> None:
        if assignee is not None and not await connection.fetchval(self.sql["account_exists"], assignee):
            raise Invalid("there is no such colleague", field="assignee")
        if group_id is not None and not await connection.fetchval(self.sql["group_exists"], group_id):
            raise Invalid("there is no such group", field="group_id")


def may_see(colleague: Colleague, task: Task) -> bool:
    """Its assignee, who asked for it, its group, supervisors."""
    mine = colleague.ref.id in (task.assignee, task.created_by)
    return colleague.is_supervisor or mine or task.group_id in colleague.group_ids


def _visible(colleague: Colleague, task: Task) -> Task:
    if not may_see(colleague, task):
        raise NotFound("there is no such task")
    return task


def _changed(before: Task, after: Task) -> list[str]:
    return [
        name for name in ("due_at", "assignee", "group_id", "text") if getattr(before, name) != getattr(after, name)
    ]
