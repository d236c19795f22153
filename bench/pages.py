"""A browser's page as the load generator plays it: one socket, Socket.IO by hand, one turn at a time."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from typing import Any, Self, cast

from bench.frames import FrameReader, text_frame

#: What a browser sends with its handshake, so that the server keeps as much as it would for a real one.
_HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
    "Host: {host}:{port}\r\nConnection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 "
    "Safari/537.36\r\n"
    "Upgrade: websocket\r\nOrigin: http://{host}:{port}\r\nSec-WebSocket-Version: 13\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: zh-CN,zh;q=0.9,en;q=0.8\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extensions}\r\n"
)
_DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"

Finished = Callable[["Page", float], None]


class PageFailed(Exception):
    """The server refused a page, closed it or did not acknowledge."""


class Page(asyncio.Protocol):
    """One socket in a namespace. A turn ends, and ``finished`` is called, when all expected for it has arrived."""

    def __init__(self, namespace: str, auth: dict[str, Any] | None) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.failure: str | None = None
        self.busy = False
        #: What was asked last.
        self.asked = ""
        self._prefix = f"{namespace}," if namespace != "/" else ""
        self._auth = json.dumps(auth) if auth is not None else ""
        self._reader = FrameReader()
        self._handshaken = False
        self._transport: asyncio.Transport | None = None
        self._head = b""
        self._echoes: dict[str, str] = {}
        self._expected: list[bytes] = []
        self._began = 0.0
        self._finished: Finished | None = None
        self.last_event = b""

    # The connection ----------------------------------------------------------------------------------------------

    @classmethod
    async def open(
        cls, port: int, namespace: str, auth: dict[str, Any] | None = None, *, deflate: bool = False
    ) -> Self:
        """A page that was let in and has its welcome."""
        loop = asyncio.get_running_loop()
        _, page = await loop.create_connection(lambda: cls(namespace, auth), "127.0.0.1", port)
        page._write_handshake(port, deflate)
        async with asyncio.timeout(30):
            await page.ready
        return page

    def _write_handshake(self, port: int, deflate: bool) -> None:
        assert self._transport is not None
        extensions = _DEFLATE if deflate else ""
        self._transport.write(_HANDSHAKE.format(host="127.0.0.1", port=port, extensions=extensions).encode())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's has no such parent

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail("the connection was closed")

    def close(self) -> None:
        self._finished = None
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, reason: str) -> None:
        self.failure = self.failure or reason
        if not self.ready.done():
            self.ready.set_exception(PageFailed(self.failure))

    # Frames ------------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if not self._handshaken:
            self._head += data
            head, found, data = self._head.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self._fail(head.split(b"\r\n", 1)[0].decode(errors="replace"))
                return
            self._handshaken = True
        for payload in self._reader.feed(data):
            self._take(payload)

    def _take(self, payload: bytes) -> None:
        start = payload[:2]
        if start == b"42" or start == b"43":
            if self.busy:
                self._count(payload)
            elif not self.ready.done() and b'"welcome"' in payload[:40]:
                self.ready.set_result(None)
        elif payload == b"2":
            self.write(b"3")
        elif start == b"44":
            self._fail(payload.decode(errors="replace"))
        elif payload[:1] == b"0":
            self.write(f"40{self._prefix}{self._auth}".encode())

    def write(self, payload: bytes) -> None:
        assert self._transport is not None
        self._transport.write(text_frame(payload))

    # A turn ------------------------------------------------------------------------------------------------------

    def ask(self, text: str, finished: Finished, began: float | None = None) -> None:
        """A customer's message: over when it is acknowledged and the bot's answer is here."""
        self.asked = text
        self._begin(self._packet("send_message", text), [b'"ok":true', b'"kind":"bot"'], finished, began)

    def echo(self, text: str, finished: Finished, began: float | None = None) -> None:
        """An event of the same size for a bare server: over when it is acknowledged. Made once for each text, since
        the generator has to be quicker than what it measures."""
        packet = self._echoes.get(text)
        if packet is None:
            packet = self._echoes[text] = self._packet("echo", text)
        self._begin(packet, [b'"ok":true'], finished, began)

    def do(self, event: str, text: str, finished: Finished, began: float | None = None) -> None:
        """Any event of a bare server: over when it is acknowledged."""
        self._begin(self._packet(event, text), [b'"ok":true'], finished, began)

    def _packet(self, event: str, text: str) -> str:
        body = json.dumps({"client_id": str(uuid.uuid4()), "text": text}, ensure_ascii=False)
        return f'2{self._prefix}7["{event}",{body}]'

    def _begin(self, packet: str, expected: list[bytes], finished: Finished, began: float | None) -> None:
        self.busy = True
        self._expected = expected
        self._finished = finished
        self._began = began if began is not None else time.perf_counter()
        self.write(b"4" + packet.encode())

    def _count(self, payload: bytes) -> None:
        for number, part in enumerate(self._expected):
            if part in payload:
                del self._expected[number]
                if payload[1:2] == b"2":
                    self.last_event = payload
                break
        else:
            if b'"ok":false' in payload:
                self._fail(payload.decode(errors="replace"))
            return
        if not self._expected:
            self.busy = False
            if self._finished is not None:
                self._finished(self, time.perf_counter() - self._began)


async def open_pages(
    count: int,
    port: int,
    namespace: str,
    auth: dict[str, Any] | None = None,
    *,
    deflate: bool = False,
    at_once: int = 50,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Page]:
    """Many pages; closes those it opened when one is refused."""
    pages: list[Page] = []
    try:
        while len(pages) < count:
            some = min(at_once, count - len(pages))
            pages += await asyncio.gather(*(Page.open(port, namespace, auth, deflate=deflate) for _ in range(some)))
            progress(len(pages))
    except BaseException:
        close_pages(pages)
        raise
    return pages


def close_pages(pages: list[Page]) -> None:
    for page in pages:
        page.close()
