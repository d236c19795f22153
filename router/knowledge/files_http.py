"""Knowledge in and out as files over HTTP: preview, apply, export; the editors'."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from aiohttp import web
from msgspec import Meta, Struct

from kb_index.plan import Entry, Kind
from router.api import Call, Route
from router.conversations.messages import checked_text
from router.exports.sheets import XLSX
from router.knowledge.differences import FieldChange, changes_between
from router.knowledge.exporting import as_table, write_markdown
from router.knowledge.http import EDITORS, author_of
from router.knowledge.imports import Imports
from router.knowledge.knowledge import Knowledge
from router.knowledge.media import Media
from router.uploads.forms import FileForm, received

_COMPARED = 300  # entries whose difference goes along
_PIECE_BYTES = 1024 * 1024


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


class KnowledgeFilesHttp:
    """The same files as `python -m scripts.reindex` reads."""

    def __init__(self, imports: Imports, knowledge: Knowledge, media: Media, *, receive_seconds: float) -> None:
        self._imports = imports
        self._knowledge = knowledge
        self._media = media
        self._receive_seconds = receive_seconds

    def routes(self) -> list[Route]:
        path = "/api/v1/knowledge/imports"
        return [
            Route("POST", path, self.preview, EDITORS, None, ImportPreview, "What a file would change", status=201,
                  form=FileForm),
            Route("POST", f"{path}/{{id}}/apply", self.apply, EDITORS, ImportApply, ImportDone,
                  "Store what is good in it", stores=True, max_body_bytes=1024 * 1024),
            Route("GET", "/api/v1/knowledge/export", self.export, EDITORS, None, None, "All articles as files",
                  query=ExportQuery, content_type="application/zip"),
        ]  # fmt: skip

    async def preview(self, call: Call) -> ImportPreview:
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "sent"
            name = await received(call.request, path, self._imports.most_bytes, self._receive_seconds)
            name = checked_text(name, limit=200, field="file_name")
            found = await self._imports.preview(name, path, call.signed.account.id)
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

    async def export(self, call: Call) -> web.StreamResponse:
        query: ExportQuery = call.query
        articles = [stored.article for stored in await self._knowledge.listed()]
        if query.format == "xlsx":
            table = await asyncio.to_thread(as_table, articles)
            return web.Response(body=table, headers=_as_file("知识库.xlsx", XLSX))
        await self._media.bring_all(Path(picture.path).name for article in articles for picture in article.pictures)
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "archive.zip"
            await asyncio.to_thread(write_markdown, articles, self._media.folder, path)
            return await _streamed(call.request, path, _as_file("知识库.zip", "application/zip"))


def _as_file(name: str, kind: str) -> dict[str, str]:
    return {
        "Content-Type": kind,
        "Content-Disposition": f"attachment; filename=\"export\"; filename*=UTF-8''{quote(name)}",
    }


async def _streamed(request: web.Request, path: Path, headers: dict[str, str]) -> web.StreamResponse:
    """An archive may hold more than fits into memory."""
    response = web.StreamResponse(headers={**headers, "Content-Length": str(path.stat().st_size)})
    await response.prepare(request)
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE_BYTES):
            await response.write(piece)
    await response.write_eof()
    return response


def _entry(entry: Entry, compared: bool) -> ImportEntry:
    article = entry.after or entry.before
    differs = compared and entry.kind in ("changed", "conflicting")
    return ImportEntry(
        kind=entry.kind, id=entry.article_id, question=article.question if article else None, file=entry.file,
        line=entry.line, message=entry.message,
        fields=changes_between(entry.before, entry.after) if differs else [],
    )  # fmt: skip
