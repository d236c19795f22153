"""The bytes of files for who holds a link, with headers that make a hostile file harmless: never sniffed, never run,
never framed, kept by no cache but the reader's own.
"""

from __future__ import annotations

import re
from uuid import UUID

from aiohttp import web

from database.pool import Database
from database.queries import load_queries
from router.errors import NotFound
from router.uploads.links import Links
from router.uploads.names import disposition
from router.uploads.receiving import key_of, preview_key_of
from router.uploads.records import PATH, Upload
from router.uploads.storage import Storage

_SPAN = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_HARMLESS = {
    "Cache-Control": "private, max-age=300",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Serving:
    """``GET /api/v1/uploads/{id}?until=…&key=…[&size=preview]``: no JSON, no token, only the link."""

    def __init__(self, database: Database, storage: Storage, links: Links) -> None:
        self._database = database
        self._storage = storage
        self._links = links
        self._sql = load_queries(__file__)

    def mount(self, app: web.Application) -> None:
        app.router.add_get(f"{PATH}/{{id}}", self.fetch)

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """The bytes, whole or one span of them."""
        upload_id, until, key = _link_of(request)
        if not self._links.opens(upload_id, until, key):
            raise NotFound("this link does not hold any more; ask for a fresh one")
        row = await self._database.fetchrow(self._sql["upload"], upload_id)
        if row is None:
            raise NotFound("there is no such file")
        upload = Upload.from_row(row)
        if request.query.get("size") == "preview" and upload.has_preview:
            return await self._streamed(request, preview_key_of(upload.id), "image/webp", upload, None)
        return await self._streamed(request, key_of(upload.id), upload.type, upload, upload.bytes)

    async def _streamed(
        self, request: web.Request, key: str, type_: str, upload: Upload, size: int | None
    ) -> web.StreamResponse:
        shown = disposition(upload.name, inline=upload.is_picture)
        headers = {**_HARMLESS, "Content-Type": type_, "Content-Disposition": shown}
        span = None
        if size is not None:
            headers["Accept-Ranges"] = "bytes"
            span = _span_of(request.headers.get("Range", ""), size)
            headers["Content-Length"] = str(size if span is None else span[1] - span[0])
        if span is not None:
            headers["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{size}"
        async with self._storage.read(key, span) as chunks:
            response = web.StreamResponse(status=200 if span is None else 206, headers=headers)
            await response.prepare(request)
            async for chunk in chunks:
                await response.write(chunk)
        await response.write_eof()
        return response


def _link_of(request: web.Request) -> tuple[UUID, int, str]:
    try:
        return UUID(request.match_info["id"]), int(request.query.get("until", "")), request.query.get("key", "")
    except ValueError as fault:
        raise NotFound("there is no such file") from fault


def _span_of(header: str, size: int) -> tuple[int, int] | None:
    """The first byte of ``Range`` and the place behind its last; None for the whole file, and for what is no span."""
    match = _SPAN.fullmatch(header.strip())
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        return max(0, size - int(match[2])), size
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    return (first, last + 1) if first <= last else None
