"""The whole desk in this process with a clock moved by hand; nothing happens by itself between two moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncpg
from aiohttp import web_app
from aiohttp.test_utils import TestServer

from database.clock import ManualClock
from kb_index.encoders import NamedEncoder
from router.app import Desk
from router.settings import load_settings
from tests.acceptance.program import ADMIN_PASSWORD, IDENTITY_SECRET, KNOWLEDGE, free_port

_DEFAULTS = {
    "YINGDA_ENCODER__NAME": "hashing",
    "YINGDA_KNOWLEDGE__ARTICLES": str(KNOWLEDGE),
    "YINGDA_ADMIN_PASSWORD": ADMIN_PASSWORD,
    "YINGDA_SECURITY__IDENTITY_SECRETS": f'{{"k1": "{IDENTITY_SECRET}"}}',
    "YINGDA_SECURITY__ACCESS_MINUTES": "60",
    "YINGDA_SECURITY__SIGN_IN_ATTEMPTS_PER_ADDRESS": "10000",
    "YINGDA_SECURITY__PASSWORD_MEMORY_MIB": "1",
    "YINGDA_SECURITY__PASSWORD_ROUNDS": "1",
    "YINGDA_SERVER__EVENTS_PER_SECOND": "1000",
    "YINGDA_SERVER__EVENTS_BURST": "10000",
}


class House:
    """Settings are environment variables without their YINGDA_ in front, e.g. ROUTING__ASSIGNMENT="pick"."""

    def __init__(
        self, dsn: str, clock: ManualClock, folder: Path, *, encoder: NamedEncoder | None = None, **settings: str
    ) -> None:
        self.clock = clock
        self._encoder = encoder
        self.dsn = dsn
        self.folder = folder
        self.port = free_port()
        environment = _DEFAULTS | {"YINGDA_DATA_DIR": str(folder), "YINGDA_DATABASE__URL": dsn}
        environment |= {f"YINGDA_{name}": value for name, value in settings.items()}
        self._settings = load_settings([], environment)
        self._desk: Desk | None = None
        self._server: TestServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def desk(self) -> Desk:
        assert self._desk is not None, "the house is closed"
        return self._desk

    async def open(self) -> None:
        self._desk = Desk(self._settings, self.clock, say=lambda _: None, by_itself=False, encoder=self._encoder)
        self._server = TestServer(await self._desk.open(), port=self.port)
        await self._server.start_server(shutdown_timeout=0.1)
        await self._desk.prepare()

    async def close(self) -> None:
        """As SIGTERM does it; every socket is cut."""
        if self._desk is None or self._server is None:
            return
        desk, server, self._desk, self._server = self._desk, self._server, None, None
        await desk.drain()
        await server.close()
        await desk.close()
        web_app._cached_build_middleware.cache_clear()  # it remembers handlers, and with them whole desks, for ever

    async def restart(self) -> None:
        """A new life on the same database; pages have to connect again."""
        await self.close()
        await self.open()

    async def pass_time(self, seconds: float = 0) -> None:
        """Moves the clock and does everything that has become due."""
        self.clock.advance(seconds)
        await self.desk.timetable.run_once()

    def now(self) -> float:
        return self.clock.now().timestamp()

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        """What the database holds, for what no edge shows."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()
