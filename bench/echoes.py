"""Bare sockets side by side: ours, stock python-socketio, Node's Socket.IO; echoes, one event to many, idle pages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median

from bench.load import closed_loop
from bench.machine import Cores, pin
from bench.pages import Page, close_pages, open_pages
from bench.processes import Program, start_node, start_ours, start_stock

Progress = Callable[[str, int, int], None]

_TEXTS = ("怎么导出甘特图？", "项目基线在哪里保存", "导入 Excel 时提示格式不对怎么办", "能不能把任务复制到别的项目")


@dataclass(frozen=True, slots=True)
class EchoPlan:
    """How much is measured."""

    rounds: int = 5
    seconds: float = 2.0
    pages: int = 200
    watchers: int = 500


@dataclass(frozen=True, slots=True)
class Rate:
    """What a program did in one stretch, and the processor time that it and the generator took."""

    count: int
    seconds: float
    processor_seconds: float
    generator_seconds: float

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def per_processor_second(self) -> float:
        return self.count / self.processor_seconds if self.processor_seconds else float("nan")


@dataclass(slots=True)
class EchoFigures:
    """One program, one entry for each round."""

    name: str
    echoes: list[Rate] = field(default_factory=list)
    told: list[Rate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Echoes:
    plan: EchoPlan
    programs: tuple[EchoFigures, ...]  # ours first


class _Watcher(Page):
    """Counts the events that it hears besides its acknowledgements."""

    heard: Callable[[], None] = staticmethod(lambda: None)

    def _take(self, payload: bytes) -> None:
        if payload[:2] == b"42" and self.ready.done():
            self.heard()
        else:
            super()._take(payload)


async def measure_echoes(plan: EchoPlan, progress: Progress) -> Echoes:
    """Runs the plan; raises ProgramFailed or PageFailed where one of them does not work."""
    cores = Cores.choose()
    pin(0, cores.generator)
    starts = {
        "Yingda": (start_ours, "/agent"),
        "python-socketio": (start_stock, "/"),
        "Node socket.io": (start_node, "/"),
    }
    figures = tuple(EchoFigures(name) for name in starts)
    async with AsyncExitStack() as stack:
        running = []
        for number, (start, namespace) in enumerate(starts.values()):
            progress("starting sockets", number, len(starts))
            program = await start(cores.server)
            stack.push_async_callback(program.stop)
            echoing = await open_pages(plan.pages, program.port, namespace)
            stack.callback(close_pages, echoing)
            watching = await _watchers(plan.watchers, program.port, namespace)
            stack.callback(close_pages, watching)
            running.append((program, echoing, watching))
        for _, echoing, _ in running:
            await closed_loop(echoing, cycle(_TEXTS), Page.echo, 1, lambda: 0.0)
        for number in range(plan.rounds):
            for place, (program, echoing, watching) in enumerate(running):
                progress("measuring sockets", number * len(running) + place, plan.rounds * len(running))
                figures[place].echoes.append(await _echo(plan, program, echoing))
                figures[place].told.append(await _fan_out(plan, program, echoing[0], watching))
    return Echoes(plan, figures)


async def _watchers(count: int, port: int, namespace: str) -> list[Page]:
    pages: list[Page] = []
    for _ in range(count):
        page = await _Watcher.open(port, namespace)
        await _done(page, "watch")
        pages.append(page)
    return pages


async def _done(page: Page, event: str) -> None:
    """One event, acknowledged."""
    acknowledged = asyncio.get_running_loop().create_future()
    page.do(event, _TEXTS[0], lambda *_: acknowledged.set_result(None))
    async with asyncio.timeout(30):
        await acknowledged


async def _echo(plan: EchoPlan, program: Program, pages: list[Page]) -> Rate:
    load = await closed_loop(pages, cycle(_TEXTS), Page.echo, plan.seconds, lambda: program.processor_seconds)
    return Rate(load.turns, load.seconds, load.server_seconds, load.generator_seconds)


async def _fan_out(plan: EchoPlan, program: Program, speaker: Page, watching: list[Page]) -> Rate:
    """One event after another to all watchers; each when all have heard the one before."""
    left = 0
    everybody: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def heard() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            everybody.set_result(None)

    for page in watching:
        page.heard = heard  # type: ignore[attr-defined]
    began, used, own = time.perf_counter(), program.processor_seconds, time.process_time()
    count = 0
    while time.perf_counter() - began < plan.seconds:
        everybody, left = asyncio.get_running_loop().create_future(), len(watching)
        await _done(speaker, "shout")
        async with asyncio.timeout(30):
            await everybody
        count += len(watching)
    seconds = time.perf_counter() - began
    return Rate(count, seconds, program.processor_seconds - used, time.process_time() - own)


def echo_table(found: Echoes) -> str:
    """Markdown, ready for the README; a ratio is ours to theirs within the same round."""
    ours = found.programs[0]
    rows = [
        ("", "echoes/s", "per processor second", "ours to theirs", "one to many, pages told/s",
         "per processor second", "ours to theirs"),
        ("---", *["---:"] * 6),
    ]  # fmt: skip
    for one in found.programs:
        rows.append(
            (
                one.name,
                *_rates(one.echoes),
                "" if one is ours else _ratio(ours.echoes, one.echoes),
                *_rates(one.told),
                "" if one is ours else _ratio(ours.told, one.told),
            )
        )
    plan = found.plan
    busy = max(rate.generator_seconds / rate.seconds for rate in ours.echoes)
    return "\n".join(
        [
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
            f"Medians of {plan.rounds} alternating rounds of {plan.seconds:g} s, {plan.pages} pages with one echo each "
            f"under way, one event to {plan.watchers} pages; every server on the same core, the generator on another. "
            f"The generator used up to {busy:.0%} of its core with ours: ratios are by the server's processor time.",
        ]
    )


def _rates(rates: list[Rate]) -> tuple[str, str]:
    return (
        f"{median(one.per_second for one in rates):,.0f}",
        f"{median(one.per_processor_second for one in rates):,.0f}",
    )


def _ratio(ours: list[Rate], theirs: list[Rate]) -> str:
    pairs = zip(ours, theirs, strict=True)
    return f"{median(a.per_processor_second / b.per_processor_second for a, b in pairs):.2f}"
