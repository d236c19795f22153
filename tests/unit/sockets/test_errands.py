"""Errands: order among those about the same, no waiting for the others, an end to those that hang."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from database.errors import DatabaseUnavailable
from router.sockets.errands import Errands


class _Done:
    """What was done, in its order."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._news = asyncio.Event()

    def doing(self, name: str, after: asyncio.Event | None = None) -> Callable[[], Coroutine[Any, Any, None]]:
        async def errand() -> None:
            if after is not None:
                await after.wait()
            self.names.append(name)
            self._news.set()

        return errand

    async def until(self, *names: str) -> None:
        async with asyncio.timeout(30):
            while not set(names) <= set(self.names):
                self._news.clear()
                await self._news.wait()


async def test_what_is_about_the_same_keeps_its_order_and_the_rest_does_not_wait() -> None:
    errands, done, free = Errands(), _Done(), asyncio.Event()
    errands.put({"talk", "agent"}, done.doing("first", free))
    errands.put({"talk"}, done.doing("second"))
    errands.put({"agent", "another talk"}, done.doing("third"))
    errands.put({"another talk"}, done.doing("fourth"))
    errands.put({"elsewhere"}, done.doing("beside"))
    await done.until("beside")
    assert done.names == ["beside"]
    free.set()
    await done.until("second", "fourth")
    assert done.names[:2] == ["beside", "first"]
    assert done.names.index("third") < done.names.index("fourth")


async def test_one_that_hangs_or_finds_no_database_is_begun_anew() -> None:
    errands, done = Errands(longest_seconds=0.01), _Done()
    begun: list[str] = []

    def twice(name: str) -> Callable[[], Coroutine[Any, Any, None]]:
        async def errand() -> None:
            begun.append(name)
            if begun.count(name) == 1:
                if name == "away":
                    raise DatabaseUnavailable("gone")
                await asyncio.Event().wait()
            await done.doing(name)()

        return errand

    errands.put({1}, twice("hangs"))
    errands.put({2}, twice("away"))
    errands.put({1, 2}, done.doing("last"))
    await done.until("last")
    assert sorted(begun) == ["away", "away", "hangs", "hangs"]
    assert done.names[-1] == "last"


async def test_there_is_an_end_to_what_is_taken() -> None:
    errands, done, never = Errands(most=2), _Done(), asyncio.Event()
    full = []
    for name in ("hangs", "waits"):
        full.append(errands.is_full)
        errands.put({1}, done.doing(name, never))
    full.append(errands.is_full)
    running = asyncio.create_task(errands.run())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    full.append(errands.is_full)  # nothing is taken after the end
    assert full == [False, False, True, True]
