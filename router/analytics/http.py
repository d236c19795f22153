"""The dashboard over HTTP, for supervisors and administrators: figures of a period, and what each of them counted."""

from __future__ import annotations

from router.analytics.dashboard import Dashboards
from router.analytics.listing import Listing
from router.analytics.records import CountedList, Dashboard, DashboardQuery, ListQuery
from router.api import Call, Route
from router.errors import Invalid

MANAGERS = frozenset({"supervisor", "admin"})


class AnalyticsHttp:
    """Managers see every group, here as in every other list."""

    def __init__(self, dashboards: Dashboards, listing: Listing) -> None:
        self._dashboards = dashboards
        self._listing = listing

    def routes(self) -> list[Route]:
        path = "/api/v1/analytics"
        return [
            Route(
                "GET", path, self.dashboard, MANAGERS, None, Dashboard, "The figures of a period",
                query=DashboardQuery,
            ),
            Route(
                "GET", f"{path}/list", self.listed, MANAGERS, None, CountedList, "What one figure counted",
                query=ListQuery,
            ),
        ]  # fmt: skip

    async def dashboard(self, call: Call) -> Dashboard:
        return await self._dashboards.read(call.query)

    async def listed(self, call: Call) -> CountedList:
        query: ListQuery = call.query
        if query.since.tzinfo is None or query.until.tzinfo is None:
            raise Invalid("since and until need a time zone", field="since")
        return await self._listing.read(query)
