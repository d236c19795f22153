"""Pictures of colleagues: made anew, square and small; refuses what is no picture, or too large to be looked at."""

from __future__ import annotations

import asyncio
import binascii
import hashlib
import struct
import zlib
from base64 import b64decode
from io import BytesIO
from typing import TYPE_CHECKING

from aiohttp import web
from msgspec import Struct
from PIL import Image, ImageOps, UnidentifiedImageError

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.agents.accounts import check_may_manage
from router.agents.records import PORTRAITS, ROLES, Account, portrait_url
from router.agents.store import AgentStore
from router.api import Call, Route
from router.errors import Invalid, NotFound, TooLarge
from router.security.audit import Audit, AuditActor, AuditEntry

if TYPE_CHECKING:
    from database.pool import PooledConnection

_SIDE = 256
_MAX_BYTES = 700_000
_MAX_PIXELS = 24_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
#: What Pillow's decoders raise for bytes that make no picture.
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)
_MANAGERS = frozenset({"admin", "supervisor"})
_YEAR = "public, max-age=31536000, immutable"


class SetPortrait(Struct, kw_only=True):
    """A picture file (JPEG, PNG, WebP) in base64; its middle becomes the portrait."""

    picture: str


class Portrait(Struct, kw_only=True):
    """Where everybody finds it; null: none."""

    picture: str | None


class PortraitsHttp:
    """Kept in the database, so that every machine has them. Colleagues set their own; managers take it away."""

    def __init__(self, database: Database, store: AgentStore, audit: Audit, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._audit = audit
        self._clock = clock
        self._sql = load_queries(__file__)

    def routes(self) -> list[Route]:
        own, one = "/api/v1/me/picture", "/api/v1/agents/{id}/picture"
        return [
            Route("PUT", own, self.put_own, ROLES, SetPortrait, Portrait, "My picture for customers", stores=True),
            Route("DELETE", own, self.delete_own, ROLES, None, Portrait, "No picture of me", stores=True),
            Route("DELETE", one, self.delete_one, _MANAGERS, None, Portrait, "No picture of this agent", stores=True),
        ]

    def mount(self, app: web.Application) -> None:
        app.router.add_get(f"{PORTRAITS}/{{name}}", self.show)

    async def put_own(self, call: Call) -> Portrait:
        body: SetPortrait = call.body
        made = await asyncio.to_thread(square, _bytes_of(body.picture))
        name = hashlib.sha256(made).hexdigest()[:40]
        account = call.signed.account
        await call.connection.execute(self._sql["keep_portrait"], name, account.id, made, self._clock.now())
        await self._set(call.connection, account, name, call.actor)
        return Portrait(picture=portrait_url(name))

    async def delete_own(self, call: Call) -> Portrait:
        return await self._take_away(call.connection, call.signed.account, call.actor)

    async def delete_one(self, call: Call) -> Portrait:
        account = await self._store.account(call.connection, call.path_id)
        if account is None:
            raise NotFound("there is no such account")
        check_may_manage(call.signed.account, account.roles)
        return await self._take_away(call.connection, account, call.actor)

    async def show(self, request: web.Request) -> web.Response:
        found = await self._database.fetchval(self._sql["portrait"], request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": _YEAR, "X-Content-Type-Options": "nosniff"}
        return web.Response(body=found, content_type="image/webp", headers=headers)

    async def _take_away(self, connection: PooledConnection, account: Account, actor: AuditActor) -> Portrait:
        await self._set(connection, account, None, actor)
        await connection.execute(self._sql["forget_portraits"], account.id)
        return Portrait(picture=None)

    async def _set(self, connection: PooledConnection, account: Account, name: str | None, actor: AuditActor) -> None:
        await connection.execute(self._sql["set_portrait"], account.id, name)
        action = "account.picture_set" if name else "account.picture_removed"
        await self._audit.record(connection, AuditEntry(actor, action, "account", str(account.id)))


def square(data: bytes) -> bytes:
    """The middle of a picture as a small WebP with nothing of what was beside its pixels.

    Raises `Invalid` for what is no picture, `TooLarge` before anything large is decoded.
    """
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise TooLarge("the picture has too many pixels", limit_pixels=_MAX_PIXELS)
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            ground = Image.new("RGBA", upright.size, "white")
            whole = Image.alpha_composite(ground, upright).convert("RGB")
            small = ImageOps.fit(whole, (_SIDE, _SIDE), Image.Resampling.LANCZOS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise TooLarge("the picture has too many pixels", limit_pixels=_MAX_PIXELS) from fault
    except _BROKEN as fault:
        raise Invalid("this is no picture (JPEG, PNG or WebP)", field="picture") from fault
    plain = Image.new("RGB", small.size)
    plain.paste(small)
    out = BytesIO()
    plain.save(out, "WEBP", quality=86, method=4)
    return out.getvalue()


def _bytes_of(text: str) -> bytes:
    if len(text) > _MAX_BYTES * 4 // 3 + 4:
        raise TooLarge(f"the picture has more than {_MAX_BYTES // 1000} kB", limit=_MAX_BYTES)
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Invalid("picture is not base64", field="picture") from fault
