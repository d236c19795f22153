"""Who stalls is closed, five hundred at once in every shape, while somebody else chats undisturbed."""

from __future__ import annotations

import asyncio
import socket

import aiohttp
import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.program import Program
from tests.clients import ChatClient

_CROWD = 500
#: Fewer of those for whom the kernel keeps megabytes.
_READERS = 50
#: Each limit of the program under test, and when all of them must have acted.
_LIMIT_SECONDS = "1"
_CLOSED_SECONDS = 30.0
#: Who does not read looks after that time: the limits have acted by then.
_LOOK_SECONDS = 5.0
_DRIP_SECONDS = 0.3
_UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
_BODY = b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"


def _frame(text: str) -> bytes:
    """A masked text frame whose mask is all zeros."""
    payload = text.encode()
    assert len(payload) < 126
    return bytes((0x81, 0x80 | len(payload), 0, 0, 0, 0)) + payload


#: What each shape says at first, and then again and again; None: nothing, and it does not read either.
SHAPES: dict[str, tuple[bytes, bytes | None]] = {
    "no bytes": (b"", b""),
    "a dripped header": (b"GET /livez HTTP/1.1\r\nX-Slow: ", b"a"),
    "a dripped header after a whole request": (b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HT", b"a"),
    "a dripped body": (_BODY, b" "),
    "a body that nobody asked for": (_BODY.replace(b"POST /api/v1/sessions", b"GET /livez"), b" "),
    "a WebSocket without CONNECT": (_UPGRADE, _frame("3")),
    "a WebSocket that is refused": (_UPGRADE + _frame('40/agent,{"protocol":1}'), _frame("3")),
    "a WebSocket that left": (_UPGRADE + _frame('40/chat,{"protocol":1}') + _frame("41/chat,"), _frame("3")),
    "answers that nobody reads": (b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 60, None),
    "a WebSocket that never reads": (_UPGRADE + _frame('40/chat,{"protocol":1}'), None),
}


@pytest.fixture
async def program(make_program: MakeProgram, dsn: str) -> Program:
    limits = ("IDLE_SECONDS", "BODY_SECONDS", "CONNECT_SECONDS", "UNREAD_SECONDS")
    made = make_program(
        dsn,
        **{f"LIMITS__{name}": _LIMIT_SECONDS for name in limits},
        SERVER__PING_SECONDS="1.5",
        SERVER__PING_TIMEOUT_SECONDS="1.5",
    )
    await made.started()
    return made


class Loris(asyncio.Protocol):
    """One slow client; one that never reads looks in the end."""

    def __init__(self, first: bytes, drop: bytes | None) -> None:
        self._first = first
        self._drop = drop
        self._transport: asyncio.Transport | None = None
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._first)
        if self._drop is None:
            transport.pause_reading()

    def connection_lost(self, exc: BaseException | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)

    def drip(self) -> None:
        if self._transport is not None and self._drop and not self._transport.is_closing():
            self._transport.write(self._drop)

    def look(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def leave(self) -> None:
        if self._transport is not None:
            self._transport.abort()


async def _still_open(program: Program, shape: str) -> int:
    """How many of a crowd are not closed in time."""
    loop = asyncio.get_running_loop()
    crowd = [Loris(*SHAPES[shape]) for _ in range(_CROWD if "answers" not in shape else _READERS)]
    for each in crowd:
        made = socket.socket()
        made.setblocking(False)
        if "answers" in shape:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await loop.sock_connect(made, ("127.0.0.1", program.port))
        await loop.create_connection(lambda one=each: one, sock=made)  # type: ignore[misc]
    everybody = asyncio.gather(*(each.closed for each in crowd))
    began = loop.time()
    while not everybody.done() and loop.time() < began + _CLOSED_SECONDS:
        for each in crowd:
            each.drip()
        await asyncio.wait([everybody], timeout=_DRIP_SECONDS)
        if loop.time() > began + _LOOK_SECONDS:
            for each in crowd:
                each.look()
    left = sum(not each.closed.done() for each in crowd)
    everybody.cancel()
    for each in crowd:
        each.leave()
    return left


async def _connections(program: Program) -> float:
    """How many the server counts."""
    async with aiohttp.ClientSession(program.url) as session, session.get("/metrics") as response:
        text = await response.text()
    return float(next(line for line in text.splitlines() if line.startswith("yingda_connections ")).split()[1])


@pytest.mark.slow
async def test_five_hundred_of_every_shape_are_closed_while_somebody_chats(program: Program) -> None:
    customer = ChatClient(program.url)
    await customer.enter()
    try:
        crowds = asyncio.gather(*(_still_open(program, shape) for shape in SHAPES))
        while not crowds.done():
            assert (await customer.call("threads"))["ok"]
            await asyncio.wait([crowds], timeout=0.3)
        assert dict(zip(SHAPES, await crowds, strict=True)) == dict.fromkeys(SHAPES, 0)
        assert await _connections(program) <= 2, "the customer and who asks"
    finally:
        await customer.close()
