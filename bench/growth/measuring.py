"""What a desk costs after a million messages: reading as people read, turns beside an empty desk's in one run."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from bench.floor import Office
from bench.growth.filling import fill
from bench.growth.past import Shape
from bench.growth.sentences import questions
from bench.load import closed_loop
from bench.machine import Cores, fdatasync_ms, pin
from bench.pages import Page, PageFailed, close_pages, open_pages
from bench.processes import Folder, Program, start_desk
from bench.questions import cached_anywhere, repeated
from database.opening import open_database
from database.settings import DatabaseSettings
from models.loading import fingerprint_of, load_encoder
from models.settings import EncoderSettings
from router.help.cases import stored

Progress = Callable[[str, int, int], None]
#: Reads a path of the interface as somebody who has signed in.
Get = Callable[[str], Awaitable[Any]]

_PASSWORD = "the password of the bench"
_OPEN = {"YINGDA_ADMIN_PASSWORD": _PASSWORD, "YINGDA_HOURS__ALWAYS_OPEN": "true"}
_CHAT = {"protocol": 1, "locale": "zh-CN"}


@dataclass(frozen=True, slots=True)
class GrowthPlan:
    """``rounds`` of turns on either desk in turn; each thing that is read so often."""

    messages: int = 1_000_000
    rounds: int = 5
    seconds: float = 4.0
    pages: int = 50
    reads: int = 300


@dataclass(slots=True)
class GrowthFigures:
    """Milliseconds of every reading by its name; processor seconds of a turn in each round, the database's counted."""

    plan: GrowthPlan
    fdatasync_ms: float = 0.0
    load_before: float = 0.0
    load_after: float = 0.0
    filled_seconds: float = 0.0
    took: dict[str, list[float]] = field(default_factory=dict)
    grown: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)


async def measure_growth(
    plan: GrowthPlan, articles: Path, encoder: EncoderSettings, data_dir: Path, progress: Progress
) -> GrowthFigures:
    """Makes up the past, then reads it and asks on it. Raises `ProgramFailed`, `PageFailed`."""
    figures, cores = GrowthFigures(plan, load_before=os.getloadavg()[0]), Cores.choose()
    pin(0, cores.generator)
    async with AsyncExitStack() as stack:
        past, nothing = Folder(data_dir), Folder(data_dir)
        stack.callback(past.remove)
        stack.callback(nothing.remove)
        began = time.perf_counter()
        known = await _fill(past.path, plan, encoder, progress)
        figures.filled_seconds = time.perf_counter() - began
        figures.fdatasync_ms = fdatasync_ms(past.cluster)
        reading = await start_desk(past.path, cores.server, _OPEN)
        try:
            await _read(reading, known, plan, figures, progress)
        finally:
            await reading.stop()
        grown = await start_desk(past.path, cores.server)
        stack.push_async_callback(grown.stop)
        empty = await start_desk(nothing.path, cores.server)
        stack.push_async_callback(empty.stop)
        await _turns(grown, empty, plan, figures, articles, progress)
    figures.load_after = os.getloadavg()[0]
    return figures


@dataclass(frozen=True, slots=True)
class _Known:
    """Something of each kind in the made-up past."""

    conversations: list[str]
    small_group: str
    large_group: str


async def _fill(folder: Path, plan: GrowthPlan, encoder: EncoderSettings, progress: Progress) -> _Known:
    asked = questions()
    vectors = await asyncio.to_thread(lambda: load_encoder(encoder).encode_questions(asked))
    stored_vectors = dict(zip(asked, (stored(vector) for vector in vectors), strict=True))
    shape = Shape(plan.messages, encoder=fingerprint_of(encoder), vectors=stored_vectors)
    database, embedded = await open_database(DatabaseSettings(), folder)
    try:
        await fill(database.dsn, shape, datetime.now(UTC), progress)
        rows = await database.fetch(
            "select id from conversations where handed_off_at is not null order by md5(id::text) limit 500"
        )
        groups = {row["name"]: str(row["id"]) for row in await database.fetch("select id, name from groups")}
        return _Known([str(row["id"]) for row in rows], groups["成长组7"], groups["成长组1"])
    finally:
        await database.close()
        if embedded is not None:
            await embedded.stop()


async def _read(desk: Program, known: _Known, plan: GrowthPlan, figures: GrowthFigures, progress: Progress) -> None:
    office = Office(desk.port, _PASSWORD)
    pages: list[Page] = [await office.agent("narrow", known.small_group, 50)]
    pages.append(await office.agent("broad", known.large_group, 50))
    try:
        async with _signed(desk.port, "admin", _PASSWORD) as boss, _signed(desk.port, "narrow") as few, _signed(
            desk.port, "broad"
        ) as many:  # fmt: skip
            opened = [f"/conversations/{each}" for each in known.conversations]
            alike = [f"{each}/similar" for each in opened]
            wanted: dict[str, tuple[Get, Sequence[str]]] = {
                "opening a conversation": (boss, opened),
                "similar cases, everything": (boss, alike),
                "inbox, everything": (boss, ["/conversations?limit=50"]),
                "inbox, an agent of a large group": (many, ["/conversations?limit=50&state=closed"]),
                "inbox, an agent of a small group": (few, ["/conversations?limit=50&state=closed"]),
                "search, a common pair, everything": (boss, ["/search?kind=message&q=任务"]),
                "search, a common pair, a large group": (many, ["/search?kind=message&q=任务"]),
                "search, a common pair, a small group": (few, ["/search?kind=message&q=任务"]),
                "search, a rare pair, everything": (boss, ["/search?kind=message&q=器怎"]),
                "search, a rare pair, a small group": (few, ["/search?kind=message&q=筛选"]),
            }
            for number, path in enumerate(alike):  # what was asked is encoded once: that grows with nothing
                await boss(path)
                progress("encoding", number + 1, len(alike))
            for name, (get, paths) in wanted.items():
                figures.took[name] = await _timed(get, paths, plan.reads, partial(_told, progress, name, plan.reads))
    finally:
        close_pages(pages)


def _told(progress: Progress, doing: str, total: int, done: int) -> None:
    progress(doing, done, total)


def _spent(desk: Program) -> float:
    return desk.processor_seconds


async def _timed(get: Get, paths: Sequence[str], reads: int, done: Callable[[int], None]) -> list[float]:
    """Milliseconds of each, after some that are not counted."""
    took = []
    for number in range(-10, reads):
        began = time.perf_counter()
        await get(paths[number % len(paths)])
        if number >= 0:
            took.append((time.perf_counter() - began) * 1000)
            done(number + 1)
    return took


@asynccontextmanager
async def _signed(port: int, username: str, password: str | None = None) -> AsyncIterator[Get]:
    base = f"http://127.0.0.1:{port}/api/v1"
    body = {"username": username, "password": password or f"password of {username}"}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{base}/sessions", json=body) as response:
            token = (await response.json())["access_token"]

        async def get(path: str) -> Any:
            async with session.get(f"{base}{path}", headers={"Authorization": f"Bearer {token}"}) as response:
                if response.status != 200:
                    raise PageFailed(f"{path}: {await response.text()}")
                return await response.json()

        yield get


async def _turns(
    grown: Program, empty: Program, plan: GrowthPlan, figures: GrowthFigures, articles: Path, progress: Progress
) -> None:
    texts = repeated(await cached_anywhere(articles, 200, empty.port, _CHAT))
    desks = [(grown, figures.grown), (empty, figures.empty)]
    pages = {desk: await open_pages(plan.pages, desk.port, "/chat", _CHAT) for desk, _ in desks}
    try:
        for desk, _ in desks:
            await closed_loop(pages[desk], texts, Page.ask, 3, partial(_spent, desk))
        for number in range(plan.rounds):
            for desk, spent in desks if number % 2 else reversed(desks):
                load = await closed_loop(pages[desk], texts, Page.ask, plan.seconds, partial(_spent, desk))
                spent.append(load.server_seconds / load.turns)
            progress("turns", number + 1, plan.rounds)
    finally:
        for each in pages.values():
            close_pages(each)


def growth_table(figures: GrowthFigures) -> str:
    """Markdown."""
    rows = [("at so many messages", f"{figures.plan.messages:,}", "median", "99 %"), ("---", "---:", "---:", "---:")]
    for name, took in figures.took.items():
        rows.append((name, f"{len(took):,} times", f"{_at(took, 0.5):.1f} ms", f"{_at(took, 0.99):.1f} ms"))
    ratios = [ours / theirs for ours, theirs in zip(figures.grown, figures.empty, strict=True)]
    cost, bare = _at(figures.grown, 0.5) * 1000, _at(figures.empty, 0.5) * 1000
    return "\n".join(
        [
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
            f"A durable turn costs {cost:.2f} ms of processor time, on an empty desk {bare:.2f} ms: "
            f"{_at(ratios, 0.5):.2f} × (median of {len(ratios)} pairs; all: "
            f"{', '.join(f'{ratio:.2f}' for ratio in ratios)}). The database counts.",
            f"The whole server over HTTP and sockets, one core for it and its database. The past was made up in "
            f"{figures.filled_seconds:,.0f} s. fdatasync {figures.fdatasync_ms:.2f} ms. Load average "
            f"{figures.load_before:.1f} before, {figures.load_after:.1f} after.",
            "Again: make bench ARGS='--part growth'; short: with --quick.",
        ]
    )


def _at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
