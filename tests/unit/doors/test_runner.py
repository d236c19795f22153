"""The listening side over real sockets: what is beyond a cap is told so before anything of it is read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp import web

from router.doors.connections import Connections
from router.doors.runner import DoorRunner

Opened = Callable[[Connections], Awaitable[int]]


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    """Opens a door; its port."""
    async with AsyncExitStack() as stack:

        async def open_door(connections: Connections) -> int:
            async def answer(_: web.Request) -> web.Response:
                return web.Response(text="in")

            app = web.Application()
            app.router.add_get("/", answer)
            runner = DoorRunner(app, connections, idle_seconds=5, unread_seconds=5, shutdown_timeout=1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            port: int = runner.addresses[0][1]
            return port

        yield open_door


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110 (the server's own loop has to turn)
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    ("most", "most_per_address", "status"),
    [(3, 100, b"HTTP/1.1 503 Service Unavailable"), (100, 3, b"HTTP/1.1 429 Too Many Requests")],
)
async def test_beyond_the_cap_one_is_told_so_and_let_in_once_there_is_room(
    opened: Opened, most: int, most_per_address: int, status: bytes
) -> None:
    connections = Connections(most, most_per_address, lambda _: False)
    port = await opened(connections)
    inside = [await connect(port) for _ in range(3)]
    await until(lambda: connections.open == 3)

    reader, writer = await connect(port)
    said = await reader.read()
    writer.close()
    assert said.startswith(status)
    assert b"Retry-After: " in said
    assert connections.open == 3

    inside[0][1].close()
    await until(lambda: connections.open == 2)
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as answer:
        assert await answer.text() == "in"
    for _, writer in inside:
        writer.close()
    await until(lambda: connections.open == 0)


async def test_behind_a_proxy_of_ours_are_many(opened: Opened) -> None:
    connections = Connections(100, 1, lambda peer: peer == "127.0.0.1")
    port = await opened(connections)
    inside = [await connect(port) for _ in range(5)]

    await until(lambda: connections.open == 5)
    for _, writer in inside:
        writer.close()


async def test_what_is_no_http_is_told_so_and_fills_no_log(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    port = await opened(Connections(10, 10, lambda _: False))
    reader, writer = await connect(port)
    writer.write(b"\x16\x03\x01 nonsense\r\n\r\n")

    assert b" 400 " in await reader.read()
    writer.close()
    assert caplog.records == []


def test_an_ipv6_network_of_one_customer_counts_as_one_address() -> None:
    connections = Connections(100, 2, lambda _: False)

    assert connections.admit("2001:db8:1:2::1") is None
    assert connections.admit("2001:db8:1:2::2") is None
    assert connections.admit("2001:db8:1:2::3") == "address"
    assert connections.admit("2001:db8:1:3::1") is None
    assert connections.refused == {"full": 0, "address": 1}
