"""What the server serves: every capability's own routes, their documents, probes and pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from aiohttp import web

from router.api import Api, Route
from router.health import Health
from router.openapi import mount_documents
from router.pages import Pages


class Face(Protocol):
    """The HTTP face of one capability: its list of routes says who may call what."""

    def routes(self) -> list[Route]: ...


def mount(app: web.Application, api: Api, faces: Iterable[Face], health: Health, pages: Pages) -> None:
    """``/api/…`` with its documents, ``/livez`` ``/readyz`` ``/metrics``, and the pages."""
    routes = [route for face in faces for route in face.routes()]
    api.mount(app, routes)
    mount_documents(app, routes)
    health.mount(app)
    pages.mount(app)
