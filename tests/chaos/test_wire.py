"""The wire of the chaos runs does what networks do: passes on in order, is cut, hangs, is slow, heals."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.chaos.wire import Wire


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    """In front of a server that says everything back."""
    path = str(tmp_path / "echo")
    server = await asyncio.start_unix_server(_echo, path)
    wire = Wire(path)
    await wire.open()
    yield wire
    await wire.close()
    server.close()


async def _said_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> bytes:
    writer.write(data)
    return await asyncio.wait_for(reader.readexactly(len(data)), 5)


async def test_everything_arrives_in_order_also_when_it_is_much(wire: Wire) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    much = bytes(range(256)) * 20_000

    writer.write(much)

    assert await asyncio.wait_for(reader.readexactly(len(much)), 10) == much
    writer.close()


async def test_a_cut_wire_resets_what_is_open_and_what_is_new(wire: Wire) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    assert await _said_back(reader, writer, b"hello") == b"hello"

    wire.cut()

    with pytest.raises(ConnectionError):
        assert await asyncio.wait_for(reader.read(1), 5) == b""
        raise ConnectionResetError
    late, other = await asyncio.open_connection("127.0.0.1", wire.port)
    with suppress(ConnectionError):
        assert await asyncio.wait_for(late.read(1), 5) == b""
    assert wire.connections == 0
    wire.mend()
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    assert await _said_back(reader, writer, b"again") == b"again"
    other.close()
    writer.close()


async def test_a_hanging_wire_holds_back_what_is_said_until_it_is_mended(wire: Wire) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    assert await _said_back(reader, writer, b"hello") == b"hello"

    wire.hang()
    writer.write(b"old")
    late, other = await asyncio.open_connection("127.0.0.1", wire.port)
    other.write(b"new")

    for waiting in (reader, late):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(waiting.read(1), 0.05)
    wire.mend()
    assert await asyncio.wait_for(reader.readexactly(3), 5) == b"old"
    assert await asyncio.wait_for(late.readexactly(3), 5) == b"new"
    writer.close()
    other.close()


async def test_a_slow_wire_delays_and_keeps_the_order(wire: Wire) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    wire.slow(0.05)
    began = time.monotonic()

    writer.write(b"one ")
    await asyncio.sleep(0.01)
    writer.write(b"two ")
    await asyncio.sleep(0.01)
    wire.slow(0)
    writer.write(b"three")

    assert await asyncio.wait_for(reader.readexactly(13), 5) == b"one two three"
    assert time.monotonic() - began >= 0.05
    writer.close()


def test_a_wire_leads_to_this_machine_only() -> None:
    with pytest.raises(ValueError, match="this machine"):
        Wire(("10.0.0.1", 5432))
