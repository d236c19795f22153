"""The pages people open and the files they are made of; nothing beside the built folders and the pictures is served."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

_HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+(?:\.map)?$")
_MEDIA_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.(?:png|jpg|jpeg|gif|webp)")
_YEAR = "public, max-age=31536000, immutable"

#: Pages of ours may load scripts, styles, pictures and sockets from here only. The console's component library
#: writes styles into the page.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'"
)
_MISSING = "The pages are not built; run `make web` first."


class Pages:
    """Serves what `web/` was built to."""

    def __init__(self, built: Path, media: Path, embedding_origins: Sequence[str]) -> None:
        self._widget = built / "widget"
        self._console = built / "console"
        self._media = media
        ancestors = " ".join(embedding_origins) or "*"
        self._embeddable = {"Content-Security-Policy": f"{_POLICY}; frame-ancestors {ancestors}"}
        self._alone = {"Content-Security-Policy": f"{_POLICY}; frame-ancestors 'self'"}

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/", self.demo)
        app.router.add_get("/chat", self.chat)
        app.router.add_get("/widget.js", self.loader)
        app.router.add_get("/widget/{path:.+}", self.widget_file)
        app.router.add_get("/console", self.console)
        app.router.add_get("/console/{path:.*}", self.console_file)
        app.router.add_get("/media/{name}", self.media)
        app.router.add_get("/favicon.ico", self.no_icon)

    async def demo(self, _: web.Request) -> web.StreamResponse:
        return _page(self._widget / "demo.html", self._alone)

    async def chat(self, _: web.Request) -> web.StreamResponse:
        return _page(self._widget / "index.html", self._embeddable)

    async def loader(self, _: web.Request) -> web.StreamResponse:
        return _file(self._widget / "widget.js", "public, max-age=300")

    async def widget_file(self, request: web.Request) -> web.StreamResponse:
        return _below(self._widget, request.match_info["path"])

    async def console(self, _: web.Request) -> web.StreamResponse:
        return _page(self._console / "index.html", self._alone)

    async def console_file(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if "." not in path.rsplit("/", 1)[-1]:  # a place inside the console, not a file
            return await self.console(request)
        return _below(self._console, path)

    async def media(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if not _MEDIA_NAME.fullmatch(name):
            raise web.HTTPNotFound
        return _file(self._media / name, _YEAR)

    async def no_icon(self, _: web.Request) -> web.StreamResponse:
        icon = self._widget / "favicon.svg"
        return _file(icon, "public, max-age=86400") if icon.is_file() else web.Response(status=204)


def _page(path: Path, headers: dict[str, str]) -> web.StreamResponse:
    if not path.is_file():
        return web.Response(status=503, text=_MISSING)
    return web.FileResponse(path, headers={**headers, "Cache-Control": "no-cache"})


def _below(folder: Path, relative: str) -> web.StreamResponse:
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise web.HTTPNotFound
    return _file(path, _YEAR if _HASHED.search(path.name) else "no-cache")


def _file(path: Path, cache_control: str) -> web.StreamResponse:
    if not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": cache_control})
