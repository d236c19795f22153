"""`python -m router`: reads settings and serves until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys

import uvloop
from aiohttp import web

from database.errors import DatabaseError
from kb_index.errors import KnowledgeError
from models.encoder import ModelUnavailable
from router.app import Desk
from router.logs import configure_logs
from router.security.secrets import SecretUnusable
from router.settings import Settings, SettingsError, load_settings

#: What makes a start impossible; each is one clear line.
_FATAL = (DatabaseError, KnowledgeError, ModelUnavailable, SecretUnusable, OSError, ValueError)


async def serve(settings: Settings) -> int:
    """Serves until SIGTERM or SIGINT; returns the exit status."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    desk = Desk(settings, say=_say)
    app = await desk.open()
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, settings.server.host, settings.server.port, backlog=1024, reuse_address=True)
    status = 0
    try:
        await site.start()
        preparing = asyncio.create_task(_prepare(desk, settings))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({preparing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not preparing.done():
            preparing.cancel()
        elif (error := preparing.exception()) is not None:
            if not isinstance(error, _FATAL):
                raise error
            print(f"yingda: {error}", file=sys.stderr)
            status = 1
        else:
            await stopping
        stopping.cancel()
        async with asyncio.timeout(settings.server.drain_seconds):
            await desk.drain()
    except TimeoutError:
        pass  # what is not finished is durable
    finally:
        await runner.cleanup()
        await desk.close()
    return status


async def _prepare(desk: Desk, settings: Settings) -> None:
    await desk.prepare()
    # What is loaded by now stays: the collector need not look at it again, which took 37 ms each time.
    gc.collect()
    gc.freeze()
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
    try:
        return uvloop.run(serve(settings))
    except _FATAL as error:
        print(f"yingda: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
