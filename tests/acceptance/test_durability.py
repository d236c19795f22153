"""What was acknowledged survives kill -9 of the program and crashes of Postgres; and the harness can fail."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.crashes import PostgresProcesses
from tests.acceptance.harness import Progress, Talker, judge, leave, run, until_nothing_is_owed
from tests.acceptance.people import people_of
from tests.chaos.control import loss_without_durability

pytestmark = pytest.mark.slow

_CONVERSATIONS = 40
_MESSAGES = 45
_WAITING = 10


async def test_nothing_acknowledged_is_lost_over_ten_kills_and_three_crashes(make_program: MakeProgram) -> None:
    program = make_program()
    await program.started()
    postgres = PostgresProcesses(program.folder)
    progress = Progress()
    talkers = [Talker(program.url, n, progress) for n in range(_CONVERSATIONS)]
    waiting = [Talker(program.url, n) for n in range(_WAITING)]
    kill = program.killed_and_started
    blows = [
        *(kill, kill, kill, postgres.kill_all),
        *(kill, kill, kill, postgres.kill_a_backend),
        *(kill, kill, postgres.stop_immediately),
        *(kill, kill),
    ]
    async with people_of(program) as people:
        group = await people.group("pick")
    for customer in waiting:
        await customer.queue(group["name"])
    began = time.monotonic()

    await run(talkers, progress, _MESSAGES, blows)
    took = time.monotonic() - began
    await until_nothing_is_owed(postgres.dsn)

    verdict = await judge(talkers)
    print(f"10 kills, 3 crashes: {verdict} in {took:.0f} s")
    assert verdict.acknowledged == _CONVERSATIONS * _MESSAGES
    assert verdict.faults == {}
    async with people_of(program) as people:
        supervisor = await people.agent(role="supervisor", online=False)
        line = await supervisor.client.ask("waiting_line")
    assert [item["conversation_id"] for item in line["items"]] == [each.conversation_id for each in waiting]
    await leave(talkers + waiting)
    assert await program.stopped() == 0


async def test_the_harness_reports_loss_where_commits_are_not_durable(heads: None, tmp_path: Path) -> None:
    assert await loss_without_durability(tmp_path) > 0


async def test_an_unsafe_database_is_refused_in_one_line(make_program: MakeProgram, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f'alter database "{urlsplit(dsn).path[1:]}" set synchronous_commit = off')
    await connection.close()
    program = make_program(dsn)
    program.launch()

    status = program.process.wait(30)

    assert status == 1
    told = [line for line in program.printed.splitlines() if "synchronous_commit" in line]
    assert len(told) == 1
    assert "Traceback" not in program.printed
