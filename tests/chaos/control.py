"""The control run: the same talkers on a Postgres that acknowledges before it has written: loss must show."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from database.embedded import EmbeddedPostgres
from tests.acceptance.crashes import PostgresProcesses
from tests.acceptance.harness import Progress, Talker, Verdict, judge, leave, run
from tests.acceptance.program import Program
from tests.conftest import remove_cluster

#: Commits under synchronous_commit=off wait for so long in memory that a crash has something to lose.
_CARELESS = ("synchronous_commit = off", "wal_writer_delay = '10s'", "wal_writer_flush_after = '64MB'")
_TRIES = 3


async def loss_without_durability(folder: Path) -> int:
    """How many acknowledged messages three crashes lost; 0 would mean that the harness cannot see loss."""
    postgres = EmbeddedPostgres(folder / "careless")
    dsn = await postgres.start()
    try:
        await _make_careless(dsn)
        for n in range(_TRIES):
            program = Program(folder / f"server-{n}", dsn, DATABASE__ALLOW_UNSAFE_DURABILITY="true")
            await program.started()
            try:
                verdict = await _crash_while_talking(program.url, PostgresProcesses(folder / "careless"), dsn)
            finally:
                await program.stopped()
            print(f"synchronous_commit=off, 3 crashes: {verdict}")
            if verdict.lost:
                return verdict.lost
        return 0
    finally:
        await postgres.stop()
        remove_cluster(folder / "careless")


async def _make_careless(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    for setting in _CARELESS:
        await connection.execute(f"alter system set {setting}")
    await connection.execute("select pg_reload_conf()")
    await connection.close()


async def _crash_while_talking(url: str, postgres: PostgresProcesses, dsn: str) -> Verdict:
    progress = Progress()
    talkers = [Talker(url, n, progress) for n in range(20)]
    for talker in talkers:
        await talker.talk(1)
    connection = await asyncpg.connect(dsn)
    await connection.execute("checkpoint")  # who has been here stays known: only messages are lost
    await connection.close()
    await run(talkers, progress, 30, [postgres.kill_a_backend] * 3)
    verdict = await judge(talkers)
    await leave(talkers)
    return verdict
