"""`python -m scripts.outbox`: what became of notices, and dead letters once more; it shows no address and no text."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from database.clock import SystemClock
from database.opening import open_database
from router.notifications.deliveries import Deliveries
from router.settings import load_settings
from scripts.opening import run, say_if_watched

_STATES = ("pending", "sending", "sent", "failed", "dead")
_PAGE = 200


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.outbox",
        description="List what the desk sends by mail, SMS, group chat and webhook; send dead letters again.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="list deliveries, the newest first (default: dead letters)")
    listing.add_argument("--state", choices=_STATES, default="dead")
    listing.add_argument("--endpoint", help="mail, sms, robot:NAME or webhook:ID")
    listing.add_argument("--limit", type=_count, default=50, help="how many at most (default: 50)")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    retry = commands.add_parser("retry", help="send dead letters once more; the running server does it")
    what = retry.add_mutually_exclusive_group(required=True)
    what.add_argument("ids", nargs="*", type=UUID, default=[], metavar="ID", help="as `list` shows them")
    what.add_argument("--endpoint", help="all of mail, sms, robot:NAME or webhook:ID")
    what.add_argument("--all", action="store_true", help="all there are")
    return parser


async def work(options: argparse.Namespace) -> int:
    """The exit status."""
    settings = load_settings([], os.environ)
    database, embedded = await open_database(
        settings.database, settings.data_dir, on_status=say_if_watched, clock=SystemClock()
    )
    try:
        deliveries = Deliveries(database, SystemClock(), kept_days=settings.notifications.kept_days)
        if options.command == "retry":
            ids = None if options.all or options.endpoint else options.ids
            count = await deliveries.retry(ids, options.endpoint)
            print(f"{count} to be sent again")
            return 0 if count or options.all else 1
        await _list(deliveries, options)
        return 0
    finally:
        await database.close()
        if embedded is not None:
            await embedded.stop()


async def _list(deliveries: Deliveries, options: argparse.Namespace) -> None:
    before: UUID | None = None
    left: int = options.limit
    while left > 0:
        rows, more = await deliveries.page([options.state], options.endpoint, before, min(left, _PAGE))
        for row in rows:
            _show(_line(row), as_json=options.json)
        left -= len(rows)
        if not more:
            break
        before = rows[-1]["id"]
    if options.state == "dead" and options.endpoint is None:
        for row in await deliveries.untold(options.limit):
            line = {"id": str(row["id"]), "at": row["at"].isoformat(), "kind": row["kind"], "trouble": row["trouble"]}
            _show({**line, "endpoint": "-", "state": "untold", "tries": 0}, as_json=options.json)


def _line(row: Any) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "at": row["made_at"].isoformat(),
        "state": row["state"],
        "endpoint": row["endpoint"],
        "kind": row["kind"],
        "tries": row["tries"],
        "trouble": row["trouble"] or "",
    }


def _show(line: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(line, ensure_ascii=False))
        return
    at = line["at"][:19].replace("T", " ")
    print(f"{line['id']}  {at}  {line['endpoint']}  {line['kind']}  {line['tries']} tries  {line['trouble']}".rstrip())


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return count


def main(argv: Sequence[str]) -> int:
    options = arguments().parse_args(list(argv))
    if options.command == "retry" and not (options.ids or options.endpoint or options.all):
        arguments().error("retry: name ids, --endpoint or --all")
    return run(lambda: work(options))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
