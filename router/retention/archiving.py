"""Moves months of the log whose conversations ended long ago into files, and takes the oldest files away.

A file is written whole, stored, fetched again and opened block by block before the part leaves the log, in the
transaction that notes where everything stands; a part that changed meanwhile stays, and the next run tries again. What
of a month is not over yet goes back into the log.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import secrets
import struct
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING
from uuid import UUID

import asyncpg
from asyncpg import Record

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.errors import YingdaError
from router.retention.blocks import FORMAT, KEY_BYTES, BlockBroken, seal, unseal
from router.retention.months import Month, moment_of
from router.retention.partitions import Partition, Partitions
from router.retention.settings import RetentionSettings
from router.uploads.storage import Storage

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]

_AT_ONCE = 500  # conversations
_TRIES = 5
_PATIENCE_SECONDS = 600
_ORPHANED_AFTER = timedelta(days=1)
#: Before each block, for whoever reads a file from its beginning: conversation, first seq, bytes.
_HEAD = struct.Struct(">16sII")
_NOBODY = UUID(int=0)


class ArchiveUntrue(YingdaError):
    """What was stored is not what was written; nothing was taken out of the log."""


@dataclass(frozen=True, slots=True)
class Due:
    """A part that may go, and how many conversations of it."""

    part: Partition
    conversations: int


@dataclass(slots=True)
class Written:
    """A file while it is being written, and where its blocks stand."""

    id: UUID
    path: str
    events: int = 0
    notes: int = 0
    size: int = 0
    places: list[tuple[UUID, int, int, int, int, UUID, int, int, bytes]] = field(default_factory=list, repr=False)
    hash: bytes = b""


class Archiving:
    """Any number of servers may run it: one works, the others leave it alone."""

    def __init__(
        self,
        database: Database,
        storage: Storage,
        folder: Path,
        partitions: Partitions,
        clock: Clock,
        settings: RetentionSettings,
    ) -> None:
        """``folder``: where files are written before they are stored."""
        self._database = database
        self._folder = folder
        self._storage = storage
        self._partitions = partitions
        self._clock = clock
        self._settings = settings
        self._sql = load_queries(__file__)

    async def tick(self) -> None:
        """Archives one month that is due, and ends what is kept no longer. Raises `StorageAway`, `ArchiveUntrue`."""
        async with self._alone() as connection:
            if connection is not None:
                due = await self.due()
                if due:
                    await self.archive(connection, due[0], lambda *_: None)
                await self._end_old()
                await self._take_orphans_away()
        await self._database.execute(self._sql["forget_erased"])

    async def run(self, progress: Progress) -> list[Written]:
        """Archives everything that is due, now; what another server is archiving is not done twice."""
        done = []
        async with self._alone() as connection:
            for due in await self.due() if connection is not None else ():
                assert connection is not None
                written = await self.archive(connection, due, progress)
                if written is not None:
                    done.append(written)
            await self._end_old()
        return done

    async def due(self) -> list[Due]:
        """Parts of months that are over for so long, the oldest first, with conversations that may go."""
        if self._settings.online_months is None:
            return []
        border = Month.of(self._clock.now()).plus(-self._settings.online_months)
        found = []
        for part in await self._partitions.listed():
            if part.is_rest or part.high is None or part.high > border.low:
                continue
            async with self._database.transaction() as connection:
                await connection.execute(self._sql["unlimited_time"])
                going = await connection.fetchval(
                    self._sql["part_contents"], part.low, part.high, border.begins, timeout=_PATIENCE_SECONDS
                )
            if going:
                found.append(Due(part, going))
        return found

    async def archive(self, connection: PooledConnection, due: Due, progress: Progress) -> Written | None:
        """One part; None where it changed while it was being read."""
        name = due.part.name
        async with connection.transaction():
            await connection.execute(self._sql["unlimited_time"])
            before = await connection.fetchrow(self._sql["print_of_part"], name, timeout=_PATIENCE_SECONDS)
        written = Written(uuid7(), f"{name}-{secrets.token_hex(8)}.archive")
        with tempfile.NamedTemporaryFile(dir=self._folder) as file:  # mode 0600
            await self._write(connection, due, file, written, progress)
            await self._storage.put(written.path, Path(file.name))
        try:
            await self._check(written, progress)
            moved = await self._take_out(connection, name, written, before)
        except BaseException:
            await self._storage.delete(written.path)
            raise
        if not moved:
            await self._storage.delete(written.path)
            log.info("a part of the log changed while it was archived: later", extra={"part": name})
            return None
        log.info("a part of the log was archived", extra={"part": name, "conversations": len(written.places)})
        return written

    async def _write(
        self, connection: PooledConnection, due: Due, file: IO[bytes], written: Written, progress: Progress
    ) -> None:
        assert due.part.high is not None
        digest = hashlib.sha256(FORMAT)
        file.write(FORMAT)
        written.size = len(FORMAT)
        last = due.part.low or _NOBODY
        border = self._border()
        while ids := [
            row["id"] for row in await connection.fetch(self._sql["going"], last, due.part.high, border, _AT_ONCE)
        ]:
            last = ids[-1]
            events = _by_conversation(await connection.fetch(self._sql["events_of"], ids))
            notes = _by_conversation(await connection.fetch(self._sql["notes_of"], ids))
            for id_ in ids:
                said, noted = events[id_], notes[id_]
                key = secrets.token_bytes(KEY_BYTES)
                block = seal(id_, said, noted, key)
                head = _HEAD.pack(id_.bytes, said[0]["seq"], len(block))
                starts = written.size + len(head)
                for piece in (head, block):
                    file.write(piece)
                    digest.update(piece)
                written.size = starts + len(block)
                first_note, last_note = (noted[0]["note_seq"], noted[-1]["note_seq"]) if noted else (0, 0)
                written.places.append(
                    (id_, said[0]["seq"], said[-1]["seq"], first_note, last_note, written.id, starts, len(block), key)
                )
                written.events += len(said)
                written.notes += len(noted)
            await asyncio.sleep(0)  # others get their turn
            progress(f"archiving {due.part.name}", len(written.places), due.conversations)
        file.flush()
        os.fsync(file.fileno())
        written.hash = digest.digest()

    async def _check(self, written: Written, progress: Progress) -> None:
        """Fetches the file and opens every block. Raises `ArchiveUntrue`."""
        digest, held, begins = hashlib.sha256(), bytearray(), 0
        places = iter(written.places)
        place = next(places, None)
        events = opened = 0
        async with self._storage.read(written.path) as chunks:
            async for chunk in chunks:
                digest.update(chunk)
                held += chunk
                while place is not None and begins + len(held) >= place[6] + place[7]:
                    try:
                        block = bytes(held[place[6] - begins : place[6] - begins + place[7]])
                        events += len(unseal(place[0], block, place[8])[0])
                    except BlockBroken as fault:
                        raise ArchiveUntrue from fault
                    del held[: place[6] - begins + place[7]]
                    begins = place[6] + place[7]
                    place = next(places, None)
                    opened += 1
                await asyncio.sleep(0)
                progress("reading it again", opened, len(written.places))
        if digest.digest() != written.hash or place is not None or events != written.events:
            raise ArchiveUntrue

    async def _take_out(self, connection: PooledConnection, name: str, written: Written, before: Record | None) -> bool:
        """False where the part is not as it was. Whoever uses the log goes first; after some tries it stays, too."""
        for _ in range(_TRIES):
            try:
                async with connection.transaction():
                    await connection.execute(self._sql["wait_briefly"])
                    await connection.execute(self._sql["unlimited_time"])
                    await connection.execute(self._sql["lock_part"], name)
                    if await connection.fetchrow(self._sql["print_of_part"], name, timeout=_PATIENCE_SECONDS) != before:
                        return False
                    await self._note(connection, name, written)
                    kept = await connection.fetchval(
                        self._sql["drop_part"], name, written.id, timeout=_PATIENCE_SECONDS
                    )
                    log.info("events stay in the log", extra={"part": name, "events": kept})
                    return True
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                await asyncio.sleep(1)
        return False

    async def _note(self, connection: PooledConnection, name: str, written: Written) -> None:
        await connection.execute(
            self._sql["add_archive"], written.id, name, written.path, written.size, written.hash,
            len(written.places), written.events, written.notes, self._clock.now(),
        )  # fmt: skip
        await connection.copy_records_to_table(
            "archived_conversations",
            records=written.places,
            columns=(
                "conversation_id", "first_seq", "last_seq", "first_note_seq", "last_note_seq", "archive_id", "starts",
                "bytes", "key",
            ),
        )  # fmt: skip
        for statement in ("forget_notes", "forget_words"):
            await connection.execute(self._sql[statement], written.id)

    async def _end_old(self) -> None:
        """Files that were made too long ago go for good, and with them what the settings say."""
        if self._settings.archived_months is None:
            return
        now = self._clock.now()
        border = Month.of(now).plus(-self._settings.archived_months).begins
        for row in await self._database.fetch(self._sql["ended_archives"], border, 10):
            emptied = set(self._settings.emptied)
            async with self._database.transaction() as connection:
                await connection.execute(
                    self._sql["empty_conversations"], row["id"], "cards" in emptied, "pages" in emptied
                )
                if "files" in emptied:
                    await connection.execute(self._sql["empty_files"], row["id"], now)
                await connection.execute(self._sql["end_archive"], row["id"], now)
            await self._storage.delete(row["path"])  # where this fails, it is an orphan
            log.info("an archive was kept long enough", extra={"path": row["path"]})

    async def _take_orphans_away(self) -> None:
        """Files that no row knows: of runs that were cut off."""
        known = {row["path"] for row in await self._database.fetch(self._sql["archive_paths"])}
        for path, changed_at in await self._storage.listed():
            if path not in known and self._clock.now() - changed_at > _ORPHANED_AFTER:
                await self._storage.delete(path)

    def _border(self) -> datetime:
        assert self._settings.online_months is not None
        return Month.of(self._clock.now()).plus(-self._settings.online_months).begins

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[PooledConnection | None]:
        """A connection while no other server archives; None where one does."""
        async with self._database.connection() as connection:
            if not await connection.fetchval(self._sql["lock_archiving"]):
                yield None
                return
            try:
                yield connection
            finally:
                if not connection.is_closed():
                    await connection.fetchval(self._sql["unlock_archiving"])


def _by_conversation(rows: Sequence[Record]) -> defaultdict[UUID, list[Record]]:
    found: defaultdict[UUID, list[Record]] = defaultdict(list)
    for row in rows:
        found[row["conversation_id"]].append(row)
    return found


def months_of(part: Partition) -> str:
    """What a part holds, for people: ``until 2025-11`` or ``2026-11``."""
    if part.low is not None:
        return f"{moment_of(part.low):%Y-%m}"
    return "before" if part.high is None else f"before {moment_of(part.high):%Y-%m}"
