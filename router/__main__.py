"""`python -m router`: reads settings and serves until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import uvloop
from aiohttp import web

from database.errors import DatabaseError
from kb_index.errors import KnowledgeError
from models.encoder import ModelUnavailable
from router.app import Desk
from router.collecting import Collecting
from router.logs import configure_logs
from router.security.secrets import SecretUnusable
from router.settings import Settings, SettingsError, load_settings
from router.workers.leash import Leash
from router.workers.parent import run_parent
from router.workers.redis_server import RedisMissing
from router.workers.worker import Worker, worker_of

#: Beside `server.drain_seconds`: all of it together stays below 20 s.
_CLOSE_SOCKETS_SECONDS = 3.0
_CLOSE_PARTS_SECONDS = 6.0

#: What makes a start impossible; each is one clear line.
_FATAL = (DatabaseError, KnowledgeError, ModelUnavailable, SecretUnusable, RedisMissing, OSError, ValueError)

_BACKLOG = 1024


async def serve(settings: Settings, worker: Worker) -> int:
    """Serves until SIGTERM or SIGINT; returns the exit status. What was opened is closed, whatever went wrong."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    desk = Desk(settings, say=_say, worker=worker)
    parent = Leash(worker, stop)
    runner: web.AppRunner | None = None
    try:
        runner = desk.runner_of(await desk.open())
        await runner.setup()
        site = _site_of(runner, settings, worker)
        await site.start()
        status = await _work_until(stop, desk, settings, parent)
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


async def _work_until(stop: asyncio.Event, desk: Desk, settings: Settings, parent: Leash) -> int:
    """Prepares, then works; 1 where preparing failed for good, with one line that says why."""
    preparing = asyncio.create_task(_prepare(desk, settings, parent))
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
    if not isinstance(error, _FATAL):
        raise error
    print(f"yingda: {error}", file=sys.stderr)
    return 1


async def _within(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Gives a step of the stop its time; what is not finished by then is durable and goes on after the next start."""
    with suppress(TimeoutError):
        await asyncio.wait_for(work, seconds)


async def _prepare(desk: Desk, settings: Settings, parent: Leash) -> None:
    await desk.prepare()
    Collecting().begin(asyncio.get_running_loop())
    if not parent.say_ready():
        _say(f"ready http://{settings.server.host}:{settings.server.port}")


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    try:
        settings = load_settings(sys.argv[1:], os.environ)
    except SettingsError as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1
    configure_logs(settings.logging.level, settings.logging.format)
    worker = worker_of(os.environ)
    try:
        if settings.server.workers > 1 and not worker.has_parent:
            return run_parent(settings, _say)
        return uvloop.run(serve(settings, worker))
    except _FATAL as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
