"""A soak run: many pages that come and go, turns at a steady rate, humans who take over; looked at all the time."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import asyncpg
from prometheus_client.parser import text_string_to_metric_families

from bench.pages import Page, PageFailed
from bench.processes import Folder, Program, start_desk
from bench.questions import never_asked, repeated, sample_questions
from tests.acceptance.crashes import PostgresProcesses
from tests.acceptance.people import people_of
from tests.acceptance.program import ADMIN_PASSWORD
from tests.chaos.colleagues import Colleague
from tests.chaos.customers import Customer, LeftAlone, Pulse
from tests.soak.samples import Minute, Sample

_CHAT = {"protocol": 1, "locale": "zh-CN", "page": {"url": "http://127.0.0.1:8000/", "title": "金石项目管理软件"}}
_SAMPLE_SECONDS = 10.0
_TURN_SECONDS = 30.0
_REPEATED_QUESTIONS = 200
_NEVER_ASKED_SHARE = 0.2
_CAPACITY = 4


@dataclass(frozen=True, slots=True)
class SoakPlan:
    """How much, for how long. Of the sockets ``people`` are customers and agents who talk to each other."""

    minutes: int = 60
    warm_up: int = 15
    sockets: int = 1_000
    turns_per_second: float = 50.0
    #: Pages that are closed, and new ones of new visitors that are opened, every second.
    new_pages_per_second: float = 2.0
    customers: int = 24
    agents: int = 6


Told = Callable[[Minute], None]


async def soak(plan: SoakPlan, knowledge: Path, beside: Path, tell: Told) -> list[Minute]:
    """Every minute is told; raises `PageFailed` where the server cannot even be filled with pages."""
    async with AsyncExitStack() as opened:
        folder = Folder(beside)
        opened.callback(folder.remove)
        environ = {"YINGDA_HOURS__ALWAYS_OPEN": "true", "YINGDA_ADMIN_PASSWORD": ADMIN_PASSWORD}
        desk = await start_desk(folder.path, None, environ)
        opened.push_async_callback(desk.stop)
        crowd = await _People.gather(desk, plan)
        opened.push_async_callback(crowd.leave)
        pages = _Pages(desk.port, plan, knowledge)
        await pages.open()
        opened.callback(pages.close)
        watch = _Watch(desk, PostgresProcesses(folder.path).dsn)
        minutes: list[Minute] = []
        work = [asyncio.create_task(each) for each in (pages.come_and_go(), pages.ask(), crowd.talk(pages.failures))]
        try:
            for number in range(1, plan.minutes + 1):
                minute = await watch.minute(number, pages)
                minutes.append(minute)
                tell(minute)
                for task in work:
                    if task.done():
                        task.result()  # raises what ended it
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
        return minutes


class _Visitor(Page):
    """A page that knows when the bot has passed its conversation on: then nobody is to answer at once any more."""

    passed_on = False

    def _take(self, payload: bytes) -> None:
        super()._take(payload)
        if b'"kind":"state"' in payload:
            self.passed_on = True


class _Pages:
    """The pages, each with one turn under way at most."""

    def __init__(self, port: int, plan: SoakPlan, knowledge: Path) -> None:
        self._port = port
        self._plan = plan
        self._count = plan.sockets - plan.customers - plan.agents
        self._chance = random.Random(7)
        questions = sample_questions(knowledge)
        self._few, self._fresh = repeated(questions[:_REPEATED_QUESTIONS]), never_asked(questions)
        self._pages: list[_Visitor] = []
        self._began: dict[_Visitor, float] = {}
        self.latencies: list[float] = []
        self.failures: list[str] = []

    async def open(self) -> None:
        while len(self._pages) < self._count:
            some = min(25, self._count - len(self._pages))
            self._pages += await asyncio.gather(*(self._opened() for _ in range(some)))

    async def _opened(self) -> _Visitor:
        return await _Visitor.open(self._port, "/chat", _CHAT)

    def close(self) -> None:
        for page in self._pages:
            page.close()

    async def come_and_go(self) -> None:
        """The one that was there longest, and is not busy, goes; another one comes."""
        while True:
            await asyncio.sleep(1 / self._plan.new_pages_per_second)
            leaving = next((page for page in self._pages if not page.busy), None)
            if leaving is not None:
                self._pages.remove(leaving)
                leaving.close()
            while len(self._pages) < self._count:
                try:
                    self._pages.append(await self._opened())
                except (PageFailed, OSError, TimeoutError) as error:
                    self.failures.append(f"not let in: {error}")
                    break

    async def ask(self) -> None:
        """Turns begin at a steady rate, each on a page that has none under way."""
        texts, began, number = self._texts(), time.perf_counter(), 0
        while True:
            due = began + number / self._plan.turns_per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            number += 1
            idle = [page for page in self._chance.sample(self._pages, 20) if not (page.busy or page.passed_on)]
            if not idle:
                continue
            self._began[idle[0]] = time.perf_counter()
            idle[0].ask(next(texts), self._finished)

    def _finished(self, page: Page, took: float) -> None:
        assert isinstance(page, _Visitor)
        self._began.pop(page, None)
        self.latencies.append(took)

    def _texts(self) -> Iterator[str]:
        while True:
            yield next(self._fresh if self._chance.random() < _NEVER_ASKED_SHARE else self._few)

    def take(self) -> tuple[tuple[float, ...], tuple[str, ...]]:
        """The latencies and failures since it was asked last."""
        now = time.perf_counter()
        late = [page for page, began in self._began.items() if now - began > _TURN_SECONDS or page.failure]
        for page in late:
            if page.failure or not page.passed_on:
                self.failures.append(page.failure or f"a turn took more than {now - self._began[page]:.0f} s")
            del self._began[page]
        gone = {page for page in self._pages if page in late or page.failure or page.passed_on}
        for page in gone:
            page.close()
        self._pages = [page for page in self._pages if page not in gone]
        latencies, self.latencies = tuple(self.latencies), []
        failures = tuple(self.failures)
        self.failures.clear()
        return latencies, failures


class _People:
    """A few customers who are handed over, and agents who take them, all the time."""

    def __init__(self, customers: list[Customer], colleagues: list[Colleague]) -> None:
        self._customers = customers
        self._colleagues = colleagues

    @classmethod
    async def gather(cls, desk: Program, plan: SoakPlan) -> _People:
        pulse = Pulse()
        async with people_of(_Place(desk.port)) as people:
            given = await people.group("auto")
            staff = [await people.staff(given, capacity=_CAPACITY) for _ in range(plan.agents)]
        url = _Place(desk.port).url
        customers = [Customer([url], n, [given["name"]], pulse, 20.0) for n in range(plan.customers)]
        return cls(customers, [Colleague([url], n, each, pulse, picks=False) for n, each in enumerate(staff)])

    async def talk(self, failures: list[str]) -> None:
        never = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for colleague in self._colleagues:
                group.create_task(colleague.work(never))
            for customer in self._customers:
                group.create_task(_patiently(customer, never, failures))

    async def leave(self) -> None:
        await asyncio.gather(*(each.leave() for each in self._customers))
        await asyncio.gather(*(each.leave() for each in self._colleagues))


async def _patiently(customer: Customer, over: asyncio.Event, failures: list[str]) -> None:
    while not over.is_set():
        try:
            await customer.live(over)
        except (LeftAlone, TimeoutError) as error:
            failures.append(str(error) or customer.doing)


@dataclass(frozen=True)
class _Place:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def now(self) -> float:
        return time.time()


class _Watch:
    """Looks at the server from outside: what it says of itself, what the system and the database say."""

    def __init__(self, desk: Program, dsn: str) -> None:
        self._desk = desk
        self._dsn = dsn
        self._began = time.monotonic()

    async def minute(self, number: int, pages: _Pages) -> Minute:
        samples = []
        ends_at = self._began + 60 * number
        processor, looked_at = self._desk.processor_seconds, time.monotonic()
        while time.monotonic() < ends_at:
            await asyncio.sleep(max(0.1, min(_SAMPLE_SECONDS, ends_at - time.monotonic())))
            samples.append(await self._sample())
        share = (self._desk.processor_seconds - processor) / (time.monotonic() - looked_at)
        latencies, failures = pages.take()
        size, rows = await self._database()
        return Minute(number, tuple(samples), latencies, failures, share, size, rows)

    async def _sample(self) -> Sample:
        timeout = aiohttp.ClientTimeout(total=20)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://127.0.0.1:{self._desk.port}/metrics") as response,
        ):
            told = text_string_to_metric_families(await response.text())
            sums: dict[str, float] = {}
            for family in told:
                for each in family.samples:
                    sums[each.name] = sums.get(each.name, 0.0) + each.value
        return Sample(
            time.monotonic() - self._began,
            sums["process_resident_memory_bytes"],
            sums["process_open_fds"],
            sums["yingda_sockets"],
            sums["yingda_tasks"],
            self._desk.threads,
        )

    async def _database(self) -> tuple[int, dict[str, int]]:
        connection = await asyncpg.connect(self._dsn)
        try:
            size = await connection.fetchval("select pg_database_size(current_database())")
            tables = await connection.fetch(
                "select relname from pg_class where relkind in ('r', 'p') and not relispartition "
                "and relnamespace = 'public'::regnamespace"
            )
            rows = {name: await connection.fetchval(f'select count(*) from "{name}"') for (name,) in map(tuple, tables)}
            return size, rows
        finally:
            await connection.close()
