"""The house and its people; `open_house` opens one with other settings."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from socketio.packet import Packet

from database.clock import ManualClock
from kb_index.encoders import NamedEncoder
from tests.acceptance.people import People, people_of
from tests.edge.house import House
from tests.fakes import PostgresForTests

OpenHouse = Callable[..., Awaitable[House]]


@dataclass(frozen=True)
class Furnished:
    """A database and a data folder after a first start, to be copied."""

    dsn: str
    folder: Path


@pytest.fixture(scope="session")
def furnished(heads: None, postgres: PostgresForTests, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """The account `admin`, the keys and the knowledge's index, made once for all houses."""
    folder = tmp_path_factory.mktemp("furnished") / "var"

    async def furnish() -> str:
        dsn = await postgres.new()
        house = House(dsn, ManualClock(), folder)
        await house.open()
        await house.close()
        return dsn

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Packet, "json", Packet.json)
        return Furnished(asyncio.run(furnish()), folder)


@pytest.fixture
async def dsn(furnished: Furnished, postgres: PostgresForTests) -> AsyncIterator[str]:
    """The address of a database in which the first start is over."""
    lent = await postgres.lend(like=furnished.dsn)
    yield lent
    await postgres.give_back(lent)


@pytest.fixture
async def open_house(
    furnished: Furnished, dsn: str, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OpenHouse]:
    """Opens the house of this test, on a Monday, ten o'clock in Shanghai; settings as in `House`."""
    monkeypatch.setattr(Packet, "json", Packet.json)  # the library keeps a server's JSON for the whole process
    opened: list[House] = []
    shutil.copytree(furnished.folder, tmp_path / "var")

    async def open_one(*, encoder: NamedEncoder | None = None, **settings: str) -> House:
        house = House(dsn, clock, tmp_path / "var", encoder=encoder, **settings)
        opened.append(house)
        await house.open()
        return house

    yield open_one
    for house in opened:
        await house.close()


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """The house as config.yaml has it."""
    return await open_house()


@pytest.fixture
async def people(house: House) -> AsyncIterator[People]:
    """Customers and colleagues of the house; nothing internal may have reached a customer in the end."""
    async with people_of(house) as made:
        yield made
