"""`python -m scripts.archive`: moves old months of conversations into the archive now, as the server does by itself."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from database.clock import SystemClock
from database.opening import open_database
from router.errors import YingdaError
from router.retention.archiving import ArchiveUntrue, Archiving, months_of
from router.retention.partitions import Partitions
from router.settings import load_settings
from router.uploads.storage import StorageAway, open_store
from scripts.opening import run, say, say_if_watched
from scripts.progress import ProgressBars


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 on a failure told in one line, 2 on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.archive",
        description="Moves months of conversations that ended long ago (retention.online_months) into the archive, and "
        "takes away what was kept long enough (retention.archived_months). Servers may go on meanwhile; they do the "
        "same by themselves, a month an hour.",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be moved")
    options = parser.parse_args(argv)
    return run(lambda: _archive(dry_run=options.dry_run))


async def _archive(*, dry_run: bool) -> int:
    settings, clock = load_settings([], os.environ), SystemClock()
    database, embedded = await open_database(
        settings.database, settings.data_dir, on_status=say_if_watched, clock=clock
    )
    try:
        storage = open_store(settings.retention.archive_url, settings.uploads, settings.data_dir / "archive")
        folder = settings.data_dir / "archiving"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        archiving = Archiving(database, storage, folder, Partitions(database, clock), clock, settings.retention)
        if settings.retention.online_months is None:
            print("nothing is archived: retention.online_months is null")
        elif dry_run:
            for due in await archiving.due():
                print(f"{months_of(due.part)}: {due.conversations:,} conversations would be archived")
        else:
            with ProgressBars() as progress:
                done = await archiving.run(progress)
            for each in done:
                print(f"{each.path}: {len(each.places):,} conversations, {each.events:,} events, {each.size:,} bytes")
        return 0
    except (StorageAway, ArchiveUntrue) as error:
        say(_said(error))
        return 1
    finally:
        await database.close()
        if embedded is not None:
            await embedded.stop()


def _said(error: YingdaError) -> str:
    return (type(error).__doc__ or type(error).__name__).splitlines()[0]


if __name__ == "__main__":
    sys.exit(main())
