"""Several processes of one desk: workers behind one port that are replaced and die, nodes of which one stops."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.harness import Progress, Talker, judge, leave, run, until_nothing_is_owed
from tests.acceptance.people import eventually, people_of
from tests.acceptance.program import Program
from tests.wires import RedisForTests

pytestmark = pytest.mark.slow

_REPLACED = "all workers were replaced"
_LEADS = "this process holds the lease of the dispatcher now"
#: Another node looks after the line so soon.
_FAIL_OVER_SECONDS = 30.0


def _workers(program: Program) -> list[int]:
    """The processes that serve: children of the parent's child that forks them."""
    return [worker for child in _children(program.process.pid) for worker in _children(child) if _serves(worker)]


def _serves(pid: int) -> bool:
    return b"router" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


async def test_workers_are_replaced_and_die_while_customers_talk_and_nobody_notices(
    make_program: MakeProgram, dsn: str
) -> None:
    program = make_program(dsn, SERVER__WORKERS="2")
    await program.started()
    before = _workers(program)
    assert len(before) == 2
    progress = Progress()
    talkers = [Talker(program.url, n, progress) for n in range(8)]

    async def replace() -> None:
        program.process.send_signal(signal.SIGHUP)
        await eventually(lambda: _REPLACED in program.printed, seconds=60)

    async def kill_one() -> None:
        os.kill(_workers(program)[0], signal.SIGKILL)

    await run(talkers, progress, 12, [replace, kill_one])
    await until_nothing_is_owed(dsn)

    verdict = await judge(talkers)
    assert verdict.acknowledged == 8 * 12
    assert verdict.faults == {}
    await eventually(lambda: len(_workers(program)) == 2, seconds=30)
    assert not set(_workers(program)) & set(before)
    await leave(talkers)
    assert await program.stopped() == 0


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
            assert _LEADS in second.printed
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
