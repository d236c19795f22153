"""The parent of several workers: keeps their database and Redis where those are our own, starts the workers, watches
them, replaces them one by one (SIGHUP), ends them all (SIGTERM). Serves nobody and knows nothing of the desk."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any

from database.embedded import EmbeddedPostgres
from router.security.secrets import load_secrets
from router.settings import Settings
from router.workers.listening import Sockets
from router.workers.nursery import Nursery, NurseryFailed
from router.workers.redis_server import RedisServer
from router.workers.slot import Slot

log = logging.getLogger(__name__)

#: Together they stay below 20 s.
_STOP_WORKERS_SECONDS = 13.0
_STOP_PARTS_SECONDS = 5.0


class Parent:
    """`run` it; ``arguments`` are those of the command line, which every worker gets too."""

    def __init__(self, settings: Settings, arguments: Sequence[str], say: Callable[[str], None]) -> None:
        self._settings = settings
        self._arguments = arguments
        self._say = say
        self._slots: list[Slot] = []
        self._nursery: Nursery | None = None
        self._stop = asyncio.Event()
        self._roll = asyncio.Event()

    async def run(self) -> int:
        """The exit status; raises what forbids a start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._roll.set)
        async with AsyncExitStack() as opened:
            working = asyncio.create_task(self._work(opened), name="parent")
            stopping = asyncio.create_task(self._stop.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            try:
                if working.done():
                    return working.result()
                working.cancel()
                await asyncio.wait({working})
                return 0
            finally:
                await asyncio.gather(*(slot.stop(_STOP_WORKERS_SECONDS) for slot in self._slots))
                if self._nursery is not None:
                    await self._nursery.stop()

    async def _work(self, opened: AsyncExitStack) -> int:
        """Starts everything, then rolls as often as it is asked to; comes back where the start failed."""
        server = self._settings.server
        sockets = Sockets(server.host, server.port)
        await sockets.wait_until_free()
        told = await self._prepare(opened)
        self._nursery = Nursery(self._arguments, told)
        of = server.workers
        self._slots = [Slot(number, of, self._nursery, sockets.open) for number in range(of)]
        # The first one alone: it migrates, makes the first account and the first index.
        if not await self._slots[0].start():
            return 1
        started = await asyncio.gather(*(slot.start() for slot in self._slots[1:]))
        if not all(started):
            return 1
        self._say(f"ready http://{server.host}:{sockets.port}")
        while True:
            await self._roll.wait()
            self._roll.clear()
            await self._replace_all(Nursery(self._arguments, told))

    async def _replace_all(self, nursery: Nursery) -> None:
        """With the program and the settings as they are now."""
        log.info("replacing the workers one by one")
        try:
            for slot in self._slots:
                await slot.replace(nursery)
        except NurseryFailed as error:
            log.error("the workers stay as they are: %s", error)
            await nursery.stop()
            return
        if self._nursery is not None:
            await self._nursery.stop()
        self._nursery = nursery
        log.info("all workers were replaced")

    async def _prepare(self, opened: AsyncExitStack) -> dict[str, str]:
        """What is for all workers; returns what they are told in their environment."""
        settings, told = self._settings, dict[str, str]()
        security = settings.security
        load_secrets(
            settings.data_dir / "secrets",
            token_key=security.token_key,
            sealing_keys=security.sealing_keys,
            lookup_key=security.lookup_key,
        )  # made once, before several look for them
        if settings.redis.url is None:
            redis = RedisServer(settings.data_dir / "run")
            await redis.start()
            opened.push_async_callback(_in_time, redis.stop)
            told["YINGDA_REDIS__URL"] = redis.url
        if settings.database.url is None:
            embedded = EmbeddedPostgres(settings.data_dir, on_status=self._say)
            told["YINGDA_DATABASE__URL"] = await embedded.start(wait=False)
            opened.push_async_callback(_in_time, embedded.stop)
        return told


async def _in_time(stop: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop(), _STOP_PARTS_SECONDS)


def run_parent(settings: Settings, say: Callable[[str], None]) -> int:
    """Runs the parent of the workers that the settings ask for."""
    return asyncio.run(_run(settings, say))


async def _run(settings: Settings, say: Callable[[str], None]) -> int:
    return await Parent(settings, sys.argv[1:], say).run()
