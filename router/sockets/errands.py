"""Errands beside the journal: those that are about the same are done in their order, the others beside each other.

Refuses to let one wait for ever: an errand that hangs is broken off and begun anew, and meanwhile only what is about
the same waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Hashable

from database.errors import DatabaseUnavailable

log = logging.getLogger(__name__)

Errand = Callable[[], Awaitable[None]]

#: An errand that takes longer waits for a server that is no more; a statement of its own would wait for 17 s.
_LONGEST_SECONDS = 5.0
_RETRY_SECONDS = 0.5
#: Under way at one time, so that hanging ones leave the others connections to the database.
_AT_ONCE = 4
#: What is still to be done; beyond it nothing is taken.
_MOST = 10_000


class Errands:
    """An errand may be begun more than once, and only what it is about may know of that."""

    def __init__(self, *, longest_seconds: float = _LONGEST_SECONDS, at_once: int = _AT_ONCE, most: int = _MOST):
        self._longest_seconds = longest_seconds
        self._room = asyncio.Semaphore(at_once)
        self._most = most
        #: The newest errand about each thing.
        self._newest: dict[Hashable, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_full(self) -> bool:
        return len(self._tasks) >= self._most

    def put(self, about: Collection[Hashable], errand: Errand) -> None:
        """Soon, after all earlier ones about any of these."""
        earlier = {self._newest[each] for each in about if each in self._newest}
        task = asyncio.create_task(self._do(earlier, errand))
        self._tasks.add(task)
        for each in about:
            self._newest[each] = task
        task.add_done_callback(lambda done: self._forget(done, about))

    async def run(self) -> None:
        """Until cancelled; then nothing goes on."""
        try:
            await asyncio.Event().wait()
        finally:
            self._most = 0
            for task in self._tasks:
                task.cancel()

    def _forget(self, task: asyncio.Task[None], about: Collection[Hashable]) -> None:
        self._tasks.discard(task)
        for each in about:
            if self._newest.get(each) is task:
                del self._newest[each]

    async def _do(self, earlier: Collection[asyncio.Task[None]], errand: Errand) -> None:
        if earlier:
            await asyncio.wait(earlier)
        while not await self._is_done(errand):  # noqa: ASYNC110 (a database that is back raises no event)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _is_done(self, errand: Errand) -> bool:
        async with self._room:
            try:
                async with asyncio.timeout(self._longest_seconds):
                    await errand()
            except (DatabaseUnavailable, TimeoutError):
                return False
            except Exception:  # the edge of this task
                log.exception("telling the agents failed")
            return True
