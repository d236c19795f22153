"""`python -m scripts.bench`: finding articles beside other ways, durable turns, echoes and memory, a long waiting
line, the pages in a browser.

Starts a server with a database of its own beside the data folder, so nothing of a running desk is touched.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import msgspec
import uvloop

from bench.echoes import Echoes, EchoPlan, echo_table, measure_echoes
from bench.growth.measuring import GrowthFigures, GrowthPlan, growth_table, measure_growth
from bench.line import LineFigures, LinePlan, measure_line
from bench.line import table as line_table
from bench.measuring import Figures, Plan, measure
from bench.pages import PageFailed
from bench.pages_browser import measure_pages
from bench.pages_figures import PagesFigures, PagesPlan, pages_table
from bench.processes import ProgramFailed
from bench.report import table
from bench.side_by_side import FinderPlan, SideBySide, finder_table, measure_finders
from bench.suggest import SuggestFigures, SuggestPlan, measure_suggest
from bench.suggest import table as suggest_table
from bench.workers import WorkersFigures, WorkersPlan, measure_workers, workers_table
from kb_index.errors import KnowledgeError
from kb_index.reading.files import read_files
from models.encoder import ModelUnavailable
from models.prepare import prepare
from router.settings import Settings, SettingsError, load_settings
from scripts.evaluation.files import Question, read_questions
from scripts.evaluation.gate import kept_questions
from scripts.opening import say_if_watched
from scripts.prepare import find_chromium
from scripts.progress import ProgressBars

_QUICK = {"rounds": 2, "seconds": 2.0, "pages": 100, "idle": 1_000}
_QUICK_FINDERS = {"rounds": 2, "alone": 30, "together": 128}


@dataclass(frozen=True, slots=True)
class Told:
    """What was measured; None: not asked for."""

    side_by_side: SideBySide | None
    sockets: Echoes | None
    turns: Figures | None
    workers: WorkersFigures | None
    line: LineFigures | None
    suggest: SuggestFigures | None
    opened: PagesFigures | None
    growth: GrowthFigures | None


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 on a failure told in one line, 2 on wrong usage."""
    options = _parse(argv)
    _allow_many_sockets()
    try:
        told = uvloop.run(_measure(options))
    except (ProgramFailed, PageFailed, SettingsError, KnowledgeError, ModelUnavailable, OSError, TimeoutError) as error:
        print(str(error) or type(error).__name__, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1
    print(msgspec.json.format(msgspec.json.encode(told)).decode() if options.json else "\n\n".join(_tables(told)))
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    plan = Plan()
    parser = argparse.ArgumentParser(
        prog="python -m scripts.bench",
        description="Measures how articles are found beside haystack-ai and plain sentence-transformers, durable chat "
        "turns beside bare parts on the same core, and memory per connection.",
    )
    parser.add_argument(
        "--part",
        choices=("all", "finders", "sockets", "turns", "workers", "line", "suggest", "pages", "growth"),
        default="all",
        help="finders: search beside others'; sockets: echoes beside python-socketio's and Node's; "
        "workers: two processes beside one; line: 2,000 waiting; suggest: 10,000 solved conversations; "
        "pages: the widget and the console in a browser; growth: a million messages beside none (all)",
    )
    parser.add_argument("--articles", nargs="+", type=Path, metavar="FILE", help="for the finders (the sample's)")
    parser.add_argument(
        "--questions", nargs="+", type=Path, default=[], metavar="FILE", help="for the finders (the kept questions)"
    )
    parser.add_argument("--quick", action="store_true", help="a short form, for a first look")
    parser.add_argument("--rounds", type=int, help=f"interleaved rounds, of which the median counts ({plan.rounds})")
    parser.add_argument("--seconds", type=float, help=f"length of each measurement ({plan.seconds:g})")
    parser.add_argument("--pages", type=int, help=f"pages that chat and echo ({plan.pages})")
    parser.add_argument("--askers", type=int, help=f"pages that ask what was never asked before ({plan.askers})")
    parser.add_argument("--idle", type=int, help=f"idle pages for the memory ({plan.idle})")
    parser.add_argument(
        "--steady-per-second", type=float, help=f"turns per second for the latency ({plan.steady_per_second:g})"
    )
    parser.add_argument(
        "--database-apart", action="store_true", help="put the database on the other core, beside the load generator"
    )
    parser.add_argument("--json", action="store_true", help="print every measurement as one JSON object")
    return parser.parse_args(argv)


def _plan(options: argparse.Namespace) -> Plan:
    chosen = {
        name: value for name in [each.name for each in fields(Plan)] if (value := getattr(options, name)) is not None
    }
    return Plan(**{**(_QUICK if options.quick else {}), **chosen})


async def _measure(options: argparse.Namespace) -> Told:
    settings = load_settings([], os.environ)
    knowledge = settings.knowledge.articles or Path("faq")
    side_by_side = sockets = turns = workers = line = suggest = opened = growth = None
    with ProgressBars(quiet=options.json) as progress:
        if options.part in ("all", "finders"):
            articles = [found.article for found in read_files(options.articles or [knowledge]).articles]
            questions = _questions(options.questions, settings)
            if settings.encoder.name != "hashing":
                await asyncio.to_thread(prepare, replace(settings.encoder, precision="fp32"), say_if_watched)
            plan = FinderPlan(**_QUICK_FINDERS) if options.quick else FinderPlan()
            side_by_side = await measure_finders(plan, articles, questions, progress)
        if options.part in ("all", "sockets"):
            echo_plan = EchoPlan(rounds=2, seconds=1.5) if options.quick else EchoPlan()
            sockets = await measure_echoes(echo_plan, progress)
        if options.part in ("all", "turns"):
            turns = await measure(_plan(options), knowledge, settings.data_dir, progress)
        if options.part in ("all", "workers"):
            workers_plan = WorkersPlan(rounds=2, seconds=2) if options.quick else WorkersPlan()
            workers = await measure_workers(workers_plan, knowledge, settings.data_dir, progress)
        if options.part in ("all", "line"):
            line = await measure_line(_line_plan(options), settings.data_dir, progress)
        if options.part in ("all", "suggest"):
            suggest_plan = SuggestPlan(cases=500, asked=100) if options.quick else SuggestPlan()
            suggest = await measure_suggest(suggest_plan, knowledge, settings.data_dir, progress)
        if options.part in ("all", "pages"):
            pages_plan = PagesPlan(rounds=1 if options.quick else options.rounds or PagesPlan().rounds)
            opened = await measure_pages(pages_plan, _chromium(), settings.data_dir, progress)
        if options.part in ("all", "growth"):
            growth_plan = GrowthPlan(messages=100_000, rounds=2, reads=50) if options.quick else GrowthPlan()
            growth = await measure_growth(growth_plan, knowledge, settings.encoder, settings.data_dir, progress)
    return Told(side_by_side, sockets, turns, workers, line, suggest, opened, growth)


def _chromium() -> str:
    path = find_chromium()
    if path is None:
        raise ProgramFailed("no Chromium: run `make bench`, or name one by YINGDA_CHROMIUM=/path")
    return path


def _line_plan(options: argparse.Namespace) -> LinePlan:
    plan = LinePlan(rounds=1, seconds=15.0) if options.quick else LinePlan()
    return replace(plan, **{name: chosen for name in ("rounds", "seconds") if (chosen := getattr(options, name))})


def _questions(named: Sequence[Path], settings: Settings) -> list[Question]:
    """Those of the files, else the kept ones; only what an article answers."""
    questions = read_questions(named, in_scope=True) if named else kept_questions((), settings.knowledge.kept_questions)
    return [question for question in questions if question.expected is not None]


def _tables(told: Told) -> Iterator[str]:
    if told.side_by_side is not None:
        yield finder_table(told.side_by_side)
    if told.sockets is not None:
        yield echo_table(told.sockets)
    if told.turns is not None:
        yield table(told.turns)
    if told.workers is not None:
        yield workers_table(told.workers)
    if told.line is not None:
        yield line_table(told.line)
    if told.suggest is not None:
        yield suggest_table(told.suggest)
    if told.opened is not None:
        yield pages_table(told.opened)
    if told.growth is not None:
        yield growth_table(told.growth)


def _allow_many_sockets() -> None:
    """As many descriptors as this account may have; the servers inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main())
