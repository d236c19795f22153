"""A bucket that speaks as much S3 as the storage needs, in this process: put, in parts too, get, ranges, delete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from xml.sax.saxutils import escape

from aiohttp import web
from aiohttp.test_utils import TestServer


class Bucket:
    """What lies in it, by key; ``away`` answers everything with 503."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.away = False
        self.signed: list[str] = []
        self._parts: dict[str, dict[int, bytes]] = defaultdict(dict)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{bucket}/{key:.+}", self._serve)
        app.router.add_route("*", "/{bucket}", self._serve)
        server = TestServer(app)
        await server.start_server()
        yield f"http://127.0.0.1:{server.port}"
        await server.close()

    async def _serve(self, request: web.Request) -> web.Response:
        body, key = await request.read(), request.match_info.get("key", "")
        self.signed.append(request.headers.get("Authorization", ""))
        if self.away:
            return web.Response(status=503)
        if request.method == "POST" and "uploads" in request.query:
            return _xml(
                f"<InitiateMultipartUploadResult><UploadId>{escape(key)}</UploadId></InitiateMultipartUploadResult>"
            )
        if request.method == "PUT" and "partNumber" in request.query:
            self._parts[key][int(request.query["partNumber"])] = body
            return web.Response(headers={"ETag": f'"{request.query["partNumber"]}"'})
        if request.method == "POST" and "uploadId" in request.query:
            parts = self._parts.pop(key)
            self.files[key] = b"".join(parts[number] for number in sorted(parts))
            return _xml('<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>')
        if request.method == "PUT":
            self.files[key] = body
            return web.Response(headers={"ETag": '"x"'})
        if request.method == "DELETE":
            self.files.pop(key, None)
            return web.Response(status=204)
        if request.method == "GET" and key in self.files:
            return self._given(request, self.files[key])
        return web.Response(status=404)

    def _given(self, request: web.Request, whole: bytes) -> web.Response:
        headers = {"ETag": '"x"', "Last-Modified": "Sun, 22 Nov 2026 00:00:00 GMT"}
        span = request.headers.get("Range")
        if span is None:
            return web.Response(body=whole, headers=headers)
        first, last = (int(each) for each in span.removeprefix("bytes=").split("-"))
        headers["Content-Range"] = f"bytes {first}-{last}/{len(whole)}"
        return web.Response(status=206, body=whole[first : last + 1], headers=headers)


def _xml(inner: str) -> web.Response:
    return web.Response(text=f'<?xml version="1.0" encoding="UTF-8"?>{inner}', content_type="application/xml")
