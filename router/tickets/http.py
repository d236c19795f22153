"""Tickets over HTTP, for the desk: who may see a ticket is asked of the store, as everywhere."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from msgspec import UNSET

from database.ids import uuid7
from router.api import Call, Route
from router.conversations.colleague import Colleague
from router.conversations.handling import Handling
from router.conversations.http import DESK, colleague_of
from router.conversations.messages import checked_text
from router.errors import Invalid
from router.paging import cursor_of, id_of
from router.payloads.tickets import TicketStatus
from router.tickets.bodies import (
    ChangeTicket,
    ContactView,
    LinkConversation,
    MergeInto,
    NewComment,
    NewTicketBody,
    TicketDetail,
    TicketDraft,
    TicketList,
    TicketQuery,
    WatchTicket,
)
from router.tickets.changing import MAX_SUMMARY, Changing, Patch, Word
from router.tickets.creating import Creating, Wish
from router.tickets.merging import Merging
from router.tickets.news import News
from router.tickets.records import Ticket
from router.tickets.store import TicketStore
from router.tickets.tickets import MAX_TITLE
from router.tickets.views import Views
from router.tickets.writing import Done

_STATUSES: frozenset[str] = frozenset(get_args(TicketStatus))
_FINISHED = frozenset({"solved", "closed"})


class TicketsHttp:
    """The handlers, each a few lines: check, delegate, answer with the ticket as it is then."""

    def __init__(
        self,
        store: TicketStore,
        views: Views,
        creating: Creating,
        changing: Changing,
        merging: Merging,
        news: News,
        handling: Handling,
    ) -> None:
        self._store = store
        self._views = views
        self._creating = creating
        self._changing = changing
        self._merging = merging
        self._news = news
        self._handling = handling

    def routes(self) -> list[Route]:
        path = "/api/v1/tickets"
        one = f"{path}/{{id}}"
        return [
            Route("GET", path, self.listed, DESK, None, TicketList, "Tickets, newest first", query=TicketQuery),
            Route(
                "POST", path, self.create, DESK, NewTicketBody, TicketDetail,
                "Make a ticket from a conversation, or for a customer", status=201, stores=True,
            ),
            Route(
                "GET", "/api/v1/conversations/{id}/ticket-draft", self.draft, DESK, None, TicketDraft,
                "What a ticket from this conversation would hold",
            ),
            Route("GET", one, self.one, DESK, None, TicketDetail, "One ticket, by id or number"),
            Route(
                "PATCH", one, self.change, DESK, ChangeTicket, TicketDetail,
                "Change fields or move the status, while the version is what it was", stores=True,
            ),
            Route(
                "POST", f"{one}/comments", self.comment, DESK, NewComment, TicketDetail,
                "Comment, to the customer or among colleagues", status=201, stores=True,
            ),
            Route(
                "POST", f"{one}/merge", self.merge, DESK, MergeInto, TicketDetail,
                "Say that it is a duplicate; answers with the ticket that goes on", stores=True,
            ),
            Route(
                "POST", f"{one}/conversations", self.link, DESK, LinkConversation, TicketDetail,
                "Link a conversation", stores=True,
            ),
            Route(
                "DELETE", f"{one}/conversations/{{conversation_id}}", self.unlink, DESK, None, TicketDetail,
                "Unlink a conversation that was linked by hand", stores=True,
            ),
            Route(
                "POST", f"{one}/watch", self.watch, DESK, WatchTicket, TicketDetail,
                "Watch a ticket, or no longer", stores=True,
            ),
        ]  # fmt: skip

    async def listed(self, call: Call) -> TicketList:
        query: TicketQuery = call.query
        filters = {
            "statuses": _statuses(query.status),
            "unassigned": query.assignee == "nobody",
            "assignee": _assignee(query.assignee, call.signed.account.id),
            "group_id": query.group_id,
            "level": query.level,
            "category": query.category,
            "customer_id": query.customer_id,
            "company": query.company,
            "overdue": query.overdue,
            "text": (query.text or "").strip() or None,
        }
        found = await self._store.listed(_colleague(call), filters, id_of(query.cursor), query.limit + 1)
        page, more = found[: query.limit], len(found) > query.limit
        return TicketList(items=await self._views.listed(page), next=cursor_of(page[-1].id) if more else None)

    async def draft(self, call: Call) -> TicketDraft:
        row = await self._handling.visible(_colleague(call), call.path_id)
        filled = await self._creating.prefilled(row)
        return TicketDraft(
            title=filled.title,
            summary=filled.summary,
            level=filled.level,
            category=filled.category,
            contact=ContactView(**filled.contact),
        )

    async def create(self, call: Call) -> TicketDetail:
        body: NewTicketBody = call.body
        wish = Wish(
            conversation_id=body.conversation_id,
            customer_id=body.customer_id,
            title=body.title,
            summary=body.summary,
            level=body.level,
            category=body.category,
            assignee_id=body.assignee_id,
            group_id=body.group_id,
            contact=None if body.contact is None else _contact(body.contact),
        )
        return await self._told(call, await self._creating.create(call.connection, _colleague(call), wish))

    async def one(self, call: Call) -> TicketDetail:
        return await self._views.detail(await self._visible(call))

    async def change(self, call: Call) -> TicketDetail:
        body: ChangeTicket = call.body
        ticket = await self._visible(call)
        patch = Patch(
            version=body.version,
            fields=_fields(body),
            status=None if body.status is UNSET else body.status,
            contact=None if body.contact is UNSET else _contact(body.contact),
        )
        return await self._told(call, await self._changing.patch(call.connection, _colleague(call), ticket.id, patch))

    async def comment(self, call: Call) -> TicketDetail:
        body: NewComment = call.body
        ticket = await self._visible(call)
        done = await self._changing.comment(
            call.connection,
            _colleague(call),
            ticket.id,
            Word(
                body.visibility,
                body.text,
                body.status,
                body.confirmed,
                call.idempotency_key or uuid7(),
                body.upload_ids or (),
            ),
        )
        return await self._told(call, done)

    async def merge(self, call: Call) -> TicketDetail:
        body: MergeInto = call.body
        duplicate = await self._visible(call)
        kept = await self._store.visible(_colleague(call), body.into.strip())
        gone, after = await self._merging.merge(call.connection, _colleague(call), duplicate.id, kept.id)
        return await self._told(call, after, gone)

    async def link(self, call: Call) -> TicketDetail:
        body: LinkConversation = call.body
        ticket = await self._visible(call)
        done = await self._changing.link(call.connection, _colleague(call), ticket.id, body.conversation_id)
        return await self._told(call, done)

    async def unlink(self, call: Call) -> TicketDetail:
        ticket = await self._visible(call)
        done = await self._changing.unlink(call.connection, _colleague(call), ticket.id, _linked(call))
        return await self._told(call, done)

    async def watch(self, call: Call) -> TicketDetail:
        body: WatchTicket = call.body
        ticket = await self._visible(call)
        account_id = body.account_id or call.signed.account.id
        done = await self._changing.watch(
            call.connection, _colleague(call), ticket.id, account_id, watching=body.watching
        )
        return await self._told(call, done)

    async def _visible(self, call: Call) -> Ticket:
        return await self._store.visible(_colleague(call), call.request.match_info["id"])

    async def _told(self, call: Call, done: Done, *more: Done) -> TicketDetail:
        call.afterwards.append(lambda: self._news.soon(done, *more))
        return await self._views.detail(done.ticket, call.connection)


def _colleague(call: Call) -> Colleague:
    return colleague_of(call.signed.account)


def _fields(body: ChangeTicket) -> dict[str, Any]:
    """The columns that the body names, checked."""
    fields: dict[str, Any] = {}
    if body.title is not UNSET:
        fields["title"] = checked_text(" ".join(body.title.split()), limit=MAX_TITLE, field="title")
    if body.summary is not UNSET:
        empty = not body.summary.strip()
        fields["summary"] = "" if empty else checked_text(body.summary, limit=MAX_SUMMARY, field="summary")
    if body.level is not UNSET:
        fields["level"] = body.level
    if body.category is not UNSET:
        category = (body.category or "").strip()
        fields["category"] = checked_text(category, limit=200, field="category") if category else None
    if body.assignee_id is not UNSET:
        fields["assignee"] = body.assignee_id
    if body.group_id is not UNSET:
        fields["group_id"] = body.group_id
    if body.tracker is not UNSET:
        tracker = body.tracker
        fields |= {
            "tracker_kind": tracker.kind if tracker else None,
            "tracker_number": checked_text(tracker.number, limit=100, field="tracker.number") if tracker else None,
            "tracker_url": tracker.url if tracker else None,
        }
    return fields


def _contact(view: ContactView) -> dict[str, str]:
    given = {"phone": view.phone, "email": view.email}
    return {name: checked_text(value, limit=200, field=name) for name, value in given.items() if value}


def _statuses(text: str | None) -> list[str] | None:
    if not text:
        return None
    if text == "unfinished":
        return sorted(_STATUSES - _FINISHED)
    wanted = [status.strip() for status in text.split(",")]
    if not _STATUSES.issuperset(wanted):
        raise Invalid("there is no such status", field="status")
    return wanted


def _assignee(text: str | None, me: UUID) -> UUID | None:
    if text is None or text in ("", "nobody"):
        return None
    if text == "me":
        return me
    try:
        return UUID(text)
    except ValueError as fault:
        raise Invalid("assignee is an account's id, me or nobody", field="assignee") from fault


def _linked(call: Call) -> UUID:
    try:
        return UUID(call.request.match_info["conversation_id"])
    except ValueError as fault:
        raise Invalid("conversation_id is a UUID") from fault
