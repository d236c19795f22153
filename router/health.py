"""Whether the process lives, whether it can work and why not, and its numbers for Prometheus."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from database.pool import Database
from router.api import json_response
from router.observing.gathering import Gathering


@dataclass(slots=True)
class Readiness:
    """What start-up has reached; `reason` says in a few words what is missing."""

    database: Database
    migrated: bool = False
    indexed: bool = False
    draining: bool = False
    step: str = "starting"
    warnings: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str | None:
        """Why not, or None when ready."""
        if self.draining:
            return "stopping"
        if not self.database.ready:
            return f"database: {self.database.reason}"
        if not self.migrated or not self.indexed:
            return self.step
        return None

    @property
    def is_ready(self) -> bool:
        return self.reason is None


class Health:
    """``/livez``, ``/readyz``, ``/metrics``."""

    def __init__(self, readiness: Readiness, gathering: Gathering) -> None:
        self._readiness = readiness
        self._gathering = gathering

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/livez", self.livez)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/metrics", self.metrics)

    async def livez(self, _: web.Request) -> web.Response:
        return json_response({"alive": True})

    async def readyz(self, _: web.Request) -> web.Response:
        reason = self._readiness.reason
        if reason is not None:
            return json_response({"ready": False, "reason": reason}, 503)
        return json_response({"ready": True, "warnings": self._readiness.warnings})

    async def metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=await self._gathering.page(), headers={"Content-Type": CONTENT_TYPE_LATEST})
