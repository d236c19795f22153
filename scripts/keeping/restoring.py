"""Brings a backup back: into the configured desk where that is empty or is told to go, or on trial beside it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg

from database.embedded import EmbeddedPostgres
from database.queries import load_queries
from database.servers import connect
from router.settings import Settings
from router.uploads.storage import open_storage, open_store
from scripts.keeping.checking import faults_of, load_index
from scripts.keeping.manifest import DUMP, SECRETS, BackupUnusable, Manifest, Progress, check_files, read_manifest
from scripts.keeping.programs import find_program, run_program
from scripts.keeping.saving import FOLDERS
from scripts.keeping.sealing import open_sealed, put_keys

_EXPECTED_SECONDS = 20


async def verify(folder: Path, settings: Settings, progress: Progress) -> list[str]:
    """Brings the backup back into a database of its own, checks everything, throws it away; what was found well.

    Raises `BackupUnusable` with everything that is wrong.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest, progress)
    with tempfile.TemporaryDirectory(prefix="yingda-verify-") as made:
        data = Path(made)
        for name in ("index", "encoders"):
            if (folder / name).is_dir():
                shutil.copytree(folder / name, data / name)
        async with _own_server(data) as dsn:
            await _bring_back(folder, dsn, progress)
            faults = await faults_of(dsn, manifest, progress)
            if faults:
                raise BackupUnusable("; ".join(faults))
            index = await load_index(dsn, settings, data, manifest)
    return [
        f"{len(manifest.files):,} files are what they were",
        f"{sum(manifest.tables.values()):,} rows in {len(manifest.tables)} tables are back, no log has gaps",
        index,
    ]


async def restore(
    folder: Path, settings: Settings, progress: Progress, *, replace: bool, passphrase: str | None
) -> Manifest:
    """Into the configured database and data folder. Raises `BackupUnusable`, having changed nothing or put it back."""
    manifest = read_manifest(folder)
    check_files(folder, manifest, progress)
    keys = None
    if manifest.has_secrets and passphrase is not None:
        keys = open_sealed((folder / SECRETS).read_bytes(), passphrase)
    async with _configured(settings) as dsn:
        connection = await connect(dsn, timeout=10)
        try:
            await _into(connection, dsn, folder, progress, replace=replace)
        finally:
            await connection.close()
        faults = await faults_of(dsn, manifest, progress)
        if faults:
            raise BackupUnusable("; ".join(faults))
    await _put_files(folder, settings, manifest, progress)
    if keys is not None:
        put_keys(settings.data_dir / "secrets", keys)
    return manifest


async def _into(
    connection: asyncpg.Connection[asyncpg.Record], dsn: str, folder: Path, progress: Progress, *, replace: bool
) -> None:
    """What was here before is dropped last, and put back where something goes wrong."""
    sql = load_queries(__file__)
    if await connection.fetchval(sql["others_connected"]):
        raise BackupUnusable("a server uses this database: stop it first")
    if await connection.fetchval(sql["is_empty"]):
        await _bring_back(folder, dsn, progress)
        return
    if not replace:
        raise BackupUnusable("the database is not empty: --replace puts the backup in the place of what is there")
    async with connection.transaction():
        await connection.execute(sql["put_aside"])
        await connection.execute(sql["new_schema"])
    try:
        await _bring_back(folder, dsn, progress)
    except BaseException:
        async with connection.transaction():
            await connection.execute(sql["drop_new"])
            await connection.execute(sql["put_back"])
        raise
    await connection.execute(sql["drop_aside"])


async def _bring_back(folder: Path, dsn: str, progress: Progress) -> None:
    connection = await connect(dsn, timeout=10)
    try:
        program = await find_program("pg_restore", connection.get_server_version().major)
        steps, began = 1_000, time.monotonic()

        def look() -> None:
            """Nobody knows how long it takes: the bar comes ever nearer to its end."""
            seconds = time.monotonic() - began
            progress("bringing the database back", round(steps * seconds / (seconds + _EXPECTED_SECONDS)), steps)

        await run_program(
            program, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(folder / DUMP),
            dsn=dsn, meanwhile=look,
        )  # fmt: skip
        await connection.execute("analyze")
        progress("bringing the database back", steps, steps)
    finally:
        await connection.close()


async def _put_files(folder: Path, settings: Settings, manifest: Manifest, progress: Progress) -> None:
    """Files of another life that are here already stay; those of the backup take their place by name."""
    data = settings.data_dir
    stores = {
        "uploads": open_storage(settings.uploads, data / "uploads"),
        "archive": open_store(settings.retention.archive_url, settings.uploads, data / "archive"),
    }
    wanted = [each for each in manifest.files if each.path.split("/")[0] in (*stores, *FOLDERS)]
    for number, each in enumerate(wanted):
        name, _, key = each.path.partition("/")
        if name in stores:
            await stores[name].put(key, folder / each.path)
        else:
            target = data / each.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / each.path, target)
        progress("putting files back", number + 1, len(wanted))


@asynccontextmanager
async def _configured(settings: Settings) -> AsyncIterator[str]:
    """The database of the settings, as it is: nothing is migrated."""
    if settings.database.url is not None:
        yield settings.database.url
        return
    async with _started(settings.data_dir) as embedded:
        if not embedded.owned:
            raise BackupUnusable("a server uses this database: stop it first")
        dsn = await embedded.attach()
        assert dsn is not None
        yield dsn


@asynccontextmanager
async def _own_server(data: Path) -> AsyncIterator[str]:
    """A server for the trial alone; nothing is left of it."""
    try:
        async with _started(data) as embedded:
            dsn = await embedded.attach()
            assert dsn is not None
            yield dsn
    finally:
        note = data / "postgres" / "kept-in"
        if note.exists():  # as root it lives elsewhere
            shutil.rmtree(note.read_text(encoding="utf-8").strip(), ignore_errors=True)
        with suppress(OSError):
            shutil.rmtree(data / "postgres")


@asynccontextmanager
async def _started(data: Path) -> AsyncIterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(data)
    await embedded.start()
    try:
        yield embedded
    finally:
        await embedded.stop()
