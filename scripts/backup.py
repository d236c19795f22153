"""`python -m scripts.backup FOLDER`: database, files, archive and index of a running desk as one folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from database.clock import SystemClock
from database.opening import open_database
from router.settings import load_settings
from router.uploads.storage import StorageAway
from scripts.keeping.manifest import BackupUnusable
from scripts.keeping.saving import make_backup
from scripts.keeping.sealing import PASSPHRASE
from scripts.opening import run, say, say_if_watched
from scripts.progress import ProgressBars


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 on a failure told in one line, 2 on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.backup",
        description="Writes a new folder yingda-DATE-TIME below FOLDER: the database as it is at one moment, the files "
        "that it knows then, a manifest and SHA256SUMS. The desk goes on meanwhile.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where backups are kept")
    parser.add_argument(
        "--with-secrets", action="store_true", help=f"the keys too, sealed by the passphrase in {PASSPHRASE}"
    )
    options = parser.parse_args(argv)
    passphrase = os.environ.get(PASSPHRASE) if options.with_secrets else None
    if options.with_secrets and not passphrase:
        parser.error(f"--with-secrets needs a passphrase in {PASSPHRASE}")
    return run(lambda: _backup(options.folder, passphrase))


async def _backup(parent: Path, passphrase: str | None) -> int:
    settings, clock = load_settings([], os.environ), SystemClock()
    database, embedded = await open_database(
        settings.database, settings.data_dir, on_status=say_if_watched, clock=clock
    )
    try:
        with ProgressBars() as progress:
            made = await make_backup(settings, database.dsn, parent, clock, progress, passphrase)
        size = sum(each.bytes for each in made.manifest.files)
        print(f"{made.folder}: {sum(made.manifest.tables.values()):,} rows, {len(made.manifest.files):,} files, "
              f"{size:,} bytes")  # fmt: skip
        if not made.manifest.has_secrets:
            say("the keys (secrets/ in the data folder, or your environment) are not in it: keep them apart")
        return 0
    except (BackupUnusable, StorageAway) as error:
        say(str(error))
        return 1
    finally:
        await database.close()
        if embedded is not None:
            await embedded.stop()


if __name__ == "__main__":
    sys.exit(main())
