"""What a chaos run breaks: a Postgres, a Redis and nodes on one machine, with a wire of its own on every connection."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from database.embedded import EmbeddedPostgres
from database.migrate import migrate
from database.postmaster import DATABASE, ROLE
from tests.acceptance.crashes import PostgresProcesses
from tests.acceptance.program import Program
from tests.chaos.evidence import Parcel
from tests.chaos.recorder import Recorder
from tests.chaos.replica import Replica
from tests.chaos.wire import Wire
from tests.conftest import remove_cluster
from tests.wires import RedisForTests

#: Beside those of every test program.
_SETTINGS = {
    "NOTIFICATIONS__WEBHOOKS__ALLOWED_NETWORKS": "127.0.0.0/8",
    "LOGGING__LEVEL": "info",
}


@dataclass(frozen=True)
class Node:
    """One server process with its wires."""

    name: str
    program: Program
    to_postgres: Wire
    to_replica: Wire
    to_redis: Wire | None


@dataclass(frozen=True)
class Stage:
    """Everything that can be broken, and the recorder, which cannot."""

    nodes: tuple[Node, ...]
    embedded: EmbeddedPostgres
    postgres: PostgresProcesses
    replica: Replica
    redis: RedisForTests | None
    recorder: Recorder
    receiver: Receiver

    @property
    def urls(self) -> list[str]:
        return [node.program.url for node in self.nodes]

    async def dispatcher(self) -> Node:
        """The node that holds the lease."""
        name = await self.recorder.dispatcher()
        return next((node for node in self.nodes if node.name == name), self.nodes[0])


class Receiver:
    """Another system, which keeps every request that it ever got."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self.url = ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Receiver]:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.parcels.append(Parcel(request.headers["webhook-id"], await request.read()))
        return web.Response()


@asynccontextmanager
async def stage(
    folder: Path, nodes: int, *, with_redis: bool, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Stage]:
    """Started and ready; everything is gone afterwards."""
    async with AsyncExitStack() as opened:
        embedded = EmbeddedPostgres(folder / "postgres")
        opened.callback(remove_cluster, folder / "postgres")
        dsn = await embedded.start()
        opened.push_async_callback(embedded.stop)
        await migrate(dsn)
        replica = Replica(folder / "replica", dsn)
        opened.callback(remove_cluster, folder / "replica")
        opened.push_async_callback(replica.stop)
        recorder = Recorder(replica.either)
        await recorder.install()
        redis = opened.enter_context(RedisForTests(folder / "redis")) if with_redis else None
        receiver = await opened.enter_async_context(Receiver().open())
        common = {**_SETTINGS, **_keys(), **(settings or {})}
        made = [await _node(chr(ord("a") + n), folder, replica, redis, common, opened) for n in range(nodes)]
        # The first one imports the articles, which the others find.
        await made[0].program.started()
        await asyncio.gather(*(node.program.started() for node in made[1:]))
        processes = PostgresProcesses(folder / "postgres")
        yield Stage(tuple(made), embedded, processes, replica, redis, recorder, receiver)


async def _node(
    name: str,
    folder: Path,
    replica: Replica,
    redis: RedisForTests | None,
    common: Mapping[str, str],
    opened: AsyncExitStack,
) -> Node:
    wires = [Wire(path) for path in (replica.of_path, replica.path)]
    for wire in wires:
        await wire.open()
        opened.push_async_callback(wire.close)
    hosts = ",".join(f"127.0.0.1:{wire.port}" for wire in wires)
    url = f"postgresql://{ROLE}@{hosts}/{DATABASE}?sslmode=disable&target_session_attrs=read-write&chaos.node={name}"
    settings = dict(common)
    to_redis = None
    if redis is not None:
        to_redis = Wire(str(redis.path))
        await to_redis.open()
        opened.push_async_callback(to_redis.close)
        settings["REDIS__URL"] = f"redis://127.0.0.1:{to_redis.port}/0"
    program = Program(folder / f"node-{name}", url, **settings)
    opened.push_async_callback(_end, program)
    return Node(name, program, wires[0], wires[1], to_redis)


async def _end(program: Program) -> None:
    if program.is_running:
        program.go_on()
        await asyncio.to_thread(program.kill)


def _keys() -> dict[str, str]:
    """What nodes on different machines are given alike."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {"SECURITY__TOKEN_KEY": key(), "SECURITY__SEALING_KEYS": key(), "SECURITY__LOOKUP_KEY": key()}
