"""The yardstick: python-socketio as its documentation shows it, on uvloop, acknowledging what it hears and no more."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import socketio
import uvloop
from aiohttp import web

#: As long as the desk's welcome.
_GREETING = "您好" * 300


async def serve(port: int) -> None:
    server = socketio.AsyncServer(async_mode="aiohttp")
    app = web.Application()
    server.attach(app)

    async def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        server.start_background_task(server.emit, "welcome", {"greeting": _GREETING}, to=sid)

    async def echo(sid: str, said: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, **said}

    async def watch(sid: str, wish: dict[str, Any]) -> dict[str, Any]:
        await server.enter_room(sid, "watchers")
        return {"ok": True}

    async def shout(sid: str, said: dict[str, Any]) -> dict[str, Any]:
        await server.emit("event", said, room="watchers")
        return {"ok": True}

    server.on("connect", connect)
    server.on("echo", echo)
    server.on("watch", watch)
    server.on("shout", shout)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
