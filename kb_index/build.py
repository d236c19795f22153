"""`python -m kb_index.build`: imports files and builds an index version in a process of its own, for the server.

Parameters come as one JSON object on standard input: `{"dsn", "data_dir", "encoder": {…}, "index": {…}, "paths": […],
"prune", "author", "note", "tune"}` (all but the first two may be left out; no paths: only rebuilds). Lines of JSON
go to standard output: `{"doing", "done", "total"}` while it works, then `{"version", "built", "counts", "faults"}` or
`{"error"}`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from database.clock import SystemClock
from database.errors import DatabaseError
from database.pool import Database
from database.settings import DatabaseSettings
from kb_index.articles import Articles, Author
from kb_index.encoders import Encoders
from kb_index.errors import KnowledgeError
from kb_index.reindexing import Outcome, Reindexing
from kb_index.settings import IndexSettings
from kb_index.versions import IndexVersions
from models.encoder import ModelUnavailable
from models.settings import EncoderSettings

_NICE = 19  # customers' questions go before


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the server wants built."""

    dsn: str
    data_dir: str
    encoder: EncoderSettings = EncoderSettings()
    index: IndexSettings = IndexSettings()
    paths: tuple[str, ...] = ()
    prune: bool = False
    author: str = "server"
    note: str | None = None
    tune: bool = False  # nothing else: layers of the encoder, where that is due, at low priority


def main() -> int:
    """Exit status 0 where a version is served afterwards, 1 with an `error` line, 2 for wrong parameters."""
    try:
        parameters = msgspec.json.decode(sys.stdin.buffer.read(), type=Parameters)
    except (msgspec.DecodeError, ValueError) as error:
        _say({"error": f"wrong parameters: {error}"})
        return 2
    try:
        outcome = asyncio.run(_run(parameters))
    except (KnowledgeError, DatabaseError, ModelUnavailable) as error:
        _say({"error": str(error)})
        return 1
    _say(
        {"version": None, "built": False}
        if outcome is None
        else {
            "version": outcome.version,
            "built": outcome.built,
            "counts": outcome.plan.counts,
            "faults": [f"{entry.file}:{entry.line}: {entry.message}" for entry in outcome.plan.of("faulty")],
        }
    )
    return 0


async def _run(parameters: Parameters) -> Outcome | None:
    clock = SystemClock()
    database = Database(parameters.dsn, DatabaseSettings(url=parameters.dsn, pool_min=1, pool_max=3))
    data_dir = Path(parameters.data_dir)
    await database.start()
    try:
        await database.wait_ready(30)
        encoders = Encoders(parameters.encoder, data_dir)
        reindexing = Reindexing(
            database,
            Articles(database, clock),
            IndexVersions(database, data_dir, parameters.index, clock),
            data_dir,
            encoders.load,
            Author(parameters.author),
        )
        if parameters.tune:
            os.nice(_NICE)
            return await reindexing.tune(encoders, progress=_told)
        return await reindexing.run(
            [Path(path) for path in parameters.paths],
            prune=parameters.prune,
            note=parameters.note,
            progress=_told,
        )
    finally:
        await database.close()


def _told(doing: str, done: int, total: int) -> None:
    _say({"doing": doing, "done": done, "total": total})


def _say(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
