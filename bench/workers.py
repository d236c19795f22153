"""What a second worker costs: turns for each second of the server's processor beside one worker, and memory of its own.

Both desks run on the same core with a database of their own each, so that whatever disturbs one disturbs the other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.load import closed_loop
from bench.machine import Cores, fdatasync_ms, own_bytes, pin, tree
from bench.measuring import CHAT, Measured, Progress, measured_of
from bench.pages import Page, close_pages, open_pages
from bench.processes import Folder, Program, start_desk
from bench.questions import cached_anywhere, repeated
from bench.table import markdown

_REPEATED_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class WorkersPlan:
    rounds: int = 5
    seconds: float = 5.0
    pages: int = 200
    workers: int = 2


@dataclass(slots=True)
class WorkersFigures:
    """One entry for each round; ``own_bytes``: for each worker what would be free again without it."""

    plan: WorkersPlan
    fdatasync_ms: float = 0.0
    load_before: float = 0.0
    alone: list[Measured] = field(default_factory=list)
    together: list[Measured] = field(default_factory=list)
    own_bytes: list[int] = field(default_factory=list)


async def measure_workers(plan: WorkersPlan, knowledge: Path, data_dir: Path, progress: Progress) -> WorkersFigures:
    """Runs the plan; raises ProgramFailed or PageFailed when something does not work."""
    cores = Cores.choose()
    figures = WorkersFigures(plan, load_before=os.getloadavg()[0])
    pin(0, cores.generator)
    async with AsyncExitStack() as stack:
        desks: list[tuple[Program, list[Measured], list[Page]]] = []
        for number, (workers, found) in enumerate(((1, figures.alone), (plan.workers, figures.together))):
            progress("starting", number, 2)
            folder = Folder(data_dir)
            stack.callback(folder.remove)
            environ = {"YINGDA_SERVER__WORKERS": str(workers), "YINGDA_ENCODER__THREADS": "1"}
            desk = await start_desk(folder.path, cores.server, environ)
            stack.push_async_callback(desk.stop)
            pages = await open_pages(plan.pages, desk.port, "/chat", CHAT)
            stack.callback(close_pages, pages)
            desks.append((desk, found, pages))
            figures.fdatasync_ms = fdatasync_ms(folder.cluster)
        few = await cached_anywhere(knowledge, _REPEATED_QUESTIONS, desks[0][0].port, CHAT)
        questions = repeated(few)
        for desk, _, pages in desks:  # every worker reads every question once
            await _load(desk, pages, questions, plan.seconds)
        for n in range(plan.rounds):
            for number, (desk, found, pages) in enumerate(desks):
                progress("measuring", 2 * n + number, 2 * plan.rounds)
                found.append(await _load(desk, pages, questions, plan.seconds))
        figures.own_bytes = [own_bytes(pid) for pid in _workers(desks[1][0])]
    return figures


async def _load(desk: Program, pages: list[Page], questions: Iterator[str], seconds: float) -> Measured:
    return measured_of(await closed_loop(pages, questions, Page.ask, seconds, lambda: desk.processor_seconds))


def _workers(desk: Program) -> list[int]:
    """The processes that serve: forked by a child of the parent, with the same command line."""
    of_ours = [pid for pid in tree(desk.pid) if b"router" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]
    return of_ours[2:]  # after the parent and the one that forks


def workers_table(figures: WorkersFigures) -> str:
    """Markdown, ready for the documentation."""
    plan = figures.plan
    pairs = list(zip(figures.alone, figures.together, strict=True))
    ratio = median(two.per_processor_second / one.per_processor_second for one, two in pairs)
    rows = [
        ("one worker", *_rates(figures.alone), ""),
        (f"{plan.workers} workers, with their Redis", *_rates(figures.together), f"{ratio:.2f}"),
    ]
    head = ("durable turn, encoder's cache warm", "per second", "per second of processor time", "ratio of these")
    own = ", ".join(f"{each / 1024 / 1024:.0f}" for each in figures.own_bytes)
    return "\n".join(
        [
            markdown(head, rows),
            "",
            f"- Memory that a worker has for itself, after the load: {own} MiB",
            f"Medians of {plan.rounds} interleaved rounds of {plan.seconds:g} s on the same core, database and Redis "
            f"counted; {plan.pages} pages. fdatasync {figures.fdatasync_ms:.2f} ms, load {figures.load_before:.1f} "
            "before.",
        ]
    )


def _rates(found: list[Measured]) -> tuple[str, str]:
    return (
        f"{median(each.per_second for each in found):,.0f}",
        f"{median(each.per_processor_second for each in found):,.0f}",
    )
