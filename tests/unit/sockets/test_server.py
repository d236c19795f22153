"""What a connection promises: order, room for the others, no binary, signs of life, an end for who never comes in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from router.sockets.server import SocketServer

_PATH = "/socket.io/?EIO=4&transport=websocket"


class Slow:
    """A namespace that answers what it hears, some of it late."""

    name = "/slow"

    def __init__(self) -> None:
        self.gone: list[str] = []
        self.go_on = asyncio.Event()
        self.heard = 0

    async def enter(self, sid: str, address: str | None, auth: Any) -> dict[str, Any] | None:
        return {"message": "no"} if auth == "no" else None

    def hear(self, sid: str, json: bytes) -> Any:
        self.heard += 1
        said = msgspec.json.decode(json)
        return self._later(said) if said[0] == "late" else said

    async def _later(self, said: Any) -> Any:
        await self.go_on.wait()
        return said

    async def leave(self, sid: str) -> None:
        self.gone.append(sid)


class Room:
    def __init__(self) -> None:
        self.now = 0.0
        self.namespace = Slow()
        self.sockets = SocketServer(monotonic=lambda: self.now)
        self.sockets.register_namespace(self.namespace)
        app = web.Application()
        self.sockets.attach(app, "/socket.io/")
        self.server = TestServer(app)

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.sockets.sweep()


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    made = Room()
    await made.server.start_server()
    yield made
    await made.server.close()


Page = aiohttp.ClientWebSocketResponse


@pytest.fixture
async def page(room: Room) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session, session.ws_connect(room.server.make_url(_PATH)) as socket:
        assert (await socket.receive_str())[0] == "0"
        yield socket


async def _enter(page: Page) -> None:
    await page.send_str("40/slow,")
    assert (await page.receive_str()).startswith('40/slow,{"sid":')


async def _gone(room: Room, count: int = 1) -> None:
    async with asyncio.timeout(15):
        while len(room.namespace.gone) < count:  # noqa: ASYNC110 (a task of the server's)
            await asyncio.sleep(0.005)


async def test_answers_come_in_the_order_of_the_events_although_the_first_takes_longest(room: Room, page: Page) -> None:
    await _enter(page)
    await page.send_str('42/slow,1["late"]')
    for number in range(2, 100):
        await page.send_str(f'42/slow,{number}["at once"]')
    await page.send_str('42/slow,100["late"]')
    room.namespace.go_on.set()

    answers = [await page.receive_str() for _ in range(100)]

    assert [int(answer.split("[")[0].partition(",")[2]) for answer in answers] == list(range(1, 101))


async def test_a_page_that_says_more_than_is_heard_is_not_read_any_further(room: Room, page: Page) -> None:
    await _enter(page)
    await page.send_str('42/slow,1["late"]')

    async def flood() -> None:
        for _ in range(2_000):
            await page.send_str('42/slow,["at once", "' + "x" * 30_000 + '"]')

    flooding = asyncio.create_task(flood())
    await asyncio.wait([flooding], timeout=0.3)

    assert not flooding.done()  # 60 MB: they stay in the sender's buffers
    assert room.namespace.heard == 1
    room.namespace.go_on.set()
    await flooding


async def test_a_text_in_parts_is_one_packet_and_a_ping_between_them_is_answered(room: Room, page: Page) -> None:
    await _enter(page)
    writer = page._writer  # aiohttp sends no parts by itself
    assert writer is not None
    for first, part in ((0x01, b'42/slow,7["in'), (0x89, b"hello"), (0x80, b' parts"]')):
        writer.transport.write(bytes((first, 0x80 | len(part), 0, 0, 0, 0)) + part)

    assert await page.receive_str() == '43/slow,7[["in parts"]]'


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x82\x81\0\0\0\0x", 1003),  # binary
        (b"\x81\x82\0\0\0\0\xff\xff", 1007),  # no UTF-8
        (b"\x80\x81\0\0\0\0x", 1002),  # the last part of nothing
        (b"\xc1\x81\0\0\0\0x", 1002),  # compressed, which nobody agreed on
        (b"\x81\x84\0\0\0\0" + b"451-", 1002),  # a packet with attachments
        (b"\x81\x05hello", 1002),  # not masked
    ],
)
async def test_what_is_no_text_packet_ends_the_connection_and_says_why(
    room: Room, page: Page, frame: bytes, code: int
) -> None:
    await _enter(page)
    assert page._writer is not None
    page._writer.transport.write(frame)

    message = await page.receive()

    assert (message.type, message.data) == (WSMsgType.CLOSE, code)
    await _gone(room)


async def test_who_answers_pings_stays_and_who_does_not_is_cut_off(room: Room, page: Page) -> None:
    await _enter(page)
    for _ in range(3):
        room.pass_time(15)
        assert await page.receive_str() == "2"
        await page.send_str("3")
        await page.send_str('42/slow,1["so that it was read"]')
        await page.receive_str()
    room.pass_time(15)
    assert await page.receive_str() == "2"

    room.pass_time(10)

    await _gone(room)
    assert (await page.receive()).type is not WSMsgType.TEXT


async def test_who_is_refused_or_leaves_is_cut_off_in_time_unless_it_comes_in(room: Room, page: Page) -> None:
    await page.send_str('40/slow,"no"')
    assert await page.receive_str() == '44/slow,{"message":"no"}'
    room.pass_time(9)
    await _enter(page)
    room.pass_time(1)
    await page.send_str('42/slow,1["still here"]')
    assert (await page.receive_str()).startswith("43/slow,1")
    await page.send_str("41/slow")
    await _gone(room)

    room.pass_time(10)

    assert (await page.receive()).type is not WSMsgType.TEXT


async def test_everybody_hears_of_the_end_and_nobody_comes_in_after_it(room: Room, page: Page) -> None:
    await _enter(page)
    room.sockets.close()

    message = await page.receive()

    assert (message.type, message.data) == (WSMsgType.CLOSE, 1001)
    await _gone(room)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(room.server.make_url(_PATH))
    assert refused.value.status == 503
