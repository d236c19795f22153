"""`python -m scripts.bench`: durable turns, echoes and memory, the server on one core and the questions from another.

Starts a server with a database of its own beside the data folder, so nothing of a running desk is touched.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import msgspec
import uvloop

from bench.measuring import Figures, Plan, measure
from bench.pages import PageFailed
from bench.processes import ProgramFailed
from bench.report import table
from router.settings import SettingsError, load_settings
from scripts.progress import ProgressBars

_QUICK = {"rounds": 2, "seconds": 2.0, "pages": 100, "idle": 300}


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 on a failure told in one line, 2 on wrong usage."""
    options = _parse(argv)
    _allow_many_sockets()
    try:
        figures = uvloop.run(_measure(_plan(options), quiet=options.json))
    except (ProgramFailed, PageFailed, SettingsError, OSError, TimeoutError) as error:
        print(str(error) or type(error).__name__, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1
    print(msgspec.json.format(msgspec.json.encode(figures)).decode() if options.json else table(figures))
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    plan = Plan()
    parser = argparse.ArgumentParser(
        prog="python -m scripts.bench",
        description="Measures durable chat turns, bare parts on the same core beside them, and memory per connection.",
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


async def _measure(plan: Plan, *, quiet: bool) -> Figures:
    settings = load_settings([], os.environ)
    knowledge = settings.knowledge.articles or Path("faq")
    with ProgressBars(quiet=quiet) as progress:
        return await measure(plan, knowledge, settings.data_dir, progress)


def _allow_many_sockets() -> None:
    """As many descriptors as this account may have; the servers inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main())
