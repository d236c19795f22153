"""Codes over HTTP: a visitor asks for one, the other device shows it once."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Annotated
from urllib.parse import urlsplit

import segno
from aiohttp import web
from msgspec import Meta, Struct

from router.api import CUSTOMER, Call, Route
from router.continuing.continuing import Continuing
from router.errors import Invalid

_PATH = "/api/v1/continuations"
_MODULE_PIXELS = 5
_DARK = "#1b2220"


class NewContinuation(Struct, kw_only=True):
    """``site`` as at connect; left out: the default one."""

    site: Annotated[str, Meta(max_length=100)] | None = None


class ContinuationCode(Struct, kw_only=True):
    """The address that opens the chat on another device, once, and its QR code as an SVG picture."""

    url: str
    svg: str
    expires_at: datetime


class UsedContinuation(Struct, kw_only=True):
    token: Annotated[str, Meta(min_length=20, max_length=200)]


class DeviceView(Struct, kw_only=True):
    """The visitor token for this device, good until ``expires_at``."""

    visitor: str
    site: str
    expires_at: datetime


class ContinuingHttp:
    """The token stands in the fragment of the address: it reaches no log of a server or a proxy."""

    def __init__(self, continuing: Continuing, sites: frozenset[str], default_site: str) -> None:
        self._continuing = continuing
        self._sites = sites
        self._default_site = default_site

    def routes(self) -> list[Route]:
        return [
            Route("POST", _PATH, self.begin, CUSTOMER, NewContinuation, ContinuationCode,
                  "A code with which another device goes on with this visitor's chat", status=201),
            Route("POST", f"{_PATH}/use", self.use, None, UsedContinuation, DeviceView, "Go on by a code; once"),
        ]  # fmt: skip

    async def begin(self, call: Call) -> ContinuationCode:
        body: NewContinuation = call.body
        site = body.site or self._default_site
        if site not in self._sites:
            raise Invalid("there is no such site", site=site)
        made = await self._continuing.begin(call.bearer or "", site)
        url = f"{_origin_of(call.request)}/chat#continue={made.token}"
        drawing = BytesIO()
        segno.make(url, error="m", micro=False).save(
            drawing, kind="svg", scale=_MODULE_PIXELS, dark=_DARK, border=2, xmldecl=False, nl=False
        )
        return ContinuationCode(url=url, svg=drawing.getvalue().decode(), expires_at=made.expires_at)

    async def use(self, call: Call) -> DeviceView:
        body: UsedContinuation = call.body
        device = await self._continuing.use(body.token)
        return DeviceView(visitor=device.visitor, site=device.site, expires_at=device.expires_at)


def _origin_of(request: web.Request) -> str:
    """Where the asking page came from: behind a proxy only the browser knows how people reach this server.

    The code is shown to the caller alone, so that a made-up origin misleads nobody else.
    """
    given = urlsplit(request.headers.get("Origin", ""))
    if given.scheme in ("http", "https") and given.netloc == request.host:
        return f"{given.scheme}://{given.netloc}"
    return f"{request.scheme}://{request.host}"
