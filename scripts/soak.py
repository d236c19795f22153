"""`python -m scripts.soak`: an hour of 1,000 sockets and 50 turns a second; nothing may pile up.

A server with a database of its own is started for it on a loopback port and removed afterwards.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bench.pages import PageFailed
from bench.processes import ProgramFailed
from bench.table import markdown
from router.settings import SettingsError, load_settings
from tests.soak.picture import picture
from tests.soak.run import SoakPlan, soak
from tests.soak.samples import Judged, Minute, judge


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 where nothing piled up, 1 where something did or the run failed, 2 on wrong usage."""
    options = _parse(argv)
    logging.getLogger("engineio.client").setLevel(logging.ERROR)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    plan = SoakPlan(
        minutes=options.minutes,
        warm_up=min(15, max(1, options.minutes // 4)) if options.warm_up is None else options.warm_up,
        sockets=options.sockets,
        turns_per_second=options.turns_per_second,
    )
    print(_HEAD, flush=True)
    try:
        settings = load_settings([], os.environ)
        minutes = uvloop.run(soak(plan, settings.knowledge.articles or Path("faq"), settings.data_dir, _tell))
        verdict = judge(minutes, plan.warm_up, plan.turns_per_second)
    except (ProgramFailed, PageFailed, SettingsError, OSError, TimeoutError, ValueError) as error:
        print(str(error) or type(error).__name__, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1
    options.plot.parent.mkdir(parents=True, exist_ok=True)
    options.plot.write_text(picture(minutes, plan.warm_up), encoding="utf-8")
    print(f"\n{_table(verdict)}\n\nminute by minute: {options.plot}")
    return 0 if all(each.holds for each in verdict) else 1


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.soak", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--minutes", type=int, default=60, metavar="N", help="how long (60)")
    parser.add_argument("--warm-up", type=int, metavar="N", help="minutes that do not count (a quarter, at most 15)")
    parser.add_argument("--sockets", type=int, default=1_000, metavar="N", help="open at once (1000)")
    parser.add_argument("--turns-per-second", type=float, default=50.0, metavar="N", help="questions answered (50)")
    parser.add_argument("--plot", type=Path, default=Path("var/soak.svg"), metavar="FILE.svg")
    options = parser.parse_args(argv)
    if options.minutes - (options.warm_up or max(1, options.minutes // 4)) < 4:
        parser.error("--minutes: at least 6, of which four after the warm-up")
    return options


_HEAD = markdown(
    ("minute", "turns/s", "p50 ms", "p99 ms", "memory MB", "sockets", "descriptors", "tasks", "CPU %", "database MB"),
    [],
)


def _tell(minute: Minute) -> None:
    last = minute.samples[-1]
    figures = (
        f"{minute.number}",
        f"{len(minute.latencies) / 60:.1f}",
        f"{minute.latency_ms(0.5):.1f}",
        f"{minute.latency_ms(0.99):.1f}",
        f"{minute.resident_bytes / 1e6:.1f}",
        f"{last.sockets:g}",
        f"{last.descriptors:g}",
        f"{last.tasks:g}",
        f"{minute.processor_share * 100:.0f}",
        f"{minute.database_bytes / 1e6:.0f}",
    )
    print("| " + " | ".join(figures) + " |" + _failures(minute), flush=True)


def _failures(minute: Minute) -> str:
    return "".join(f" {count} × {why}" for why, count in Counter(minute.failures).most_common(3))


def _table(verdict: Sequence[Judged]) -> str:
    rows = [
        (each.what, f"{each.early:,.1f}", f"{each.late:,.1f}", "ok" if each.holds else "VIOLATED") for each in verdict
    ]
    return markdown(("after the warm-up → in the end", "early", "late", ""), rows)


if __name__ == "__main__":
    sys.exit(main())
