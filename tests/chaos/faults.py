"""What can go wrong, each as one act: dealt to a stage, held for a while, healed again; bounded in time."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from tests.chaos.stage import Node, Stage
from tests.chaos.wire import Wire

_ROLLED = "all workers were replaced"
_PATIENCE_SECONDS = 150.0

#: Deals the fault and heals it. Returns which node could tell nobody anything meanwhile; all of them: an empty text.
Deal = Callable[[Stage], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Act:
    """One fault. ``strikes_dispatcher``: the lease has to be with another node soon."""

    name: str
    deal: Deal
    strikes_dispatcher: bool = False


def together(first: Act, second: Act) -> Act:
    """Both at the same time; at most one of them blinds a node."""

    async def deal(stage: Stage) -> str | None:
        one, other = await asyncio.gather(first.deal(stage), second.deal(stage))
        return one if one is not None else other

    return Act(f"{first.name}, {second.name}", deal, first.strikes_dispatcher or second.strikes_dispatcher)


# The server ---------------------------------------------------------------------------------------------------------


def server_killed(number: int) -> Act:
    """kill -9, then a start."""

    async def deal(stage: Stage) -> str | None:
        node = stage.nodes[number % len(stage.nodes)]
        await node.program.killed_and_started()
        return node.name

    return Act(f"node {chr(ord('a') + number)} killed", deal)


def server_stopped(number: int) -> Act:
    """SIGTERM, then a start: what a rolling restart does."""

    async def deal(stage: Stage) -> str | None:
        node = stage.nodes[number % len(stage.nodes)]
        status = await node.program.stopped()
        if status != 0:
            raise RuntimeError(f"SIGTERM ended node {node.name} with status {status}")
        await node.program.started()
        return node.name

    return Act(f"node {chr(ord('a') + number)} restarted in order", deal)


def worker_killed(number: int) -> Act:
    """kill -9 of one process of a node; its parent starts another one."""

    async def deal(stage: Stage) -> str | None:
        node = stage.nodes[number % len(stage.nodes)]
        before = node.program.workers
        os.kill(random.choice(before), signal.SIGKILL)
        await _until(lambda: len(node.program.workers) == len(before) and set(node.program.workers) != set(before))
        return node.name

    return Act(f"a worker of node {chr(ord('a') + number)} killed", deal)


def rolled(number: int) -> Act:
    """SIGHUP: one worker after the other is replaced."""

    async def deal(stage: Stage) -> str | None:
        node = stage.nodes[number % len(stage.nodes)]
        before = node.program.printed.count(_ROLLED)
        node.program.process.send_signal(signal.SIGHUP)
        await _until(lambda: node.program.printed.count(_ROLLED) > before)
        return node.name

    return Act(f"the workers of node {chr(ord('a') + number)} replaced", deal)


def all_workers_paused(number: int, seconds: float) -> Act:
    async def deal(stage: Stage) -> str | None:
        node = stage.nodes[number % len(stage.nodes)]
        workers = node.program.workers
        for worker in workers:
            os.kill(worker, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            for worker in workers:
                os.kill(worker, signal.SIGCONT)
        return node.name

    return Act(f"every worker of node {chr(ord('a') + number)} paused {seconds:g} s", deal)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110 (other processes)
            await asyncio.sleep(0.1)


# The dispatcher -----------------------------------------------------------------------------------------------------


def dispatcher_killed() -> Act:
    async def deal(stage: Stage) -> str | None:
        node = await stage.dispatcher()
        await node.program.killed_and_started()
        return node.name

    return Act("dispatcher killed", deal, strikes_dispatcher=True)


def dispatcher_paused(seconds: float) -> Act:
    async def deal(stage: Stage) -> str | None:
        node = await stage.dispatcher()
        node.program.pause()
        try:
            await asyncio.sleep(seconds)
        finally:
            node.program.go_on()
        return node.name

    return Act(f"dispatcher paused {seconds:g} s", deal, strikes_dispatcher=True)


def dispatcher_cut_off(seconds: float, *, silently: bool) -> Act:
    """From Postgres; ``silently``: no connection breaks, nothing gets through."""

    async def deal(stage: Stage) -> str | None:
        node = await stage.dispatcher()
        async with _broken(node.to_postgres, silently=silently):
            await asyncio.sleep(seconds)
        return node.name

    return Act(f"dispatcher cut off{' silently' * silently} {seconds:g} s", deal, strikes_dispatcher=True)


# Postgres -----------------------------------------------------------------------------------------------------------


def postgres_crashed(how: str) -> Act:
    """``how``: stopped at once, all its processes killed, or one backend killed; it comes back by itself."""

    async def deal(stage: Stage) -> str | None:
        ways: dict[str, Callable[[], Awaitable[None]]] = {
            "stopped at once": stage.postgres.stop_immediately,
            "killed": stage.postgres.kill_all,
            "backend killed": stage.postgres.kill_a_backend,
        }
        await ways[how]()
        return ""

    return Act(f"Postgres {how}", deal)


def postgres_paused(seconds: float) -> Act:
    async def deal(stage: Stage) -> str | None:
        stage.postgres.pause()
        try:
            await asyncio.sleep(seconds)
        finally:
            stage.postgres.go_on()
        return ""

    return Act(f"Postgres paused {seconds:g} s", deal)


def postgres_down(seconds: float) -> Act:
    async def deal(stage: Stage) -> str | None:
        await stage.embedded.stop()
        await asyncio.sleep(seconds)
        await stage.embedded.start()
        return ""

    return Act(f"Postgres down {seconds:g} s", deal)


def primary_replaced(*, silently: bool) -> Act:
    """For good: a replica that has everything takes over; the last act, since nobody looks after that server.

    ``silently``: as when a machine loses its power: no connection breaks, no new one is refused, nobody answers.
    """

    async def deal(stage: Stage) -> str | None:
        await stage.replica.follow()
        if silently:
            for node in stage.nodes:
                node.to_postgres.hang()
        await stage.postgres.kill_for_good()
        await stage.replica.promote()
        return ""

    return Act(f"Postgres gone{' silently' * silently} for good, its replica promoted", deal)


# The network --------------------------------------------------------------------------------------------------------


def cut_from_postgres(number: int, seconds: float, *, silently: bool) -> Act:
    async def deal(stage: Stage) -> str | None:
        node = stage.nodes[number % len(stage.nodes)]
        async with _broken(node.to_postgres, silently=silently):
            await asyncio.sleep(seconds)
        return node.name

    return Act(f"node {chr(ord('a') + number)} cut{' silently' * silently} from Postgres {seconds:g} s", deal)


def slow_to_postgres(seconds: float, delay_seconds: float) -> Act:
    async def deal(stage: Stage) -> str | None:
        for node in stage.nodes:
            node.to_postgres.slow(delay_seconds)
        await asyncio.sleep(seconds)
        for node in stage.nodes:
            node.to_postgres.mend()
        return None

    return Act(f"every word to Postgres {delay_seconds * 1000:g} ms late, {seconds:g} s", deal)


def cut_from_redis(number: int, seconds: float, *, silently: bool) -> Act:
    async def deal(stage: Stage) -> str | None:
        node = stage.nodes[number % len(stage.nodes)]
        async with _broken(_to_redis(node), silently=silently):
            await asyncio.sleep(seconds)
        return None

    return Act(f"node {chr(ord('a') + number)} cut{' silently' * silently} from Redis {seconds:g} s", deal)


@asynccontextmanager
async def _broken(wire: Wire, *, silently: bool) -> AsyncIterator[None]:
    if silently:
        wire.hang()
    else:
        wire.cut()
    try:
        yield
    finally:
        wire.mend()


def _to_redis(node: Node) -> Wire:
    assert node.to_redis is not None, "this stage has no Redis"
    return node.to_redis


# Redis --------------------------------------------------------------------------------------------------------------


def redis_killed(seconds: float) -> Act:
    async def deal(stage: Stage) -> str | None:
        assert stage.redis is not None
        await asyncio.to_thread(stage.redis.kill)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(stage.redis.start)
        return None

    return Act(f"Redis killed {seconds:g} s", deal)


def redis_paused(seconds: float) -> Act:
    async def deal(stage: Stage) -> str | None:
        assert stage.redis is not None
        stage.redis.pause()
        try:
            await asyncio.sleep(seconds)
        finally:
            stage.redis.go_on()
        return None

    return Act(f"Redis paused {seconds:g} s", deal)


def redis_flushed(times: int, every_seconds: float) -> Act:
    async def deal(stage: Stage) -> str | None:
        assert stage.redis is not None
        for _ in range(times):
            await asyncio.to_thread(stage.redis.flush)
            await asyncio.sleep(every_seconds)
        return None

    return Act(f"Redis flushed {times} times", deal)


# Programmes ---------------------------------------------------------------------------------------------------------


def short(*, redis: bool) -> tuple[Act, ...]:
    """What shows within seconds, for every run of the tests; some at once, to save their time."""
    cut, paused = cut_from_postgres(1, 2, silently=False), postgres_paused(2)
    return (
        dispatcher_killed(),
        *((redis_killed(2), redis_flushed(2, 0.2)) if redis else ()),
        postgres_crashed("stopped at once"),
        together(cut, cut_from_redis(0, 2, silently=True)) if redis else cut,
        dispatcher_paused(10.5),
        together(paused, redis_paused(2)) if redis else paused,
        primary_replaced(silently=False),
    )


def with_workers(*, redis: bool) -> tuple[Act, ...]:
    """What is different where each node is a parent with workers; a killed node is a killed parent."""
    of_redis = (redis_killed(5), redis_flushed(5, 1)) if redis else ()
    return (
        worker_killed(0), worker_killed(1), rolled(0), server_killed(0), *of_redis, all_workers_paused(1, 8),
        worker_killed(0), together(postgres_crashed("killed"), rolled(1)), server_killed(1),
worker_killed(1), postgres_paused(5), server_stopped(0), rolled(0),
        cut_from_postgres(1, 10, silently=True), primary_replaced(silently=False),
    )  # fmt: skip


def whole(*, redis: bool) -> tuple[Act, ...]:
    """Everything, at the length that was promised: minutes."""
    kill = [server_killed(n % 2) for n in range(20)]
    cut = partial(cut_from_postgres, seconds=15)
    off = partial(cut_from_redis, seconds=20)
    of_redis = (
        redis_killed(60), redis_flushed(60, 1), redis_paused(60), off(0, silently=False), off(1, silently=True),
    )  # fmt: skip
    return (
        *kill[:7], postgres_crashed("stopped at once"), dispatcher_killed(), dispatcher_paused(15), postgres_paused(10),
        *(of_redis if redis else ()),
        *kill[7:14], postgres_crashed("killed"), dispatcher_cut_off(15, silently=False), dispatcher_paused(40),
        dispatcher_cut_off(15, silently=True), cut(0, silently=False), cut(1, silently=True),
        *kill[14:], postgres_crashed("backend killed"), slow_to_postgres(10, 0.02), dispatcher_killed(),
        server_stopped(0), server_stopped(1), postgres_down(60), postgres_paused(30),
        primary_replaced(silently=True),
    )  # fmt: skip
