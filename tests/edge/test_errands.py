"""What agents are told after a commit: an errand that hangs holds back nobody else, and comes to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.acceptance.people import People, Seat
from tests.edge.floor import in_time, owner
from tests.edge.house import House

_KEY = 4711


@asynccontextmanager
async def _unreadable(house: House, conversation_id: str) -> AsyncIterator[None]:
    """Whoever reads what was said in this conversation waits until the end of the block."""
    holder = await asyncpg.connect(house.dsn)
    try:
        await holder.execute("select pg_advisory_lock($1)", _KEY)
        await holder.execute(
            f"""
            create function held() returns boolean language plpgsql volatile as $$
            begin perform pg_advisory_xact_lock_shared({_KEY}); return true; end $$;
            alter table events rename to events_of_the_test;
            create view events as
                select * from events_of_the_test where conversation_id <> '{conversation_id}' or held();
            """
        )
        yield
    finally:
        await holder.close()  # which lets go of the lock


async def _has(house: House, seat: Seat, conversation_id: str) -> bool:
    return await owner(house, conversation_id) == seat.id


async def test_an_errand_that_hangs_holds_back_no_other_agent(house: House, people: People) -> None:
    stuck_group, free_group = await people.group("auto"), await people.group("auto")
    stuck, free = await people.agent(stuck_group), await people.agent(free_group)
    for seat in (stuck, free):
        await seat.client.do("set_presence", status="away")
    _, hanging_id = await people.waiting_customer(stuck_group["name"])
    _, other_id = await people.waiting_customer(free_group["name"])

    async with _unreadable(house, hanging_id):
        await stuck.client.do("set_presence", status="online")
        await in_time(lambda: _has(house, stuck, hanging_id))
        await free.client.do("set_presence", status="online")
        assert (await free.client.until("assigned"))["conversation_id"] == other_id
        assert stuck.client.all("assigned") == []

    assert (await stuck.client.until("assigned"))["conversation_id"] == hanging_id
