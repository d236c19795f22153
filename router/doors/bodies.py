"""How long a request's body may take; refuses (408) one that is dripped, however long it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import StreamReader, web

from router.errors import Invalid

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BodyTooSlow(Invalid):
    """The request did not arrive in time."""

    status = 408


class TimelyBodies:
    """So many seconds to begin with, and one more for every so many bytes that have come: Apache's ``MinRate``."""

    def __init__(self, seconds: float, bytes_per_second: int) -> None:
        self._seconds = seconds
        self._bytes_per_second = bytes_per_second

    async def within(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """What the handler answers; raises `BodyTooSlow`. Once the body is there the handler takes what it needs."""
        content = request.content
        if not request.body_exists or content.is_eof():
            return await handler(request)
        loop = asyncio.get_running_loop()
        began, slow = loop.time(), False
        timer: asyncio.TimerHandle | None = None
        try:
            async with asyncio.timeout(None) as limit:

                def look() -> None:
                    nonlocal timer, slow
                    timer = None
                    if content.is_eof():
                        return
                    left = began + self._allowed(content) - loop.time()
                    if left > 0:
                        timer = loop.call_later(left, look)
                    else:
                        slow = True
                        limit.reschedule(loop.time())

                timer = loop.call_later(self._seconds, look)
                try:
                    return await handler(request)
                finally:
                    if timer is not None:
                        timer.cancel()
        except TimeoutError as fault:
            if not slow:
                raise
            request.protocol.close()  # nothing is read after the answer
            raise BodyTooSlow from fault

    def _allowed(self, content: StreamReader) -> float:
        return self._seconds + content.total_bytes / self._bytes_per_second
