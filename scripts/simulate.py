"""`python -m scripts.simulate`: a busy day under a virtual clock, our order of the line beside two others.

Needs neither database nor server: who is next and who gets it are decided by the very functions that the desk uses.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import msgspec

from bench.day.crowd import make_day
from bench.day.figures import figures
from bench.day.orders import first_come_first_served, ours, strict_priority
from bench.day.plot import picture
from bench.day.report import table
from bench.day.run import play
from router.settings import SettingsError, load_settings
from scripts.progress import ProgressBars

_FEWEST_CALLERS, _MOST_CALLERS = 100, 50_000
_FEWEST_WORKERS, _MOST_WORKERS = 8, 1_000


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 on a failure told in one line, 2 on wrong usage."""
    options = _parse(argv)
    try:
        settings = load_settings([], os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    day = make_day(callers=options.callers, workers=options.agents, seed=options.seed)
    fair = first_come_first_served()
    orders = [ours(settings.routing), fair, strict_priority(settings.routing)]
    days = {}
    with ProgressBars() as progress:
        for number, order in enumerate(orders):
            progress("playing the day", number, len(orders))
            days[order.name] = play(day, order)
    told = [figures(order, days[order.name], days[fair.name], settings.tiers) for order in orders]
    if options.plot is not None:
        try:
            options.plot.parent.mkdir(parents=True, exist_ok=True)
            options.plot.write_text(picture(days, settings.tiers), encoding="utf-8")
        except OSError as error:
            print(f"{options.plot}: {error.strerror}", file=sys.stderr)
            return 1
    if options.json:
        print(msgspec.json.format(msgspec.json.encode([asdict(day) for day in told])).decode())
    else:
        print(table(told))
        if options.plot is not None:
            print(f"\nwaits over the day: {options.plot}")
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.simulate",
        description="Plays a busy day (peaks, a flood of important customers, agents who vanish) under our order of "
        "the line, first come first served and strict priority, and tells how long people waited.",
    )
    parser.add_argument("--callers", type=_within(_FEWEST_CALLERS, _MOST_CALLERS), default=5_000, metavar="N")
    parser.add_argument("--agents", type=_within(_FEWEST_WORKERS, _MOST_WORKERS), default=40, metavar="N")
    parser.add_argument("--seed", type=int, default=20_261_123, help="another seed makes another day")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="also draw the waits over the day")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args(argv)


class _within:
    """A whole number between two others, as an argument's type."""

    def __init__(self, low: int, high: int) -> None:
        self._low = low
        self._high = high

    def __call__(self, text: str) -> int:
        value = int(text)
        if not self._low <= value <= self._high:
            raise argparse.ArgumentTypeError(f"from {self._low:,} to {self._high:,}")
        return value


if __name__ == "__main__":
    sys.exit(main())
