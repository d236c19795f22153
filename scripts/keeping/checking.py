"""Whether what was brought back keeps the laws of the desk, and has every row and file that its backup has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg

from database.clock import SystemClock
from database.pool import Database
from database.queries import load_queries
from database.servers import connect
from database.settings import DatabaseSettings
from kb_index.encoders import Encoders
from kb_index.errors import IndexMismatch
from kb_index.versions import IndexVersions
from router.settings import Settings
from router.uploads.receiving import key_of, preview_key_of
from scripts.keeping.manifest import Manifest, Progress

_LAWS = {
    "gaps_in_logs": "conversations whose log has gaps",
    "gaps_in_notes": "conversations whose notes have gaps",
    "strays_in_logs": "events of no conversation",
    "answers_before_questions": "answers to what was not said yet",
}


async def faults_of(dsn: str, manifest: Manifest, progress: Progress) -> list[str]:
    """What is wrong, a line for each; empty: all is well."""
    connection = await connect(dsn, timeout=10)
    try:
        await connection.execute("set statement_timeout = 0")
        steps = [_rows(connection, manifest), _laws(connection), _files(connection, manifest)]
        faults = []
        for number, step in enumerate(steps):
            faults += [fault async for fault in step]
            progress("checking the database", number + 1, len(steps))
        return faults
    finally:
        await connection.close()


async def _rows(connection: asyncpg.Connection[asyncpg.Record], manifest: Manifest) -> AsyncIterator[str]:
    sql = load_queries(__file__)
    here = {row["name"] for row in await connection.fetch(sql["tables"])}
    for name, expected in manifest.tables.items():
        found = await connection.fetchval(sql["rows_of"], name) if name in here else None
        if found != expected:
            back = "no table" if found is None else f"{found:,}"
            yield f"{name}: {expected:,} rows in the backup, {back} brought back"


async def _laws(connection: asyncpg.Connection[asyncpg.Record]) -> AsyncIterator[str]:
    sql = load_queries(__file__)
    for statement, said in _LAWS.items():
        count = await connection.fetchval(sql[statement])
        if count:
            yield f"{count:,} {said}"


async def _files(connection: asyncpg.Connection[asyncpg.Record], manifest: Manifest) -> AsyncIterator[str]:
    """A file that was taken away while the backup was being made is missing, and nobody is to have it."""
    sql, kept = load_queries(__file__), {each.path: each for each in manifest.files}
    for row in await connection.fetch(sql["uploads_stored"]):
        wanted = [key_of(row["id"])] + ([preview_key_of(row["id"])] if row["has_preview"] else [])
        for key in wanted:
            if f"uploads/{key}" not in kept:
                yield f"uploads/{key}: the database knows it, the backup has it not"
    for row in await connection.fetch(sql["archives_kept"]):
        found = kept.get(f"archive/{row['path']}")
        if found is None or (found.sha256, found.bytes) != (row["sha256"], row["bytes"]):
            yield f"archive/{row['path']}: it is not what the database knows"


async def load_index(dsn: str, settings: Settings, folder: Path, manifest: Manifest) -> str:
    """Loads the index that was served, and says so. Raises what forbids it: `KnowledgeError`, `ModelUnavailable`."""
    if manifest.serving is None:
        return "no index was served"
    database = Database(dsn, DatabaseSettings())
    await database.start()
    try:
        await database.wait_ready(10)
        versions = IndexVersions(database, folder, settings.index, SystemClock())
        version = await versions.get(manifest.serving)
        await versions.layers.bring(version.tuned)
        encoder = await asyncio.to_thread(Encoders(settings.encoder, folder).load, version.tuned)
        try:
            index = await versions.load(manifest.serving, encoder)
        except IndexMismatch:
            return f"index version {manifest.serving} is of another encoder than this one: the start builds it anew"
        return f"index version {manifest.serving} loads, {len(index.articles):,} articles"
    finally:
        await database.close()
