"""Whatever customers, agents, a supervisor and the clock do, in any order: the laws of conversations hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.acceptance.people import People, people_of
from tests.clients import AgentClient
from tests.edge.conftest import OpenHouse
from tests.edge.house import House
from tests.edge.stage import ACTIONS, Stage

_NUMBER = st.integers(0, 11)
#: Customers speak, ask for humans and agents answer more often than the rest happens.
_ACTION = st.sampled_from([*ACTIONS, "say", "request_human", "request_human", "accept", "reply", "time", "time"])
STORIES = st.lists(st.tuples(_ACTION, _NUMBER, _NUMBER, _NUMBER), min_size=5, max_size=30)


@pytest.fixture
async def theatre(open_house: OpenHouse) -> AsyncIterator[tuple[House, People]]:
    house = await open_house(HOURS__ALWAYS_OPEN="true")
    async with people_of(house) as people:
        yield house, people


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ["auto", "offer", "pick"])
async def test_the_laws_hold_whatever_happens(theatre: tuple[House, People], assignment: str) -> None:
    house, people = theatre
    group, other_group = await people.group(assignment), await people.group("pick")
    agents = [await people.staff(group, capacity=capacity) for capacity in (1, 2, 2)]
    supervisor = await people.agent(role="supervisor", capacity=3)
    seats: dict[str, AgentClient] = {}
    database = await asyncpg.connect(house.dsn)

    async def play(story: list[tuple[str, int, int, int]]) -> None:
        stage = Stage(house, people, database, group, other_group, agents, supervisor, seats)
        await stage.begin(3)
        try:
            for step in story:
                await stage.step(*step)
            await stage.everybody_is_served()
            await stage.look_back()
        finally:
            await stage.end()

    loop = asyncio.get_running_loop()

    @settings(
        max_examples=12,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(STORIES)
    def all_stories(story: list[tuple[str, int, int, int]]) -> None:
        asyncio.run_coroutine_threadsafe(play(story), loop).result(120)

    try:
        await asyncio.to_thread(all_stories)
    finally:
        await database.close()
