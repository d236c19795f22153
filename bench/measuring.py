"""One run: everything is started once, then the measured pairs take turns, so that a busy machine disturbs all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bench.load import Load, Start, closed_loop, steady
from bench.machine import Cores, fdatasync_ms, pin
from bench.pages import Page, close_pages, open_pages
from bench.processes import Folder, Program, start_desk, start_encoder, start_stock
from bench.questions import cached_anywhere, never_asked, repeated, sample_questions

Progress = Callable[[str, int, int], None]

CHAT = {"protocol": 1, "locale": "zh-CN", "page": {"url": "http://127.0.0.1:8000/", "title": "金石项目管理软件"}}
_REPEATED_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int = 5
    seconds: float = 6.0
    pages: int = 200
    askers: int = 64
    idle: int = 5_000
    steady_per_second: float = 500.0
    database_apart: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """One stretch of load on one program."""

    per_second: float
    processor_seconds: float
    turns: int
    seconds: float
    generator_busy: float
    p50_ms: float = 0.0
    p99_ms: float = 0.0

    @property
    def per_processor_second(self) -> float:
        """What one core would do if nobody else used it; the program's children, hence the database, count."""
        return self.turns / self.processor_seconds if self.processor_seconds else 0.0

    @property
    def server_busy(self) -> float:
        """How much of its core the program had; below one where it waited: for the disk, the generator, strangers."""
        return self.processor_seconds / self.seconds


@dataclass(slots=True)
class Figures:
    """Everything a run found out, one entry for each round."""

    plan: Plan
    cores: Cores
    fdatasync_ms: float = 0.0
    load_before: float = 0.0
    load_after: float = 0.0
    desk_idle_bytes: float = 0.0
    stock_idle_bytes: float = 0.0
    #: Of the desk's process itself, in the warm rounds: its database is another program on the same core.
    cached_own: list[float] = field(default_factory=list)
    answered_share: float = 0.0
    fresh: list[Measured] = field(default_factory=list)
    encoder: list[Measured] = field(default_factory=list)
    cached: list[Measured] = field(default_factory=list)
    echo: list[Measured] = field(default_factory=list)
    steady: list[Measured] = field(default_factory=list)


async def measure(plan: Plan, knowledge: Path, data_dir: Path, progress: Progress) -> Figures:
    """Runs the plan; raises ProgramFailed or PageFailed when something does not work."""
    figures = Figures(plan, Cores.choose(), load_before=os.getloadavg()[0])
    pin(0, figures.cores.generator)
    questions = sample_questions(knowledge)
    async with AsyncExitStack() as stack:
        folder = Folder(data_dir)
        stack.callback(folder.remove)
        progress("starting", 0, 3)
        desk = await _kept(stack, start_desk(folder.path, figures.cores.server))
        progress("starting", 1, 3)
        stock = await _kept(stack, start_stock(figures.cores.server))
        progress("starting", 2, 3)
        encoder = await _kept(stack, start_encoder(figures.cores.server))
        progress("starting", 3, 3)
        if plan.database_apart:
            desk.move_database(figures.cores.generator)
        figures.fdatasync_ms = fdatasync_ms(folder.cluster)
        figures.desk_idle_bytes = await _idle_bytes(desk, "/chat", plan.idle, progress, "idle pages of the desk")
        figures.stock_idle_bytes = await _idle_bytes(stock, "/", plan.idle, progress, "idle pages of stock Socket.IO")
        few = await cached_anywhere(knowledge, _REPEATED_QUESTIONS, desk.port, CHAT)
        await _Rounds(plan, figures, questions, few, desk, stock, encoder).run(progress)
    figures.load_after = os.getloadavg()[0]
    return figures


async def _kept(stack: AsyncExitStack, starting: Awaitable[Program]) -> Program:
    program = await starting
    stack.push_async_callback(program.stop)
    return program


async def _idle_bytes(program: Program, namespace: str, count: int, progress: Progress, doing: str) -> float:
    """What one idle page costs the program's own process; a first few pages load what is loaded once."""
    auth = CHAT if namespace == "/chat" else None
    close_pages(await open_pages(50, program.port, namespace, auth, deflate=True))
    await asyncio.sleep(1)
    before = program.resident_bytes
    pages = await open_pages(
        count, program.port, namespace, auth, deflate=True, progress=lambda done: progress(doing, done, count)
    )
    try:
        await asyncio.sleep(2)
        return (program.resident_bytes - before) / count
    finally:
        close_pages(pages)
        await asyncio.sleep(1)


class _Rounds:
    """The interleaved part; pages stay open from the first round to the last."""

    def __init__(
        self,
        plan: Plan,
        figures: Figures,
        questions: list[str],
        few: list[str],
        desk: Program,
        stock: Program,
        encoder: Program,
    ) -> None:
        """``few``: those that are asked again and again."""
        self._plan = plan
        self._figures = figures
        self._desk = desk
        self._stock = stock
        self._encoder = encoder
        self._fresh = never_asked(questions)
        self._same_fresh = never_asked(questions)
        self._few = repeated(few)

    async def run(self, progress: Progress) -> None:
        plan, figures = self._plan, self._figures
        pages = await open_pages(plan.pages, self._desk.port, "/chat", CHAT)
        echoing = await open_pages(plan.pages, self._stock.port, "/")
        steps = plan.rounds * 5
        done = 0

        def step() -> None:
            nonlocal done
            progress("measuring", done, steps)
            done += 1

        try:
            await self._warm_up(pages, echoing)
            for _ in range(plan.rounds):
                step()
                fresh = await self._loop(self._desk, pages[: plan.askers], self._fresh, Page.ask, plan.seconds)
                figures.fresh.append(fresh)
                step()
                figures.encoder.append(await self._encode(fresh.turns))
                step()
                own = self._desk.own_processor_seconds
                cached = await self._loop(self._desk, pages, self._few, Page.ask, plan.seconds)
                figures.cached.append(cached)
                figures.cached_own.append(cached.turns / (self._desk.own_processor_seconds - own))
                step()
                figures.echo.append(await self._loop(self._stock, echoing, self._few, Page.echo, plan.seconds))
                step()
                figures.steady.append(await self._steadily(pages))
            answered = sum(b'"sources":[{' in page.last_event for page in pages)
            figures.answered_share = answered / len(pages)
        finally:
            close_pages([*pages, *echoing])

    async def _warm_up(self, pages: list[Page], echoing: list[Page]) -> None:
        """Fills the encoder's cache and whatever else is made at first use."""
        await self._loop(self._desk, pages, self._few, Page.ask, 3)
        await self._loop(self._stock, echoing, self._few, Page.echo, 1)
        await self._loop(self._desk, pages[: self._plan.askers], self._fresh, Page.ask, 1)

    async def _loop(
        self, program: Program, pages: list[Page], texts: Iterator[str], start: Start, seconds: float
    ) -> Measured:
        load = await closed_loop(pages, texts, start, seconds, lambda: program.processor_seconds)
        return measured_of(load)

    async def _steadily(self, pages: list[Page]) -> Measured:
        plan, desk = self._plan, self._desk
        load = await steady(
            pages, self._few, Page.ask, plan.steady_per_second, plan.seconds, lambda: desk.processor_seconds
        )
        return measured_of(load)

    async def _encode(self, count: int) -> Measured:
        questions = list(islice(self._same_fresh, count))
        before = self._encoder.processor_seconds
        seconds = await self._encoder.encode(questions)
        used = self._encoder.processor_seconds - before
        return Measured(count / seconds, used, count, seconds, 0.0)


def measured_of(load: Load) -> Measured:
    return Measured(
        load.per_second,
        load.server_seconds,
        load.turns,
        load.seconds,
        load.generator_seconds / load.seconds,
        load.latency_ms(0.5),
        load.latency_ms(0.99),
    )
