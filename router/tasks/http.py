"""Tasks over HTTP: one's own, the group's, what is late; made, given out and ended at the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from router.api import Call, Route
from router.conversations.http import colleague_of
from router.errors import Invalid
from router.paging import PageQuery, cursor_of, id_of
from router.tasks.records import NewTask, Task, TaskChange, TaskKind, TaskOutcome, TaskState
from router.tasks.tasks import MAX_TEXT_CHARS, Tasks

DESK = frozenset({"agent", "supervisor", "admin"})

Words = Annotated[str, Meta(max_length=MAX_TEXT_CHARS)]
Line = Annotated[str, Meta(max_length=200)]


class TasksQuery(PageQuery, kw_only=True):
    """``mine``: with my name on it; ``unassigned``: with nobody's; ``late``: its time has passed."""

    mine: bool = False
    unassigned: bool = False
    late: bool = False
    state: TaskState = "open"
    kind: TaskKind | None = None
    customer_id: UUID | None = None
    company_id: UUID | None = None
    conversation_id: UUID | None = None


class TaskView(Struct, kw_only=True):
    """``contact`` is whom to reach; the desk itself made what nobody is named for in ``created_by``."""

    id: UUID
    kind: TaskKind
    state: TaskState
    due_at: datetime
    assignee: UUID | None
    group_id: UUID | None
    customer_id: UUID | None
    company_id: UUID | None
    company: str | None
    conversation_id: UUID | None
    text: str
    contact: str | None
    outcome: TaskOutcome | None
    outcome_text: str | None
    version: int
    created_by: UUID | None
    created_at: datetime
    ended_by: UUID | None
    ended_at: datetime | None


class TaskList(Struct, kw_only=True):
    items: list[TaskView]
    next: str | None


class CreateTask(Struct, kw_only=True):
    """With neither assignee nor group it is mine."""

    kind: TaskKind = "other"
    due_at: datetime
    text: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT_CHARS)]
    assignee: UUID | None = None
    group_id: UUID | None = None
    customer_id: UUID | None = None
    company_id: UUID | None = None
    conversation_id: UUID | None = None
    contact: Line | None = None


class ChangeTask(Struct, kw_only=True):
    """A field left out or ``null`` stays; ``give_back`` takes the assignee's name off; ``done`` needs an outcome."""

    version: int
    due_at: datetime | None = None
    assignee: UUID | None = None
    group_id: UUID | None = None
    give_back: bool = False
    text: Words | None = None
    state: Literal["done", "cancelled"] | None = None
    outcome: TaskOutcome | None = None
    outcome_text: Words | None = None


class TasksHttp:
    """The handlers, each a few lines: check, delegate, answer."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    def routes(self) -> list[Route]:
        every, one = "/api/v1/tasks", "/api/v1/tasks/{id}"
        return [
            Route("GET", every, self.find, DESK, None, TaskList, "What is to be done", query=TasksQuery),
            Route("POST", every, self.create, DESK, CreateTask, TaskView, "Make a task", status=201, stores=True),
            Route("GET", one, self.get, DESK, None, TaskView, "One task"),
            Route("PATCH", one, self.change, DESK, ChangeTask, TaskView, "Change or end a task", stores=True),
        ]

    async def find(self, call: Call) -> TaskList:
        query: TasksQuery = call.query
        found = await self._tasks.listed(
            colleague_of(call.signed.account),
            mine=query.mine,
            unassigned=query.unassigned,
            late=query.late,
            state=query.state,
            kind=query.kind,
            customer_id=query.customer_id,
            company_id=query.company_id,
            conversation_id=query.conversation_id,
            after=id_of(query.cursor),
            limit=query.limit,
        )
        last = found[-1].id if len(found) == query.limit else None
        return TaskList(items=[_view(task) for task in found], next=cursor_of(last))

    async def get(self, call: Call) -> TaskView:
        return _view(await self._tasks.get(colleague_of(call.signed.account), call.path_id))

    async def create(self, call: Call) -> TaskView:
        body: CreateTask = call.body
        me = call.signed.account.id
        new = NewTask(
            kind=body.kind,
            customer_id=body.customer_id,
            due_at=_aware(body.due_at),
            assignee=me if body.assignee is None and body.group_id is None else body.assignee,
            group_id=body.group_id,
            conversation_id=body.conversation_id,
            text=body.text.strip(),
            company_id=body.company_id,
            contact=body.contact,
            created_by=me,
        )
        return _view(await self._tasks.create(call.connection, new, call.actor))

    async def change(self, call: Call) -> TaskView:
        body: ChangeTask = call.body
        change = TaskChange(
            due_at=None if body.due_at is None else _aware(body.due_at),
            assignee=body.assignee,
            group_id=body.group_id,
            give_back=body.give_back,
            text=body.text,
            state=body.state,
            outcome=body.outcome,
            outcome_text=body.outcome_text,
        )
        colleague = colleague_of(call.signed.account)
        changed = await self._tasks.change(call.connection, colleague, call.path_id, body.version, change, call.actor)
        return _view(changed)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise Invalid("a time names its zone", field="due_at")
    return at


def _view(task: Task) -> TaskView:
    return TaskView(**{name: getattr(task, name) for name in TaskView.__struct_fields__})
