"""Workbooks over HTTP: any list that the caller may read, with the list's own filters."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web
from msgspec import Struct

from router.api import ANYBODY, Call, Route
from router.exports.exports import Exports, Made
from router.exports.sheets import XLSX
from router.exports.words import Locale


class ExportQuery(Struct, kw_only=True):
    """Beside what the list itself takes."""

    locale: Locale = "zh-CN"


class ExportsHttp:
    def __init__(self, exports: Exports) -> None:
        self._exports = exports

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET", "/api/v1/exports/{list}", self.export, ANYBODY, None, None,
                "A list as a workbook, with the filters that the list takes", query=ExportQuery, content_type=XLSX,
            )
        ]  # fmt: skip

    async def export(self, call: Call) -> web.Response:
        query: ExportQuery = call.query
        return workbook(await self._exports.make(call, call.request.match_info["list"], query.locale))


def workbook(made: Made) -> web.Response:
    """A file to be saved under its name."""
    disposition = f"attachment; filename=\"export.xlsx\"; filename*=UTF-8''{quote(made.name)}"
    return web.Response(body=made.file, content_type=XLSX, headers={"Content-Disposition": disposition})
