"""One call that opens the database for the server and for every script: a given one by URL, else the embedded one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from database.clock import Clock
from database.durability import check
from database.embedded import EmbeddedPostgres
from database.migrate import migrate
from database.pool import Database
from database.settings import DatabaseSettings


async def open_database(
    settings: DatabaseSettings,
    data_dir: Path,
    *,
    on_status: Callable[[str], None] | None = None,
    wait: bool = True,
    wait_seconds: float = 10,
    clock: Clock | None = None,
) -> tuple[Database, EmbeddedPostgres | None]:
    """A started `Database`, and the embedded server when no URL is given.

    With ``wait`` (scripts) it is there, checked and migrated on return; `DatabaseUnavailable` after ``wait_seconds``.
    Without (the server) it may still be down or recovering: call `prepare_database` once `Database.wait_ready` has
    returned. Close both in that order:
    ``await database.close()``, then ``await embedded.stop()``, which stops only what this process owns.
    """
    embedded = None
    if settings.url is None:
        embedded = EmbeddedPostgres(data_dir, on_status=on_status)
        dsn = await embedded.start(wait=wait)
    else:
        dsn = settings.url
    database = Database(dsn, settings)
    try:
        await database.start()
        if wait:
            await database.wait_ready(wait_seconds)
            await prepare_database(database, settings, clock=clock)
    except BaseException:
        await database.close()
        if embedded is not None:
            await embedded.stop()
        raise
    return database, embedded


async def prepare_database(database: Database, settings: DatabaseSettings, *, clock: Clock | None = None) -> list[str]:
    """Refuses an unsafe server, then brings the schema up to date; returns the unsafe settings that were allowed."""
    async with database.connection() as connection:
        unsafe = await check(connection, settings.allow_unsafe_durability)
    await migrate(database.dsn, clock=clock)
    return unsafe
