"""`python -m scripts.restore BACKUP`: brings a backup back, or only makes sure that it could (--verify)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from router.settings import load_settings
from router.uploads.storage import StorageAway
from scripts.keeping.manifest import BackupUnusable
from scripts.keeping.restoring import restore, verify
from scripts.keeping.sealing import PASSPHRASE
from scripts.opening import run, say
from scripts.progress import ProgressBars


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 on a failure told in one line, 2 on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.restore",
        description="Brings a backup back into the configured database and data folder, which have to be empty, while "
        f"no server runs. Keys come back where the passphrase stands in {PASSPHRASE}.",
    )
    parser.add_argument("backup", type=Path, metavar="BACKUP", help="a folder that scripts.backup has written")
    parser.add_argument(
        "--verify",
        action="store_true",
        help="change nothing: bring it back into a database of its own, check rows, logs, files, index, throw it away",
    )
    parser.add_argument("--replace", action="store_true", help="in the place of what the database holds now")
    options = parser.parse_args(argv)
    if options.verify and options.replace:
        parser.error("--verify changes nothing: --replace does not go with it")
    return run(lambda: _restore(options))


async def _restore(options: argparse.Namespace) -> int:
    settings = load_settings([], os.environ)
    try:
        with ProgressBars() as progress:
            if options.verify:
                well = await verify(options.backup, settings, progress)
            else:
                passphrase = os.environ.get(PASSPHRASE) or None
                manifest = await restore(
                    options.backup, settings, progress, replace=options.replace, passphrase=passphrase
                )
    except (BackupUnusable, StorageAway) as error:
        say(str(error))
        return 1
    if options.verify:
        print("\n".join(well))
        return 0
    print(f"brought back: {sum(manifest.tables.values()):,} rows as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC, "
          f"{len(manifest.files):,} files")  # fmt: skip
    if manifest.has_secrets and passphrase is None:
        say(f"the keys of the backup stay sealed: give the passphrase in {PASSPHRASE}, or bring the keys yourself")
    return 0


if __name__ == "__main__":
    sys.exit(main())
