"""`python -m scripts.capacity`: how many cores, how much memory and disk a number of conversations a day takes.

Computes only; what it computes from is measured by `make bench` and may be given here.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields, replace

import msgspec

from bench.capacity import Costs, Demand, capacity_table, need_of

_DAYS = (1_000, 10_000, 100_000, 1_000_000)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 2 on wrong usage."""
    options = _parse(argv)
    given = {name: value for name, value in vars(options).items() if value is not None}
    costs = Costs(**{each.name: given[each.name] for each in fields(Costs) if each.name in given})
    demand = Demand(**{each.name: given[each.name] for each in fields(Demand) if each.name in given})
    needs = [need_of(replace(demand, conversations=count), costs) for count in options.a_day]
    print(msgspec.json.format(msgspec.json.encode(needs)).decode() if options.json else capacity_table(needs))
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.capacity", description=__doc__.partition("\n")[0])
    parser.add_argument("a_day", nargs="*", type=_count, metavar="CONVERSATIONS", help="a day (1000 to 1000000)")
    for kind in (Costs, Demand):
        for each in fields(kind):
            if each.name != "conversations":
                option = f"--{each.name.replace('_', '-')}"
                parser.add_argument(option, type=_amount, metavar="X", help=f"default {each.default:g}")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    options = parser.parse_args(argv)
    options.a_day = options.a_day or list(_DAYS)
    return options


def _count(text: str) -> int:
    count = int(text.replace(",", "").replace("_", ""))
    if count < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return count


def _amount(text: str) -> float:
    amount = float(text)
    if not 0 < amount < 1e9:
        raise argparse.ArgumentTypeError("must be more than 0")
    return amount


if __name__ == "__main__":
    sys.exit(main())
