"""What a customer did on the embedding page, for colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from router.api import Call, Route
from router.customers.customers import Customers
from router.customers.http import DESK
from router.payloads.trail import Scalar
from router.trail.trail import Trails


class StepView(Struct, kw_only=True):
    at: datetime
    site: str
    name: str
    properties: Mapping[str, Scalar]
    url: str | None


class TrailView(Struct, kw_only=True):
    """``attributes`` are the page's word, not signed; ``items`` the last fifty steps, the newest first."""

    attributes: Mapping[str, Scalar]
    attributes_at: datetime | None
    items: list[StepView]


class TrailHttp:
    """One reading route; everything is told by sockets."""

    def __init__(self, trails: Trails, customers: Customers) -> None:
        self._trails = trails
        self._customers = customers

    def routes(self) -> list[Route]:
        path = "/api/v1/customers/{id}/trail"
        return [Route("GET", path, self.get, DESK, None, TrailView, "What a customer did on the page around the chat")]

    async def get(self, call: Call) -> TrailView:
        customer = await self._customers.get(call.path_id)
        trail = await self._trails.of(customer.id)
        return TrailView(
            attributes=trail.attributes,
            attributes_at=trail.attributes_at,
            items=[
                StepView(at=step.at, site=step.site, name=step.name, properties=step.properties, url=step.url)
                for step in trail.steps
            ],
        )
