"""The pages people open and the files they are made of; nothing beside the built folders and the pictures is served."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from aiohttp import web

from router.sites.chat_page import ChatPage, Rendered

_HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+(?:\.map)?$")
_MEDIA_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.(png|jpg|jpeg|gif|webp|mp4|webm)")
_TYPES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "mp4": "video/mp4", "webm": "video/webm",
}  # fmt: skip
#: A picture or a video runs nothing, frames nothing and is framed by nobody, whatever is in it.
_HARMLESS = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
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

    def __init__(
        self,
        built: Path,
        chat_page: ChatPage,
        bring: Callable[[str], Awaitable[Path | None]],
        embedding_origins: Sequence[str],
        video_origins: Sequence[str],
    ) -> None:
        """``bring``: the file of a picture or a video by its name; ``video_origins``: where else videos come from."""
        self._chat_page = chat_page
        self._widget = built / "widget"
        self._console = built / "console"
        self._bring = bring
        policy = " ".join([f"{_POLICY}; media-src 'self' blob:", *video_origins])
        self._videos = f'<meta name="yingda-videos" content="{html.escape(" ".join(video_origins))}" />'
        ancestors = " ".join(embedding_origins) or "*"
        self._embeddable = {"Content-Security-Policy": f"{policy}; frame-ancestors {ancestors}"}
        self._alone = {"Content-Security-Policy": f"{policy}; frame-ancestors 'self'"}

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

    async def chat(self, request: web.Request) -> web.StreamResponse:
        rendered = self._chat_page.page(request.query.get("site"), request.query.get("locale"))
        return _rendered(request, rendered, "text/html", {**self._embeddable, "Cache-Control": "no-cache"})

    async def loader(self, request: web.Request) -> web.StreamResponse:
        # Pages with cross-origin isolation load only what says that it may be loaded.
        headers = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
        return _rendered(request, self._chat_page.loader(), "text/javascript", headers)

    async def widget_file(self, request: web.Request) -> web.StreamResponse:
        return _below(self._widget, request.match_info["path"])

    async def console(self, _: web.Request) -> web.StreamResponse:
        path = self._console / "index.html"
        if not path.is_file():
            return web.Response(status=503, text=_MISSING)
        text = path.read_text("utf-8").replace("</head>", f"{self._videos}</head>", 1)
        return web.Response(text=text, content_type="text/html", headers={**self._alone, "Cache-Control": "no-cache"})

    async def console_file(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if "." not in path.rsplit("/", 1)[-1]:  # a place inside the console, not a file
            return await self.console(request)
        return _below(self._console, path)

    async def media(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        known = _MEDIA_NAME.fullmatch(name)
        path = await self._bring(name) if known is not None else None
        if known is None or path is None:
            raise web.HTTPNotFound
        return web.FileResponse(
            path,
            headers={
                "Cache-Control": _YEAR,
                "Content-Type": _TYPES[known[1]],
                "Content-Disposition": "inline",
                "Content-Security-Policy": _HARMLESS,
            },
        )

    async def no_icon(self, _: web.Request) -> web.StreamResponse:
        icon = self._widget / "favicon.svg"
        return _file(icon, "public, max-age=86400") if icon.is_file() else web.Response(status=204)


def _rendered(
    request: web.Request, rendered: Rendered | None, content_type: str, headers: dict[str, str]
) -> web.StreamResponse:
    if rendered is None:
        return web.Response(status=503, text=_MISSING)
    if any(known.value == rendered.etag for known in request.if_none_match or ()):
        return web.Response(status=304, headers={**headers, "ETag": f'"{rendered.etag}"'})
    response = web.Response(text=rendered.text, content_type=content_type, headers=headers)
    response.etag = rendered.etag
    response.enable_compression()
    return response


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
