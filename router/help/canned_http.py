"""Canned replies over HTTP: everybody at the desk has their own and uses the team's, which supervisors change."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from router.api import Call, Route
from router.conversations.handling import Handling
from router.conversations.http import DESK, colleague_of
from router.errors import Forbidden, Invalid
from router.help.canned import CannedReplies, CannedReply, Draft
from router.help.filling import Filling
from router.help.importing import RowReport, take_rows
from router.help.sheets import read_sheet, template_csv, template_xlsx
from router.help.variables import NAMES, unknown_in
from router.security.audit import Audit, AuditEntry

_MAX_FILE = 1024 * 1024
_MAX_BODY = _MAX_FILE * 4 // 3 + 4096
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Text = Annotated[str, Meta(max_length=10_000)]


class CannedView(Struct, kw_only=True):
    """``unknown`` are variables that will never be filled."""

    id: UUID
    is_team: bool
    folder: str
    name: str
    text: str
    used: int
    updated_at: datetime
    unknown: list[str] = []


class CannedQuery(Struct, kw_only=True):
    q: Annotated[str, Meta(max_length=100)] = ""
    scope: Literal["all", "own", "team"] = "all"
    limit: Annotated[int, Meta(ge=1, le=2000)] = 50


class CannedList(Struct, kw_only=True):
    """``variables`` are the names that may stand between braces."""

    items: list[CannedView]
    variables: list[str]


class NewCanned(Struct, kw_only=True):
    folder: Text
    name: Text
    text: Text
    is_team: bool = False


class CannedChange(Struct, kw_only=True):
    folder: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    text: Text | UnsetType = UNSET


class UseCanned(Struct, kw_only=True):
    conversation_id: UUID


class UsedCanned(Struct, kw_only=True):
    """``missing`` are the variables, braces and all, that nothing is known for: they stand in the text."""

    text: str
    missing: list[str]


class ImportCanned(Struct, kw_only=True):
    """``content`` is the file in base64."""

    file_name: Annotated[str, Meta(max_length=200)]
    content: str
    is_team: bool = False
    dry_run: bool = False


class ImportReport(Struct, kw_only=True):
    added: int
    changed: int
    unchanged: int
    faulty: int
    rows: list[RowReport]


class TemplateQuery(Struct, kw_only=True):
    format: Literal["xlsx", "csv"] = "xlsx"


class TemplateFile(Struct, kw_only=True):
    file_name: str
    content_type: str
    content: str  # base64


class CannedHttp:
    """Who may see a conversation is asked of `Handling`."""

    def __init__(self, replies: CannedReplies, filling: Filling, handling: Handling, audit: Audit) -> None:
        self._replies = replies
        self._filling = filling
        self._handling = handling
        self._audit = audit

    def routes(self) -> list[Route]:
        path = "/api/v1/canned-replies"
        return [
            Route(
                "GET", path, self.listed, DESK, None, CannedList,
                "One's own and the team's canned replies: by words, pinyin or its initials", query=CannedQuery,
            ),
            Route("POST", path, self.add, DESK, NewCanned, CannedView, "A new one", status=201, stores=True),
            Route("GET", f"{path}/template", self.template, DESK, None, TemplateFile, "A table to fill in",
                  query=TemplateQuery),
            Route("POST", f"{path}/import", self.take, DESK, ImportCanned, ImportReport,
                  "Take in a table, with a report for each row", stores=True, max_body_bytes=_MAX_BODY),
            Route("PATCH", f"{path}/{{id}}", self.change, DESK, CannedChange, CannedView, "Change one", stores=True),
            Route("DELETE", f"{path}/{{id}}", self.remove, DESK, None, None, "Remove one", status=204, stores=True),
            Route("POST", f"{path}/{{id}}/use", self.use, DESK, UseCanned, UsedCanned,
                  "Its words for one conversation, variables filled in; counts", stores=True),
        ]  # fmt: skip

    async def listed(self, call: Call) -> CannedList:
        query: CannedQuery = call.query
        found = await self._replies.found(call.signed.account.id, query.q, scope=query.scope, limit=query.limit)
        return CannedList(items=[_view(reply) for reply in found], variables=list(NAMES))

    async def add(self, call: Call) -> CannedView:
        body: NewCanned = call.body
        draft = Draft.checked(body.folder, body.name, body.text)
        account = call.signed.account
        owner = None if body.is_team else account.id
        _require_right(call, owner)
        reply = await self._replies.add(call.connection, owner, draft, account.id)
        await self._record(call, reply, "canned_reply.added")
        return _view(reply)

    async def change(self, call: Call) -> CannedView:
        body: CannedChange = call.body
        account = call.signed.account
        there = await self._replies.one(call.path_id, account.id, call.connection)
        _require_right(call, there.owner_id)
        draft = Draft.checked(
            there.folder if body.folder is UNSET else body.folder,
            there.name if body.name is UNSET else body.name,
            there.body if body.text is UNSET else body.text,
        )
        reply = await self._replies.change(call.connection, there.id, draft, account.id)
        await self._record(call, reply, "canned_reply.changed")
        return _view(reply)

    async def remove(self, call: Call) -> None:
        there = await self._replies.one(call.path_id, call.signed.account.id, call.connection)
        _require_right(call, there.owner_id)
        await self._replies.remove(call.connection, there.id)
        await self._record(call, there, "canned_reply.removed")

    async def use(self, call: Call) -> UsedCanned:
        body: UseCanned = call.body
        colleague = colleague_of(call.signed.account)
        reply = await self._replies.one(call.path_id, colleague.ref.id, call.connection)
        row = await self._handling.visible(colleague, body.conversation_id)
        filled = await self._filling.filled(reply.body, colleague, row)
        await self._replies.count_use(call.connection, reply.id)
        return UsedCanned(text=filled.text, missing=list(filled.missing))

    async def take(self, call: Call) -> ImportReport:
        body: ImportCanned = call.body
        account = call.signed.account
        owner = None if body.is_team else account.id
        _require_right(call, owner)
        rows = read_sheet(_file_of(body.content), body.file_name)
        report = await take_rows(call.connection, self._replies, rows, owner, account.id, dry_run=body.dry_run)
        counted = {name: sum(row.outcome == name for row in report) for name in ("added", "changed", "unchanged")}
        if body.is_team and not body.dry_run:
            await self._audit.record(
                call.connection, AuditEntry(call.actor, "canned_replies.imported", "canned_replies", "team", counted)
            )  # fmt: skip
        return ImportReport(**counted, faulty=len(report) - sum(counted.values()), rows=report)

    async def template(self, call: Call) -> TemplateFile:
        query: TemplateQuery = call.query
        is_csv = query.format == "csv"
        content = template_csv() if is_csv else template_xlsx()
        return TemplateFile(
            file_name=f"canned-replies.{query.format}", content_type="text/csv" if is_csv else _XLSX,
            content=base64.b64encode(content).decode(),
        )  # fmt: skip

    async def _record(self, call: Call, reply: CannedReply, action: str) -> None:
        """What the team says is the team's business; one's own is nobody's."""
        if reply.owner_id is None:
            entry = AuditEntry(call.actor, action, "canned_reply", str(reply.id), {"name": reply.name})
            await self._audit.record(call.connection, entry)


def _require_right(call: Call, owner: UUID | None) -> None:
    if owner is None and not colleague_of(call.signed.account).is_supervisor:
        raise Forbidden("the team's canned replies are changed by supervisors")


def _file_of(content: str) -> bytes:
    try:
        file = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Invalid("content is not base64") from fault
    if not file:
        raise Invalid("the file is empty")
    return file


def _view(reply: CannedReply) -> CannedView:
    return CannedView(
        id=reply.id, is_team=reply.owner_id is None, folder=reply.folder, name=reply.name, text=reply.body,
        used=reply.used, updated_at=reply.updated_at, unknown=list(unknown_in(reply.body)),
    )  # fmt: skip
