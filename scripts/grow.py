"""`python -m scripts.grow`: fills an empty database with a made-up past of a million messages, to try."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.growth.filling import NotEmpty, fill
from bench.growth.past import Shape
from database.opening import open_database
from router.settings import load_settings
from scripts.opening import run, say, say_if_watched
from scripts.progress import ProgressBars


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 on a failure told in one line, 2 on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.grow",
        description="Fills an empty database with made-up customers, agents, conversations and all that belongs to "
        "them. Only for trying out: a database with conversations is refused.",
    )
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many (1000000)")
    parser.add_argument("--months", type=int, default=12, help="over how many months up to now (12)")
    options = parser.parse_args(argv)
    if options.messages < 1 or not 1 <= options.months <= 120:
        parser.error("at least one message, and 1 to 120 months")
    return run(lambda: _grow(Shape(messages=options.messages, months=options.months)))


async def _grow(shape: Shape) -> int:
    settings = load_settings([], os.environ)
    database, embedded = await open_database(settings.database, settings.data_dir, on_status=say_if_watched)
    try:
        with ProgressBars() as progress:
            written = await asyncio.create_task(fill(database.dsn, shape, datetime.now(UTC), progress))
        print(f"{written:,} messages written")
        return 0
    except NotEmpty as refusal:
        say(str(refusal))
        return 1
    finally:
        await database.close()
        if embedded is not None:
            await embedded.stop()


if __name__ == "__main__":
    sys.exit(main())
