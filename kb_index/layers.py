"""Tuned layers as they are kept: in the database for every node, and in a file on each machine that serves them;
forgets those that nobody can go back to."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from kb_index.encoders import TunedEncoder, layers_file
from kb_index.vectors import Keys
from models.upper.weights import UpperWeights

_KEPT = 5  # tuned ones that versions of late name; each has 14 MB
_KEY_BYTES = 16


class KeptLayers:
    """All of the installation; files are below `<data dir>/encoders`."""

    def __init__(self, database: Database, data_dir: Path, clock: Clock) -> None:
        self._database = database
        self._data_dir = data_dir
        self._clock = clock
        self._sql = load_queries(__file__)

    async def bring(self, tuned: TunedEncoder | None) -> None:
        """Has the file on this machine, where the database knows the layers."""
        if tuned is None or layers_file(self._data_dir, tuned).is_file():
            return
        content: bytes | None = await self._database.fetchval(self._sql["layers"], tuned.name)
        if content is not None:
            await asyncio.to_thread(_write, layers_file(self._data_dir, tuned), content)

    async def put(self, tuned: TunedEncoder, weights: UpperWeights, seen: Keys) -> None:
        """Keeps layers just tuned; `seen` is what they were tuned on."""
        content = await asyncio.to_thread(weights.content)
        await asyncio.to_thread(_write, layers_file(self._data_dir, tuned), content)
        now = self._clock.now()
        await self._database.execute(self._sql["put_layers"], tuned.name, tuned.base, content, seen.tobytes(), now)

    async def seen(self, base: str) -> Keys | None:
        """What the newest ones of the encoder with this fingerprint were tuned on, shape (texts, 16), at work or not:
        whoever has gone back from them does not want them again at once. None: there are none."""
        seen: bytes | None = await self._database.fetchval(self._sql["layers_seen"], base)
        return None if seen is None else np.frombuffer(seen, np.uint8).reshape(-1, _KEY_BYTES)

    async def knows(self, tuned: TunedEncoder) -> bool:
        """Whether they can be had."""
        if layers_file(self._data_dir, tuned).is_file():
            return True
        return bool(await self._database.fetchval(self._sql["knows_layers"], tuned.name))

    async def clean(self) -> None:
        """Forgets what no version of late names, and layers that nothing came of."""
        for row in await self._database.fetch(self._sql["forget_layers"], _KEPT):
            layers_file(self._data_dir, TunedEncoder(row["name"], "")).unlink(missing_ok=True)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[bool]:
        """The block in which nobody else tunes; False where somebody does."""
        async with self._database.connection() as connection:
            mine = bool(await connection.fetchval(self._sql["try_tuning"]))
            try:
                yield mine
            finally:
                if mine and not connection.is_closed():
                    await connection.execute(self._sql["end_tuning"])


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(file)
