"""Knowledge in and out as files over HTTP: preview, apply, export; the editors'."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from kb_index.plan import Entry, Kind
from router.api import Call, Route
from router.conversations.messages import checked_text
from router.knowledge.differences import FieldChange, changes_between
from router.knowledge.exporting import as_markdown, as_table
from router.knowledge.http import EDITORS, author_of
from router.knowledge.imports import MAX_FILE, Imports
from router.knowledge.knowledge import Knowledge
from router.knowledge.pictures import decoded

_COMPARED = 300  # entries whose difference goes along
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SentFile(Struct, kw_only=True):
    """``content`` is the file in base64."""

    file_name: Annotated[str, Meta(max_length=200)]
    content: str


class ImportEntry(Struct, kw_only=True):
    """One article of the file; ``line`` is a table's row; ``message`` says what is wrong, or why it conflicts."""

    kind: Kind
    id: str | None
    question: str | None
    file: str | None
    line: int | None
    message: str
    fields: list[FieldChange]


class ImportPreview(Struct, kw_only=True):
    id: UUID
    counts: dict[str, int]
    entries: list[ImportEntry]


class ImportApply(Struct, kw_only=True):
    """``take``: ids of conflicting articles that the file shall overwrite."""

    take: Annotated[list[str], Meta(max_length=10_000)] = []


class ImportDone(Struct, kw_only=True):
    """``drafts`` wait for a second reviewer, ``stored`` are answered with."""

    stored: int
    drafts: int


class ExportQuery(Struct, kw_only=True):
    format: Literal["markdown", "xlsx"] = "markdown"


class ExportFile(Struct, kw_only=True):
    file_name: str
    content_type: str
    content: str  # base64


class KnowledgeFilesHttp:
    """The same files as `python -m scripts.reindex` reads."""

    def __init__(self, imports: Imports, knowledge: Knowledge, pictures: Path) -> None:
        self._imports = imports
        self._knowledge = knowledge
        self._pictures = pictures

    def routes(self) -> list[Route]:
        path = "/api/v1/knowledge/imports"
        return [
            Route("POST", path, self.preview, EDITORS, SentFile, ImportPreview, "What a file would change",
                  status=201, stores=True, max_body_bytes=MAX_FILE * 4 // 3 + 4096),
            Route("POST", f"{path}/{{id}}/apply", self.apply, EDITORS, ImportApply, ImportDone,
                  "Store what is good in it", stores=True, max_body_bytes=1024 * 1024),
            Route("GET", "/api/v1/knowledge/export", self.export, EDITORS, None, ExportFile, "All articles as files",
                  query=ExportQuery),
        ]  # fmt: skip

    async def preview(self, call: Call) -> ImportPreview:
        body: SentFile = call.body
        name = checked_text(body.file_name, limit=200, field="file_name")
        found = await self._imports.preview(
            call.connection, name, decoded(body.content, MAX_FILE), call.signed.account.id
        )
        entries = await asyncio.to_thread(
            lambda: [_entry(entry, number < _COMPARED) for number, entry in enumerate(found.entries)]
        )
        return ImportPreview(id=found.id, counts=found.counts, entries=entries)

    async def apply(self, call: Call) -> ImportDone:
        body: ImportApply = call.body
        author = author_of(call)
        stored, drafts = await self._imports.apply(call.connection, call.path_id, set(body.take), author)
        if stored:
            call.afterwards.append(lambda: self._knowledge.publish_soon(author))
        return ImportDone(stored=stored, drafts=drafts)

    async def export(self, call: Call) -> ExportFile:
        query: ExportQuery = call.query
        articles = [stored.article for stored in await self._knowledge.listed()]
        if query.format == "xlsx":
            name, kind, content = "知识库.xlsx", _XLSX, await asyncio.to_thread(as_table, articles)
        else:
            name, kind = "知识库.zip", "application/zip"
            content = await asyncio.to_thread(as_markdown, articles, self._pictures)
        return ExportFile(file_name=name, content_type=kind, content=base64.b64encode(content).decode())


def _entry(entry: Entry, compared: bool) -> ImportEntry:
    article = entry.after or entry.before
    differs = compared and entry.kind in ("changed", "conflicting")
    return ImportEntry(
        kind=entry.kind, id=entry.article_id, question=article.question if article else None, file=entry.file,
        line=entry.line, message=entry.message,
        fields=changes_between(entry.before, entry.after) if differs else [],
    )  # fmt: skip
