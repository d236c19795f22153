"""The dashboard over HTTP, for supervisors and administrators: figures of a period, and what each of them counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from router.analytics.dashboard import Dashboards
from router.analytics.listing import Listing
from router.analytics.records import CountedList, Dashboard, DashboardQuery, ListQuery
from router.analytics.workbook import Writer
from router.api import Call, Route
from router.errors import Invalid
from router.exports.exports import Made
from router.exports.http import workbook
from router.exports.sheets import XLSX
from router.exports.words import Locale
from router.security.audit import AuditActor

MANAGERS = frozenset({"supervisor", "admin"})


#: Writes down who took the figures of which days.
Record = Callable[[AuditActor, str], Awaitable[None]]


class ExportDashboard(DashboardQuery, kw_only=True):
    locale: Locale = "zh-CN"


class AnalyticsHttp:
    """Managers see every group, here as in every other list."""

    def __init__(self, dashboards: Dashboards, listing: Listing, record: Record) -> None:
        self._dashboards = dashboards
        self._listing = listing
        self._record = record

    def routes(self) -> list[Route]:
        path = "/api/v1/analytics"
        return [
            Route(
                "GET", path, self.dashboard, MANAGERS, None, Dashboard, "The figures of a period",
                query=DashboardQuery,
            ),
            Route(
                "GET", f"{path}/export", self.export, MANAGERS, None, None, "The figures of a period as a workbook",
                query=ExportDashboard, content_type=XLSX,
            ),
            Route(
                "GET", f"{path}/list", self.listed, MANAGERS, None, CountedList, "What one figure counted",
                query=ListQuery,
            ),
        ]  # fmt: skip

    async def dashboard(self, call: Call) -> Dashboard:
        return await self._dashboards.read(call.query)

    async def export(self, call: Call) -> web.Response:
        query: ExportDashboard = call.query
        found = await self._dashboards.read(query)
        file = await asyncio.to_thread(Writer(found, query.locale).write)
        await self._record(call.actor, f"{found.since} – {found.until}")
        name = "数据看板" if query.locale == "zh-CN" else "Dashboard"
        return workbook(Made(file, f"{name} {found.since} {found.until}.xlsx"))

    async def listed(self, call: Call) -> CountedList:
        query: ListQuery = call.query
        if query.since.tzinfo is None or query.until.tzinfo is None:
            raise Invalid("since and until need a time zone", field="since")
        return await self._listing.read(query)
