"""Our sockets alone, as the desk uses them: a typed namespace, rate limits, the gateway; nothing is stored."""

from __future__ import annotations

import asyncio
import gc
import sys
from typing import Any
from uuid import UUID

import uvloop
from aiohttp import web

from router.doors.doors import Doors
from router.doors.rates import Rate
from router.doors.settings import LimitSettings
from router.observing.stages import Stages
from router.payloads.base import Incoming, Outgoing, Storing
from router.sockets.base import Table, TypedNamespace
from router.sockets.gateway import AGENT, Gateway
from router.sockets.limits import SocketLimits
from router.sockets.server import SocketServer

#: As long as the desk's welcome.
_GREETING = "您好" * 300
_WATCHED = UUID(int=1)


class Said(Storing):
    text: str


class Nothing(Incoming):
    pass


class Echo(Outgoing, omit_defaults=False, kw_only=True):
    ok: bool = True
    client_id: UUID
    text: str


class Greeting(Outgoing, kw_only=True):
    greeting: str


class EchoNamespace(TypedNamespace):
    def __init__(self, gateway: Gateway) -> None:
        limits = SocketLimits(Rate(1e6, 1e6), Doors(LimitSettings(), ()))
        table: Table = {"echo": (Said, None), "watch": (Nothing, None), "shout": (Said, None)}
        super().__init__(AGENT, table, limits, Stages().observe, gateway.disconnect)
        self._gateway = gateway

    async def entered(self, sid: str, auth: Any) -> None:
        self.welcome_soon(sid, self._gateway.to_socket(AGENT, sid, "welcome", Greeting(greeting=_GREETING)))

    async def left(self, sid: str) -> None:
        """Nothing was kept."""

    def handle_echo(self, sid: str, said: Said) -> Echo:
        return Echo(client_id=said.client_id, text=said.text)

    async def handle_watch(self, sid: str, _: Nothing) -> dict[str, bool]:
        await self._gateway.watch(sid, _WATCHED)
        return {"ok": True}

    async def handle_shout(self, sid: str, said: Said) -> dict[str, bool]:
        await self._gateway.to_watchers(_WATCHED, "event", said)
        return {"ok": True}


async def serve(port: int) -> None:
    server = SocketServer()
    app = web.Application()
    server.register_namespace(EchoNamespace(Gateway(server)))
    server.attach(app, "/socket.io/")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
