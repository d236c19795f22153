"""Taking files in: bounded on their way, known by their content, pictures made anew, stored once under a client id."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.errors import Conflict, Invalid, RateLimited, TooLarge, Unavailable
from router.uploads.kinds import HEAD_BYTES, TAIL_BYTES, Kind, kind_of
from router.uploads.names import safe_name
from router.uploads.pictures import Bounds, Remade, remake
from router.uploads.records import Sender, SenderKind, Upload
from router.uploads.scanning import Scan
from router.uploads.settings import KindName
from router.uploads.storage import Storage

_MEGABYTE = 1024 * 1024
#: What stands in the folder of arriving files for so long arrives no more.
_FORGOTTEN_SECONDS = 3600.0
#: Pictures that wait to be made anew; each takes up to a second.
_MOST_PICTURES = 30


class KindRefused(Invalid):
    """Files of this kind cannot be sent here."""


class TooManyFiles(RateLimited):
    """That is a lot of files in a short time; try again a little later."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What one sender may send."""

    files_per_hour: int
    bytes_per_day: int


class Receiving:
    """One file from one request; what was begun and not finished leaves nothing behind but a row for a day."""

    def __init__(
        self,
        database: Database,
        storage: Storage,
        clock: Clock,
        executor: Executor,
        arriving: Path,
        *,
        kinds: Mapping[KindName, float],
        bounds: Bounds,
        quotas: Mapping[SenderKind, Quota],
        scan: Scan,
    ) -> None:
        """``arriving``: a folder for files on their way; ``kinds``: megabytes by kind; ``executor``: for pictures;
        ``scan``: looks for viruses."""
        self._database = database
        self._storage = storage
        self._clock = clock
        self._executor = executor
        self._arriving = arriving
        self._kinds = kinds
        self._bounds = bounds
        self._quotas = quotas
        self._scan = scan
        self._sql = load_queries(__file__)
        self._pictures = 0
        self._most_bytes = round(max(kinds.values(), default=0) * _MEGABYTE)

    @property
    def most_bytes(self) -> int:
        """The largest file of any kind."""
        return self._most_bytes

    async def repeated(self, sender: Sender, client_id: UUID) -> Upload | None:
        """The file that this sender has stored under this id before."""
        row = await self._database.fetchrow(self._sql["sent_before"], sender.id, client_id)
        return Upload.from_row(row) if row is not None and row["is_stored"] else None

    async def require_quota(self, sender: Sender) -> None:
        """Raises `TooManyFiles` before anything is read."""
        now, quota = self._clock.now(), self._quotas[sender.kind]
        row = await self._database.fetchrow(
            self._sql["sent_lately"], sender.id, now - timedelta(hours=1), now - timedelta(days=1)
        )
        assert row is not None
        if row["files"] >= quota.files_per_hour:
            raise TooManyFiles(retry_after=600)
        if row["bytes"] >= quota.bytes_per_day:
            raise TooManyFiles(retry_after=3600)

    async def take(self, sender: Sender, client_id: UUID, name: str | None, chunks: AsyncIterator[bytes]) -> Upload:
        """Stores a file.

        Raises `TooLarge`, `KindRefused`, `FileInfected`, `PictureBroken` for what it is, `ScannerAway` and
        `StorageAway` where it cannot be looked at or kept.
        """
        with tempfile.TemporaryDirectory(dir=self._arriving, prefix="file-") as made:
            folder = Path(made)
            path = folder / "sent"
            head = await self._receive(path, chunks)
            size = path.stat().st_size
            kind = self._admitted(kind_of(head, _tail(path, size)), size)
            await self._scan(path)
            if not kind.is_picture:
                return await self._store(sender, client_id, safe_name(name, kind), kind.type, path)
            remade = await self._remade(path, folder)
            return await self._store(
                sender,
                client_id,
                safe_name(name, remade.kind),
                remade.kind.type,
                remade.path,
                remade.preview,
                (remade.width, remade.height),
            )

    async def _remade(self, path: Path, folder: Path) -> Remade:
        """The picture made anew, one at a time; who would wait too long is told to come again."""
        if self._pictures >= _MOST_PICTURES:
            raise Unavailable("many pictures are being sent right now; try again a little later", retry_after=10)
        self._pictures += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, remake, path, folder, self._bounds)
        finally:
            self._pictures -= 1

    async def _receive(self, path: Path, chunks: AsyncIterator[bytes]) -> bytes:
        """Writes what comes; the beginning of it. Stops at the largest size of any kind."""
        head, size = b"", 0
        with path.open("wb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > self._most_bytes:
                    raise _too_large(self._most_bytes)
                if len(head) < HEAD_BYTES:
                    head = (head + chunk)[:HEAD_BYTES]
                file.write(chunk)
        if not size:
            raise Invalid("the file is empty")
        return head

    def _admitted(self, kind: Kind | None, size: int) -> Kind:
        if kind is None or kind.name not in self._kinds:
            raise KindRefused(kinds=sorted(self._kinds))
        limit = round(self._kinds[kind.name] * _MEGABYTE)
        if size > limit:
            raise _too_large(limit)
        return kind

    async def _store(
        self,
        sender: Sender,
        client_id: UUID,
        name: str,
        type_: str,
        path: Path,
        preview: Path | None = None,
        sides: tuple[int | None, int | None] = (None, None),
    ) -> Upload:
        """The row first: bytes without a row would stay for ever."""
        begun = await self._database.fetchrow(
            self._sql["begin"], uuid7(), sender.kind, sender.id, client_id, name, type_, path.stat().st_size, *sides,
            preview is not None, self._clock.now(),
        )  # fmt: skip
        if begun is None:  # another request with this id was faster
            earlier = await self.repeated(sender, client_id)
            if earlier is None:
                raise Conflict("this file is being stored already; ask again")
            return earlier
        upload = Upload.from_row(begun)
        await self._storage.put(key_of(upload.id), path)
        if preview is not None:
            await self._storage.put(preview_key_of(upload.id), preview)
        await self._database.execute(self._sql["stored"], upload.id, self._clock.now())
        return upload


def key_of(upload_id: UUID) -> str:
    """Where a file's bytes are; a few thousand files in a folder, by the random end of the id."""
    return f"{upload_id.hex[-2:]}/{upload_id.hex}"


def preview_key_of(upload_id: UUID) -> str:
    return f"{key_of(upload_id)}.preview"


def open_arriving(folder: Path) -> Path:
    """The folder for files on their way, emptied of what an earlier life left there; other processes may receive into
    it now."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob("file-*"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _FORGOTTEN_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    return folder


def _tail(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL_BYTES))
        return file.read()


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the file is larger than {limit / _MEGABYTE:g} MB", limit=limit)
