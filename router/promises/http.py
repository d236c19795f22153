"""Promises over HTTP: an agent's own, a supervisor's all; confirmed, moved, kept or dismissed by one click."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from database.clock import Clock
from router.api import Call, Route
from router.conversations.colleague import Colleague
from router.conversations.handling import Handling
from router.conversations.http import DESK, colleague_of
from router.conversations.reading import Reading
from router.conversations.records import Committed, text_of
from router.errors import Forbidden, Invalid, NotFound
from router.paging import PageQuery, cursor_of, id_of
from router.payloads.help import PromiseNews, PromiseState
from router.promises.pages import Pages
from router.promises.promises import Promises, Wanted
from router.promises.records import Promise
from router.security.audit import Audit, AuditEntry

_MAX_SEQ = 2**31 - 1


class PromiseQuery(PageQuery, kw_only=True):
    """``scope`` all is for supervisors; ``due`` only what is due by now, ``broken`` only what was broken."""

    scope: Literal["mine", "all"] = "mine"
    state: PromiseState | None = None
    due: bool = False
    broken: bool = False
    conversation_id: UUID | None = None
    customer_id: UUID | None = None


class PromiseList(Struct, kw_only=True):
    items: list[PromiseNews]
    next: str | None = None


class NewPromise(Struct, kw_only=True):
    """An agent marks a message of theirs as a promise."""

    conversation_id: UUID
    seq: int
    due_at: datetime


class PromiseTime(Struct, kw_only=True):
    """``due_at`` left out: as proposed."""

    due_at: datetime | None = None


class PromisesHttp:
    """Who has to keep a promise may change it, and supervisors; who may see its conversation may see it."""

    def __init__(
        self, promises: Promises, pages: Pages, handling: Handling, reading: Reading, audit: Audit, clock: Clock
    ) -> None:
        self._promises = promises
        self._pages = pages
        self._handling = handling
        self._reading = reading
        self._audit = audit
        self._clock = clock

    def routes(self) -> list[Route]:
        path = "/api/v1/promises"
        return [
            Route("GET", path, self.listed, DESK, None, PromiseList, "Promises, the soonest first", query=PromiseQuery),
            Route("POST", path, self.write_down, DESK, NewPromise, PromiseNews, "Mark a message as a promise",
                  status=201, stores=True),
            Route("POST", f"{path}/{{id}}/confirm", self.confirm, DESK, PromiseTime, PromiseNews,
                  "Confirm a proposal, or give a promise another time", stores=True),
            Route("POST", f"{path}/{{id}}/keep", self.keep, DESK, None, PromiseNews, "It was kept", stores=True),
            Route("POST", f"{path}/{{id}}/dismiss", self.dismiss, DESK, None, PromiseNews, "It is none, or off",
                  stores=True),
        ]  # fmt: skip

    async def listed(self, call: Call) -> PromiseList:
        query: PromiseQuery = call.query
        colleague = colleague_of(call.signed.account)
        everybodys = query.conversation_id is not None or query.customer_id is not None or query.scope == "all"
        if query.scope == "all" and not colleague.is_supervisor:
            raise Forbidden("everybody's promises are for supervisors")
        found = await self._promises.listed(
            Wanted(
                keeper=None if everybodys else colleague.ref.id,
                group_ids=None if colleague.is_supervisor else sorted(colleague.group_ids),
                reader=colleague.ref.id,
                state=query.state,
                due_by=self._clock.now() if query.due else None,
                broken=query.broken,
                conversation_id=query.conversation_id,
                customer_id=query.customer_id,
                after=id_of(query.cursor),
                limit=query.limit + 1,
            )
        )
        page, more = found[: query.limit], len(found) > query.limit
        return PromiseList(
            items=[promise.news() for promise in page], next=cursor_of(page[-1].id) if more else None
        )  # fmt: skip

    async def write_down(self, call: Call) -> PromiseNews:
        body: NewPromise = call.body
        colleague = colleague_of(call.signed.account)
        row = await self._handling.visible(colleague, body.conversation_id)
        if not 1 <= body.seq <= min(row.last_seq, _MAX_SEQ):
            raise NotFound("there is no message at this place")
        page = await self._reading.sync_agent(row, colleague, body.seq - 1, row.last_note_seq, 1)
        event = page.events[0]
        if event.kind != "message" or event.actor.kind != "agent" or not text_of(event):
            raise Invalid("a promise is what a colleague wrote", field="seq")
        owner = event.actor.id or colleague.ref.id
        promise = await self._promises.write_down(
            call.connection, row.id, body.seq, text_of(event), owner, _aware(body.due_at)
        )  # fmt: skip
        _require_right(promise, colleague)
        return await self._opened(call, promise, None)

    async def confirm(self, call: Call) -> PromiseNews:
        body: PromiseTime = call.body
        promise = await self._changeable(call)
        return await self._opened(call, promise, None if body.due_at is None else _aware(body.due_at))

    async def keep(self, call: Call) -> PromiseNews:
        return await self._settled(call, "kept")

    async def dismiss(self, call: Call) -> PromiseNews:
        return await self._settled(call, "dismissed")

    async def _opened(self, call: Call, promise: Promise, due_at: datetime | None) -> PromiseNews:
        opened, committed = await self._promises.open_until(call.connection, promise, due_at)
        await self._record(call, opened, "promise.opened")
        return self._told(call, opened, committed)

    async def _settled(self, call: Call, state: Literal["kept", "dismissed"]) -> PromiseNews:
        promise = await self._changeable(call)
        settled, committed = await self._promises.settle(call.connection, promise, state, call.signed.account.id)
        if promise.state != "proposed":
            await self._record(call, settled, f"promise.{state}")
        return self._told(call, settled, committed)

    async def _changeable(self, call: Call) -> Promise:
        colleague = colleague_of(call.signed.account)
        promise = await self._promises.one(call.path_id, call.connection)
        if not colleague.may_see(promise.group_id, promise.conversation_owner) and promise.owner != colleague.ref.id:
            raise NotFound("there is no such promise")
        _require_right(promise, colleague)
        return promise

    async def _record(self, call: Call, promise: Promise, action: str) -> None:
        detail = {"conversation_id": str(promise.conversation_id), "due_at": promise.due_at.isoformat()}
        await self._audit.record(call.connection, AuditEntry(call.actor, action, "promise", str(promise.id), detail))

    def _told(self, call: Call, promise: Promise, committed: tuple[Committed, ...]) -> PromiseNews:
        async def tell() -> None:
            await self._promises.tell(committed)
            await self._pages.show(promise)

        call.afterwards.append(tell)
        return promise.news()


def _require_right(promise: Promise, colleague: Colleague) -> None:
    if colleague.ref.id not in (promise.keeper, promise.owner) and not colleague.is_supervisor:
        raise Forbidden("a colleague has to keep this promise")


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise Invalid("a time names its zone", field="due_at")
    return at
