"""`python -m scripts.chaos`: servers, Postgres, Redis and the network break while sixty chats talk; then all is judged.

Everything is started for it on loopback ports, beside whatever else runs, and removed afterwards.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import uvloop

from database.errors import DatabaseError
from models.hashing_encoder import HashingEncoder
from models.heads.kept import heads_for
from models.settings import EncoderSettings
from scripts.progress import ProgressBars
from tests.chaos.control import loss_without_durability
from tests.chaos.faults import short, whole, with_workers
from tests.chaos.play import Outcome, Plan, play
from tests.chaos.report import table


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 where every law held and the control run failed as it must, 1 otherwise, 2 on wrong usage."""
    options = _parse(argv)
    began = time.monotonic()
    logging.getLogger("engineio.client").setLevel(logging.ERROR)  # a lost connection is no news here
    heads_for(HashingEncoder(), EncoderSettings().cache_path)
    try:
        return uvloop.run(_run(options, began))
    except (DatabaseError, OSError, ExceptionGroup, AssertionError) as error:
        print(f"the run broke off: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.chaos", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--short", action="store_true", help="what `make test` does: a minute")
    parser.add_argument("--nodes", type=int, choices=(1, 2, 3), default=2, help="server processes (2)")
    parser.add_argument("--workers", type=int, metavar="N", help="only the part in which each node has N workers (2)")
    parser.add_argument("--without-redis", action="store_true", help="the nodes share nothing but Postgres")
    parser.add_argument("--customers", type=int, default=60, metavar="N", help="chats at once (60)")
    parser.add_argument("--no-control", action="store_true", help="leave the control run out, which must lose messages")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep here what the servers printed")
    return parser.parse_args(argv)


async def _run(options: argparse.Namespace, began: float) -> int:
    """Nodes of one process each, then nodes with workers, then the run that has to fail."""
    redis = not options.without_redis
    common = Plan(
        acts=short(redis=redis) if options.short else whole(redis=redis),
        nodes=options.nodes,
        redis=redis,
        customers=options.customers,
        outbox_seconds=10 if options.short else 200,
        told_within=15.0 if redis else None,  # without it no node hears of what another one committed
    )
    workers = replace(common, acts=with_workers(redis=redis), workers=options.workers or 2)
    plans = [workers] if options.workers else [common] if options.short else [common, workers]
    fine, lost = True, None
    with tempfile.TemporaryDirectory(prefix="yingda-chaos-") as folder, ProgressBars() as progress:
        for number, plan in enumerate(plans):
            outcome = await play(plan, Path(folder) / f"run-{number}", progress)
            if options.logs is not None:
                _keep(options.logs / f"{plan.workers}-workers", outcome)
            print(f"\n{plan.nodes} nodes, workers in each: {plan.workers}\n\n{table(outcome)}")
            print(f"\n{len(outcome.evidence.words):,} texts of {options.customers} customers and their agents, "
                  f"{len(outcome.acts)} faults, {time.monotonic() - began:.0f} s")  # fmt: skip
            fine = fine and not outcome.violations
        if not (options.short or options.workers or options.no_control):
            progress("the control run without durability", 0, 1)
            lost = await loss_without_durability(Path(folder) / "control")
    if lost is not None:
        print(f"control run (synchronous_commit=off, Postgres crashes): {lost} acknowledged messages lost, as it must")
    return 0 if fine and lost != 0 else 1


def _keep(folder: Path, outcome: Outcome) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, printed in outcome.printed.items():
        (folder / f"node-{name}.log").write_text(printed, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
