"""One process that serves: opens the desk, listens, works until it is told to stop, ends everything in time."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from aiohttp import web

from database.errors import DatabaseError
from kb_index.encoders import NamedEncoder
from kb_index.errors import KnowledgeError
from models.encoder import ModelUnavailable
from router.app import Desk
from router.collecting import Collecting
from router.security.secrets import SecretUnusable
from router.settings import Settings
from router.workers.leash import Leash
from router.workers.worker import Worker

#: Beside `server.drain_seconds`: all of it together stays below 20 s.
_CLOSE_SOCKETS_SECONDS = 3.0
_CLOSE_PARTS_SECONDS = 6.0

#: What makes a start impossible; each is one clear line.
FATAL = (DatabaseError, KnowledgeError, ModelUnavailable, SecretUnusable, OSError, ValueError)

_BACKLOG = 1024


async def serve(settings: Settings, worker: Worker, encoder: NamedEncoder | None, say: Callable[[str], None]) -> int:
    """Serves until SIGTERM or SIGINT; returns the exit status. What was opened is closed, whatever went wrong."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    desk = Desk(settings, say=say, worker=worker, encoder=encoder)
    parent = Leash(worker, stop)
    runner: web.AppRunner | None = None
    try:
        runner = desk.runner_of(await desk.open())
        await runner.setup()
        site = _site_of(runner, settings, worker)
        await site.start()
        status = await _work_until(stop, desk, settings, parent, say)
        if worker.has_parent:
            await site.stop()  # what comes now is for the others
        await _within(settings.server.drain_seconds, desk.drain())
    finally:
        parent.close()
        if runner is not None:
            await _within(_CLOSE_SOCKETS_SECONDS, runner.cleanup())
        await _within(_CLOSE_PARTS_SECONDS, desk.close())
    return status


def _site_of(runner: web.BaseRunner, settings: Settings, worker: Worker) -> web.BaseSite:
    server = settings.server
    if worker.socket is not None:
        return web.SockSite(runner, socket.socket(fileno=worker.socket), backlog=_BACKLOG)
    return web.TCPSite(runner, server.host, server.port, backlog=_BACKLOG, reuse_address=True)


async def _work_until(
    stop: asyncio.Event, desk: Desk, settings: Settings, parent: Leash, say: Callable[[str], None]
) -> int:
    """Prepares, then works; 1 where preparing failed for good, with one line that says why."""
    preparing = asyncio.create_task(_prepare(desk, settings, parent, say))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({preparing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not preparing.done():
        preparing.cancel()
        await asyncio.wait({preparing}, timeout=_CLOSE_SOCKETS_SECONDS)
        return 0
    error = preparing.exception()
    if error is None:
        await stopping
        return 0
    stopping.cancel()
    if not isinstance(error, FATAL):
        raise error
    print(f"yingda: {error}", file=sys.stderr)
    return 1


async def _within(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Gives a step of the stop its time; what is not finished by then is durable and goes on after the next start."""
    with suppress(TimeoutError):
        await asyncio.wait_for(work, seconds)


async def _prepare(desk: Desk, settings: Settings, parent: Leash, say: Callable[[str], None]) -> None:
    await desk.prepare()
    Collecting().begin(asyncio.get_running_loop())
    if not parent.say_ready():
        say(f"ready http://{settings.server.host}:{settings.server.port}")
