"""Postgres that is not there: at the start, for a while, at the end. Alive all the time, ready again by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from database.embedded import EmbeddedPostgres
from database.migrate import migrate
from tests.acceptance.conftest import MakeProgram
from tests.acceptance.harness import Progress, Talker, judge, leave, run, until_nothing_is_owed
from tests.acceptance.people import KNOWN
from tests.acceptance.program import Program
from tests.clients import ChatClient
from tests.conftest import remove_cluster
from tests.fakes import PostgresForTests

pytestmark = pytest.mark.slow

#: How long it may take to notice that the database is gone, and that it is back.
_NOTICED_SECONDS = 30.0


@asynccontextmanager
async def _postgres(folder: Path) -> AsyncIterator[tuple[EmbeddedPostgres, str]]:
    """A migrated server that may be stopped and started inside; its address stays the same."""
    server = EmbeddedPostgres(folder)
    dsn = await server.start()
    await migrate(dsn)
    try:
        yield server, dsn
    finally:
        await server.stop()
        remove_cluster(folder)


async def _get(program: Program, path: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession(program.url) as session, session.get(path) as response:
        return response.status, await response.json()


async def _until_status(program: Program, path: str, status: int, seconds: float) -> Any:
    """Asks until this status comes; what came with it."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                answered, body = await _get(program, path)
            except aiohttp.ClientConnectorError:  # it does not listen yet
                answered, body = 0, None
            if answered == status:
                return body
            await asyncio.sleep(0.05)


async def test_a_program_whose_database_is_not_up_yet_waits_and_says_so(
    make_program: MakeProgram, tmp_path: Path
) -> None:
    async with _postgres(tmp_path / "postgres") as (server, dsn):
        await server.stop()
        program = make_program(dsn)
        program.launch()

        body = await _until_status(program, "/readyz", 503, _NOTICED_SECONDS)

        assert body["reason"]
        assert (await _get(program, "/livez"))[0] == 200
        customer = ChatClient(program.url)
        with pytest.raises(Exception, match="refused|failed|namespaces"):
            await customer.open({"protocol": 1})
        assert customer.refusal["data"]["code"] == "unavailable"
        await server.start()
        began = time.monotonic()
        await _until_status(program, "/readyz", 200, 60)
        print(f"ready {time.monotonic() - began:.1f} s after the database was there, first import included")
        await customer.enter()
        await customer.answer_to(await customer.say(KNOWN))
        await customer.close()
        assert await program.stopped() == 0


async def test_an_outage_under_load_heals_without_a_restart_and_loses_nothing(
    make_program: MakeProgram, tmp_path: Path
) -> None:
    async with _postgres(tmp_path / "postgres") as (server, dsn):
        program = make_program(dsn)
        await program.started()
        progress = Progress()
        talkers = [Talker(program.url, n, progress) for n in range(10)]

        async def outage() -> None:
            await server.stop()
            body = await _until_status(program, "/readyz", 503, _NOTICED_SECONDS)
            assert body["reason"]
            assert (await _get(program, "/livez"))[0] == 200
            await server.start()
            await _until_status(program, "/readyz", 200, _NOTICED_SECONDS)

        await run(talkers, progress, 30, [outage, outage])
        await until_nothing_is_owed(dsn)

        verdict = await judge(talkers)
        assert verdict.acknowledged == 300
        assert verdict.faults == {}
        await leave(talkers)
        assert await program.stopped() == 0


async def test_a_question_asked_just_before_an_outage_is_answered_after_it(
    make_program: MakeProgram, tmp_path: Path
) -> None:
    async with _postgres(tmp_path / "postgres") as (server, dsn):
        program = make_program(dsn)
        await program.started()
        talker = Talker(program.url, 0)
        await talker.talk(3)

        await server.stop()
        await server.start()
        await until_nothing_is_owed(dsn, 60)

        verdict = await judge([talker])
        assert (verdict.answers, verdict.faults) == (3, {})
        await leave([talker])


@pytest.mark.parametrize("pause", [0, 0.05, 1])
async def test_sigterm_ends_the_program_also_while_the_database_is_away(
    make_program: MakeProgram, dsn: str, postgres: PostgresForTests, pause: float
) -> None:
    program = make_program(dsn)
    await program.started()
    customer = ChatClient(program.url)
    await customer.enter()
    await customer.say(KNOWN)
    await customer.close()

    await postgres.drop(dsn)
    await asyncio.sleep(pause)  # the moment decides what the program is doing when it is told to stop

    assert await program.stopped() == 0


async def test_sigterm_under_load_leaves_everything_durable(make_program: MakeProgram, dsn: str) -> None:
    program = make_program(dsn)
    await program.started()
    progress = Progress()
    talkers = [Talker(program.url, n, progress) for n in range(10)]

    async def restart() -> None:
        assert await program.stopped() == 0
        await program.started()

    await run(talkers, progress, 30, [restart, restart, restart])
    await until_nothing_is_owed(dsn)

    verdict = await judge(talkers)
    assert verdict.acknowledged == 300
    assert verdict.faults == {}
    await leave(talkers)


async def test_a_second_start_takes_less_than_five_seconds_of_a_processor(make_program: MakeProgram) -> None:
    program = make_program()
    await program.started()
    assert await program.stopped() == 0

    await program.started()

    assert program.processor_seconds < 5
