"""Somebody else's web site, on another origin than the desk's, with a content security policy of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.acceptance.program import free_port

#: As strict as a policy gets: nothing but the desk's script and frame, no inline styles, trusted types.
_STRICT = (
    "default-src 'none'; img-src data:; script-src 'nonce-n' {desk}; frame-src {desk}; "
    "require-trusted-types-for 'script'"
)

_PAGE = """<!doctype html><html lang="zh-CN"><head><title>商城首页</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>商城</h1>{lines}<script nonce="n">{script}</script>{tags}</body></html>"""


@asynccontextmanager
async def elsewhere(desk: str, script: str = "", *, tags: int = 1, about: str = "") -> AsyncIterator[str]:
    """Its address; `script` runs before the desk's, `tags` is how often that is embedded, `about` goes on each tag."""
    page = _PAGE.format(
        script=script,
        lines="<p>商品介绍</p>" * 60,
        tags=f'<script async {about} src="{desk}/widget.js"></script>' * tags,
    )

    async def answer(_: web.Request) -> web.Response:
        return web.Response(
            text=page, content_type="text/html", headers={"Content-Security-Policy": _STRICT.format(desk=desk)}
        )

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://localhost:{port}/"
    finally:
        await runner.cleanup()
