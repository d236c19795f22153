"""Several processes of one desk: workers behind one port that are replaced and die, nodes of which one stops."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.harness import Progress, Talker, judge, leave, run, until_nothing_is_owed
from tests.acceptance.people import eventually, people_of
from tests.acceptance.program import Program
from tests.wires import RedisForTests

pytestmark = pytest.mark.slow

_CONNECTIONS = 80
_ESTABLISHED = "01"
_REPLACED = "all workers were replaced"
_LEADS = "this process holds the lease of the dispatcher now"
#: Another node looks after the line so soon.
_FAIL_OVER_SECONDS = 30.0


async def test_workers_are_replaced_and_die_while_customers_talk_and_nobody_notices(
    make_program: MakeProgram, dsn: str
) -> None:
    program = make_program(dsn, SERVER__WORKERS="2")
    await program.started()
    before = program.workers
    assert len(before) == 2
    progress = Progress()
    talkers = [Talker(program.url, n, progress) for n in range(8)]

    async def replace() -> None:
        program.process.send_signal(signal.SIGHUP)
        await eventually(lambda: _REPLACED in program.printed, seconds=60)

    async def kill_one() -> None:
        os.kill(program.workers[0], signal.SIGKILL)

    await run(talkers, progress, 12, [replace, kill_one])
    await until_nothing_is_owed(dsn)

    verdict = await judge(talkers)
    assert verdict.acknowledged == 8 * 12
    assert verdict.faults == {}
    await eventually(lambda: len(program.workers) == 2, seconds=30)
    assert not set(program.workers) & set(before)
    await leave(talkers)
    assert await program.stopped() == 0


async def test_connections_are_spread_over_all_workers_also_over_replaced_ones(
    make_program: MakeProgram, dsn: str
) -> None:
    program = make_program(dsn, SERVER__WORKERS="2")
    await program.started()
    assert await _spread(program)
    await _replaced(program, program.workers[0])
    assert await _spread(program) or await _spread(program)  # the new one may not have been at work yet


async def _spread(program: Program) -> bool:
    """By chance alone one of two workers gets less than ten of eighty connections once in 10^12 times."""
    opened = [await asyncio.open_connection("127.0.0.1", program.port) for _ in range(_CONNECTIONS)]
    try:
        await eventually(lambda: min(_served(program)) >= 10)
        return True
    except TimeoutError:
        return False
    finally:
        for _, writer in opened:
            writer.close()


async def _replaced(program: Program, worker: int) -> None:
    os.kill(worker, signal.SIGKILL)
    await eventually(lambda: len(set(program.workers) - {worker}) == 2, seconds=60)


def _served(program: Program) -> list[int]:
    """How many connections to its port each worker has."""
    table = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    ours = {row[9] for row in table if row[1].endswith(f":{program.port:04X}") and row[3] == _ESTABLISHED}
    return [sum(inode in ours for inode in _sockets(pid)) for pid in program.workers]


def _sockets(pid: int) -> Iterator[str]:
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            yield os.readlink(handle).removeprefix("socket:[").removesuffix("]")


async def test_another_node_looks_after_the_line_when_one_is_paused_or_killed(
    make_program: MakeProgram, dsn: str, tmp_path: Path
) -> None:
    with RedisForTests(tmp_path / "redis") as redis_server:
        keys = {f"SECURITY__{name}": "A" * 43 + "=" for name in ("TOKEN_KEY", "SEALING_KEYS", "LOOKUP_KEY")}
        first, second = (make_program(dsn, name=n, REDIS__URL=redis_server.url, **keys) for n in ("first", "second"))
        await first.started()
        await second.started()
        await eventually(lambda: _LEADS in first.printed)
        async with people_of(first) as here, people_of(second) as there:
            group = await there.group("auto")
            beside = await here.agent(group, capacity=0)
            agent = await there.agent(group, capacity=10)

            async def assigned() -> float:
                began = time.monotonic()
                customer, conversation_id = await there.waiting_customer(group["name"])
                event = await customer.until("event", lambda e: e.get("state") == "human", timeout=_FAIL_OVER_SECONDS)
                assert event["agent"]["id"] == agent.id
                await agent.client.until("assigned", lambda each: each["conversation_id"] == conversation_id)
                return time.monotonic() - began

            await assigned()
            first.pause()
            paused = await assigned()
            await eventually(lambda: _LEADS in second.printed)
            first.go_on()
            await agent.client.until("assigned", lambda _: len(agent.client.all("assigned")) == 2)
            await assigned()
            assert beside.client.all("assigned") == []
        began = time.monotonic()
        second.kill()
        async with people_of(first) as here:
            group = await here.group("auto")
            agent = await here.agent(group, capacity=10)
            customer, _ = await here.waiting_customer(group["name"])
            await customer.until("event", lambda e: e.get("state") == "human", timeout=_FAIL_OVER_SECONDS)
            killed = time.monotonic() - began
        print(f"another one looks after the line after {paused:.1f} s (paused), {killed:.1f} s (killed)")
