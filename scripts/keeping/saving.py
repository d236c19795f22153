"""Makes a backup: the database as it is at one moment, and every file that it knows at that moment.

The order keeps both together: files are stored before the database knows them and are never changed, so whatever
the database knew at its moment is there when it is copied afterwards. A file that was taken away meanwhile was to be
forgotten, and is.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from database.clock import Clock
from database.queries import load_queries
from database.servers import connect
from router.errors import NotFound
from router.settings import Settings
from router.uploads.receiving import key_of, preview_key_of
from router.uploads.storage import Storage, open_storage, open_store
from scripts.keeping.manifest import (
    DUMP,
    FORMAT,
    SECRETS,
    BackupUnusable,
    Kept,
    Manifest,
    Progress,
    kept,
    write_manifest,
)
from scripts.keeping.programs import find_program, run_program
from scripts.keeping.sealing import seal_folder

#: Folders below the data folder that a desk cannot do without, or is slow to make again.
FOLDERS = ("pictures", "index")
_SMALLER = 5  # a dump is about so many times smaller than its database


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    folder: Path
    manifest: Manifest


async def make_backup(
    settings: Settings, dsn: str, parent: Path, clock: Clock, progress: Progress, passphrase: str | None
) -> Made:
    """A new folder below ``parent``, whole or not at all; ``passphrase``: the keys go along, sealed by it.

    Raises `BackupUnusable`, `StorageAway`, `OSError`.
    """
    name = f"yingda-{clock.now():%Y%m%d-%H%M%S}"
    target, draft = parent / name, parent / f".{name}.unfinished"
    if target.exists():
        raise BackupUnusable(f"{target}: there is one already")
    parent.mkdir(parents=True, exist_ok=True)
    draft.mkdir(mode=0o700)
    try:
        manifest = await _Saving(settings, dsn, draft, progress).run(clock, passphrase)
        write_manifest(draft, manifest)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return Made(target, manifest)


class _Saving:
    def __init__(self, settings: Settings, dsn: str, folder: Path, progress: Progress) -> None:
        self._settings = settings
        self._dsn = dsn
        self._folder = folder
        self._progress = progress
        self._sql = load_queries(__file__)
        self._files: list[Kept] = []

    async def run(self, clock: Clock, passphrase: str | None) -> Manifest:
        connection = await connect(self._dsn, timeout=10)
        try:
            await connection.execute("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0")
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                made_at = clock.now()
                about = await connection.fetchrow(self._sql["about"])
                assert about is not None
                await self._dump(await connection.fetchval(self._sql["share_snapshot"]), about)
                tables = await self._count(connection)
                uploads = await connection.fetch(self._sql["uploads_stored"])
                archives = await connection.fetch(self._sql["archives_kept"])
        except asyncpg.UndefinedTableError as error:
            raise BackupUnusable("the database is empty: there is nothing to back up") from error
        finally:
            await connection.close()
        await self._copy_uploads([(row["id"], row["has_preview"]) for row in uploads])
        await self._copy_archives([row["path"] for row in archives])
        for name in FOLDERS:
            self._copy_folder(name)
        if passphrase is not None:
            sealed = self._folder / SECRETS
            sealed.write_bytes(seal_folder(self._settings.data_dir / "secrets", passphrase))
            self._files.append(kept(self._folder, sealed))
        return Manifest(
            format=FORMAT,
            made_at=made_at,
            migration=about["migration"],
            postgres=about["postgres"],
            serving=about["serving"],
            tables=tables,
            files=self._files,
            has_secrets=passphrase is not None,
        )

    async def _dump(self, snapshot: str, about: asyncpg.Record) -> None:
        program = await find_program("pg_dump", about["major"])
        dump, expected = self._folder / DUMP, max(about["bytes"] // _SMALLER, 1)

        def look() -> None:
            size = dump.stat().st_size if dump.exists() else 0
            self._progress("dumping the database", min(size, expected), expected)

        await run_program(
            program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={dump}",
            dsn=self._dsn, meanwhile=look,
        )  # fmt: skip
        self._files.append(kept(self._folder, dump))

    async def _count(self, connection: asyncpg.Connection[asyncpg.Record]) -> dict[str, int]:
        names = [row["name"] for row in await connection.fetch(self._sql["tables"])]
        counted = {}
        for number, name in enumerate(names):
            counted[name] = await connection.fetchval(self._sql["rows_of"], name)
            self._progress("counting rows", number + 1, len(names))
        return counted

    async def _copy_uploads(self, rows: list[tuple[UUID, bool]]) -> None:
        storage = open_storage(self._settings.uploads, self._settings.data_dir / "uploads")
        for number, (id_, has_preview) in enumerate(rows):
            await self._copy(storage, "uploads", key_of(id_))
            if has_preview:
                await self._copy(storage, "uploads", preview_key_of(id_))
            self._progress("copying files", number + 1, len(rows))

    async def _copy_archives(self, paths: list[str]) -> None:
        url = self._settings.retention.archive_url
        storage = open_store(url, self._settings.uploads, self._settings.data_dir / "archive")
        for number, path in enumerate(paths):
            await self._copy(storage, "archive", path)
            self._progress("copying the archive", number + 1, len(paths))

    async def _copy(self, storage: Storage, folder: str, key: str) -> None:
        """One that is not there any more was taken away since the database's moment."""
        path = self._folder / folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            async with storage.read(key) as chunks:
                with path.open("wb") as file:
                    async for chunk in chunks:
                        file.write(chunk)
        except NotFound:
            return
        self._files.append(kept(self._folder, path))

    def _copy_folder(self, name: str) -> None:
        source = self._settings.data_dir / name
        for path in sorted(source.rglob("*")) if source.is_dir() else ():
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                copy = self._folder / name / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
                self._files.append(kept(self._folder, copy))
