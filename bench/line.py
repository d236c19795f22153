"""How long joining, leaving, assigning and telling take while many wait, on the whole desk with a real database."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.floor import FloorPage, Office, customer
from bench.machine import Cores, fdatasync_ms, pin
from bench.pages import close_pages
from bench.processes import Folder, start_desk

Progress = Callable[[str, int, int], None]

_PASSWORD = "the password of the bench"
_GROUPS = ("使用支持一", "使用支持二", "故障支持", "账务支持")
_AT_ONCE = 8  # customers who join at once while the line is filled
_SPARE = 60  # more than the plan says, so that the line never falls below it


@dataclass(frozen=True, slots=True)
class LinePlan:
    """How much is measured: so many wait all the time, and so many changes a second of each kind."""

    waiting: int = 2_000
    agents: int = 40
    seconds: float = 60.0
    changes_per_second: float = 2.0
    rounds: int = 3


@dataclass(slots=True)
class Took:
    """Milliseconds of every single change in one round."""

    joining: list[float] = field(default_factory=list)
    leaving: list[float] = field(default_factory=list)
    assigning: list[float] = field(default_factory=list)
    ending_too: list[float] = field(default_factory=list)
    telling: list[float] = field(default_factory=list)


@dataclass(slots=True)
class LineFigures:
    plan: LinePlan
    cores: Cores
    waiting_least: int = 0
    fdatasync_ms: float = 0.0
    load_before: float = 0.0
    load_after: float = 0.0
    server_busy: float = 0.0
    places_told: int = 0
    rounds: list[Took] = field(default_factory=list)


async def measure_line(plan: LinePlan, data_dir: Path, progress: Progress) -> LineFigures:
    """Fills the line over real sockets, then joins, leaves and assigns at a steady rate."""
    figures = LineFigures(plan, Cores.choose(), load_before=os.getloadavg()[0])
    pin(0, figures.cores.generator)
    async with AsyncExitStack() as stack:
        folder = Folder(data_dir)
        stack.callback(folder.remove)
        environ = {
            "YINGDA_ADMIN_PASSWORD": _PASSWORD,
            "YINGDA_HOURS__ALWAYS_OPEN": "true",
            "YINGDA_SECURITY__SIGN_IN_ATTEMPTS_PER_ADDRESS": "100000",
        }
        desk = await start_desk(folder.path, figures.cores.server, environ)
        stack.push_async_callback(desk.stop)
        desk.move_database(figures.cores.generator)
        figures.fdatasync_ms = fdatasync_ms(folder.cluster)
        floor = _Floor(plan, desk.port)
        stack.callback(floor.close)
        await floor.fill(progress)
        gc.disable()  # the generator's own garbage is nobody's delay: it would hold up the database on its core
        stack.callback(gc.enable)
        used, began = desk.processor_seconds, time.perf_counter()
        for done in range(plan.rounds):
            progress("measuring", done, plan.rounds)
            gc.collect()
            figures.rounds.append(await floor.round())
        figures.server_busy = (desk.processor_seconds - used) / (time.perf_counter() - began)
        figures.waiting_least, figures.places_told = floor.waiting_least, floor.places_told
    figures.load_after = os.getloadavg()[0]
    return figures


class _Floor:
    """Keeps the line at its length: whoever leaves or is taken comes back as somebody new."""

    def __init__(self, plan: LinePlan, port: int) -> None:
        self._plan = plan
        self._office = Office(port, _PASSWORD)
        self._port = port
        self._agents: list[FloorPage] = []
        self._owned: dict[FloorPage, str] = {}
        self._waiting: dict[str, FloorPage] = {}
        self._idle: list[FloorPage] = []
        self._acknowledged: dict[str, float] = {}
        self._heard: dict[str, float] = {}
        self._assigned: dict[FloorPage, asyncio.Future[float]] = {}
        self._took = Took()
        self._chance = random.Random(7)
        self.waiting_least = plan.waiting + _SPARE
        self.places_told = 0

    def close(self) -> None:
        close_pages([*self._agents, *self._waiting.values(), *self._idle])

    # Before --------------------------------------------------------------------------------------------------------

    async def fill(self, progress: Progress) -> None:
        plan = self._plan
        groups = [await self._office.group(name) for name in _GROUPS]
        for number in range(plan.agents):
            page = await self._office.agent(f"agent{number}", groups[number % len(groups)], 1)
            page.hears = self._listener(page)
            self._agents.append(page)
            progress("agents", number, plan.agents)
        waiting = plan.waiting + _SPARE
        wanted = waiting + plan.agents + int(plan.changes_per_second * 2) + 10
        while len(self._idle) < wanted:
            self._idle += await asyncio.gather(
                *(customer(self._port) for _ in range(min(50, wanted - len(self._idle))))
            )
            progress("customers", len(self._idle), wanted)
        for page in self._idle:
            page.hears = self._count
        for done in range(0, waiting + plan.agents, _AT_ONCE):
            await asyncio.gather(*(self._join() for _ in range(_AT_ONCE)))
            progress("joining", done, waiting + plan.agents)
        for page in self._agents:
            assigned = self._awaited(page)
            await page.call("set_presence", status="online")
            await assigned
        while len(self._waiting) < waiting:
            await self._join()
        await asyncio.sleep(6)
        self._took = Took()

    def _listener(self, page: FloorPage) -> Callable[[str, Any, float], None]:
        first = len(self._agents) == 0

        def hears(name: str, body: Any, now: float) -> None:
            if name == "assigned":
                self._owned[page] = body["conversation_id"]
                taken = self._waiting.pop(body["conversation_id"], None)
                if taken is not None:
                    self._idle.append(taken)
                waiter = self._assigned.pop(page, None)
                if waiter is not None and not waiter.done():
                    waiter.set_result(now)
            elif name == "waiting" and first:
                for each in body["upsert"]:
                    self._heard.setdefault(each["conversation_id"], now)
                    self._tell(each["conversation_id"])
                for gone in body["remove"]:
                    self._heard.pop(gone, None)

        return hears

    def _tell(self, conversation_id: str) -> None:
        """Once both are known, in whichever order: when the customer had their word, and when the agents had theirs."""
        if conversation_id in self._acknowledged and conversation_id in self._heard:
            after = self._heard[conversation_id] - self._acknowledged.pop(conversation_id)
            self._took.telling.append(max(0.0, after) * 1000)

    def _count(self, name: str, body: Any, now: float) -> None:
        if name == "queue":
            self.places_told += 1

    # While it is measured ------------------------------------------------------------------------------------------

    async def round(self) -> Took:
        """One stretch of joining, leaving and assigning side by side, each at its own steady rate."""
        self._took = took = Took()
        ends = time.perf_counter() + self._plan.seconds
        await asyncio.gather(*(self._steadily(each, ends) for each in (self._come_and_go, self._next_one)))
        await asyncio.sleep(1)
        return took

    async def _steadily(self, change: Callable[[], Awaitable[None]], ends: float) -> None:
        pause = 1 / self._plan.changes_per_second
        running: set[asyncio.Task[None]] = set()
        at = time.perf_counter()
        while at < ends:
            at += self._chance.expovariate(1 / pause)
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            task = asyncio.ensure_future(change())
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)

    async def _come_and_go(self) -> None:
        await self._join()
        if len(self._waiting) < self._plan.waiting + _SPARE:  # somebody was taken as they came
            await self._join()
        self.waiting_least = min(self.waiting_least, len(self._waiting))
        conversation_id = self._chance.choice(list(self._waiting))
        page = self._waiting.pop(conversation_id)
        _, seconds = await page.call("leave_queue", conversation_id=conversation_id)
        self._took.leaving.append(seconds * 1000)
        self._idle.append(page)

    async def _join(self) -> None:
        page = self._idle.pop(0)
        topic = self._chance.choice(_GROUPS)
        began = time.perf_counter()
        answer, seconds = await page.call("request_human", topic=topic)
        self._took.joining.append(seconds * 1000)
        conversation_id, acknowledged = answer["conversation_id"], began + seconds
        if answer["state"] == "waiting":
            self._waiting[conversation_id] = page
            if topic == _GROUPS[0]:  # the page that listens for the line belongs to this group
                self._acknowledged[conversation_id] = acknowledged
                self._tell(conversation_id)
        else:
            self._idle.append(page)

    async def _next_one(self) -> None:
        """An agent ends a conversation and gets the next one of the line; somebody new joins in their place."""
        free = [page for page in self._agents if page not in self._assigned and page in self._owned]
        if not free:
            return
        page = self._chance.choice(free)
        assigned = self._awaited(page)
        began = time.perf_counter()
        await page.call("close", conversation_id=self._owned.pop(page), resolved=True)
        has_room = time.perf_counter()
        has_next = await assigned
        self._took.assigning.append(max(0.0, has_next - has_room) * 1000)
        self._took.ending_too.append((has_next - began) * 1000)
        await self._join()

    def _awaited(self, page: FloorPage) -> asyncio.Future[float]:
        awaited: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._assigned[page] = awaited
        return awaited


def table(figures: LineFigures) -> str:
    """Markdown; the worst round's 99th percentile stands beside the median of the rounds."""
    plan = figures.plan
    rows = [
        ("while they wait", "changes", "median", "99 %", "99 %, worst round", "slowest"),
        ("---", "---:", "---:", "---:", "---:", "---:"),
        *(
            _row(name, [getattr(each, key) for each in figures.rounds])
            for name, key in (
                ("joining (asked → place told)", "joining"),
                ("leaving (asked → acknowledged)", "leaving"),
                ("assigning (agent's end acknowledged → has the next)", "assigning"),
                ("… together with the end before it, two commits", "ending_too"),
                ("telling the agents (acknowledged → on their page)", "telling"),
            )
        ),
    ]
    told = figures.places_told / (plan.seconds * plan.rounds)
    return "\n".join(
        [
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
            f"Milliseconds at a customer's and an agent's own socket, acknowledged after COMMIT. At least "
            f"{figures.waiting_least:,} waiting in {len(_GROUPS)} groups, {plan.agents} agents, all with an open page; "
            f"{plan.changes_per_second:g} joins and leaves and {plan.changes_per_second:g} ends a second, "
            f"{told:,.0f} places told a second. {plan.rounds} rounds of {plan.seconds:g} s; the server has its own "
            "core, the database is beside the load generator.",
            f"Making 8 KiB safe on this disk (fdatasync): {figures.fdatasync_ms:.2f} ms. Load average "
            f"{figures.load_before:.1f} before, {figures.load_after:.1f} after; the server had "
            f"{figures.server_busy:.0%} of its core.",
            "Again: make bench ARGS='--part line'; short: with --quick.",
        ]
    )


def _row(name: str, rounds: Sequence[Sequence[float]]) -> tuple[str, ...]:
    every = [one for each in rounds for one in each]
    if not every:
        return name, "0", "–", "–", "–", "–"
    p99 = sorted(_at(each, 0.99) for each in rounds if each)
    figures = (_at(every, 0.5), p99[len(p99) // 2], p99[-1], max(every))
    return name, f"{len(every):,}", *(f"{figure:.1f}" for figure in figures)


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
