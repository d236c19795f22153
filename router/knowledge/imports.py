"""Files that editors send in the browser: first a preview, row by row, then what is good is stored, all or nothing.

What is imported counts as coming from a file, so that the same table can be sent again; what was changed at the desk
since is a conflict, and overwritten only where the editor says so.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from kb_index.articles import Articles, Author, StoredArticle
from kb_index.errors import ArticleConflict
from kb_index.plan import Entry, ImportPlan, plan_import
from kb_index.reading.files import KINDS, read_files
from kb_index.reading.pictures import Videos
from router.errors import Conflict, Invalid, NotFound, TooLarge
from router.knowledge.contents import content_of
from router.knowledge.drafts import Drafts
from router.knowledge.media import Media
from router.sentences import say
from router.uploads.scanning import Scan
from router.uploads.storage import Storage

if TYPE_CHECKING:
    from database.pool import PooledConnection

_UNPACKED = 2  # times as large as the archive may be
_PIECE_BYTES = 1024 * 1024
_MAX_PARTS = 3_000
_KEPT = timedelta(days=1)
_ROOT = "上传"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".mp4", ".m4v", ".webm")


@dataclass(frozen=True, slots=True)
class Preview:
    """What applying a file would do."""

    id: UUID
    entries: Sequence[Entry]
    counts: dict[str, int]


class Imports:
    """Sent files are kept for a day, beside those that people send in conversations."""

    def __init__(
        self, database: Database, articles: Articles, drafts: Drafts, media: Media, storage: Storage, scan: Scan,
        clock: Clock, *, videos: Videos, most_bytes: int,
    ) -> None:  # fmt: skip
        """``videos``: which ones answers may have; ``most_bytes``: of a file, or an archive."""
        self._database = database
        self._articles = articles
        self._drafts = drafts
        self._media = media
        self._storage = storage
        self._scan = scan
        self._clock = clock
        self._videos = videos
        self.most_bytes = most_bytes
        self._sql = load_queries(__file__)

    async def preview(self, name: str, path: Path, editor_id: UUID) -> Preview:
        """Looks at a file and keeps it; raises `Invalid` for one of no kind that is read, `FileInfected`."""
        await self._scan(path)
        stored = await self._articles.stored()

        def look() -> ImportPlan:
            with unpacked(name, path, self.most_bytes) as folder:
                return plan_import(read_files([folder], videos=self._videos), stored)

        plan = await asyncio.to_thread(look)
        import_id = uuid7()
        await self._database.execute(self._sql["insert_import"], import_id, name, editor_id, self._clock.now())
        await self._storage.put(_key_of(import_id), path)
        # What other files brought stays: an editor who sends one table is not told that the rest goes.
        entries = [_plain(entry) for entry in plan.entries if entry.kind != "removed"]
        return Preview(import_id, entries, plan.counts | {"removed": 0})

    async def forget(self) -> None:
        """Takes away what nobody came back to, and what was stored."""
        for row in await self._database.fetch(self._sql["old_imports"], self._clock.now() - _KEPT):
            await self._storage.delete(_key_of(row["id"]))
            await self._database.execute(self._sql["forget_import"], row["id"])

    async def apply(
        self, connection: PooledConnection, import_id: UUID, take: Collection[str], author: Author
    ) -> tuple[int, int]:
        """Stores what is good, and the conflicting articles in ``take``; how many articles, how many drafts.

        Raises `NotFound` for a file that was applied or forgotten, `Conflict` where articles change meanwhile.
        """
        row = await connection.fetchrow(self._sql["import_file"], import_id)
        if row is None:
            raise NotFound("there is no such file any more: send it again")
        stored = await self._articles.stored()
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "sent"
            async with self._storage.read(_key_of(import_id)) as chunks:
                with path.open("wb") as file:
                    async for chunk in chunks:
                        file.write(chunk)
            entries = await self._looked_at(row["name"], path, stored, take)
        if self._drafts.second_reviewer:
            done = (0, await self._hand_over(connection, entries, author))
        else:
            await self._store(connection, entries, author)
            done = (len(entries), 0)
        await connection.execute(self._sql["applied_import"], import_id, self._clock.now())
        return done

    async def _looked_at(
        self, name: str, path: Path, stored: Sequence[StoredArticle], take: Collection[str]
    ) -> list[Entry]:
        """What is wanted of a file; its pictures and videos are kept."""
        with ExitStack() as opened:
            folder = await asyncio.to_thread(opened.enter_context, unpacked(name, path, self.most_bytes))
            plan = await asyncio.to_thread(lambda: plan_import(read_files([folder], videos=self._videos), stored))
            for picture, file in plan.picture_files.items():
                await self._media.keep(Path(picture).name, file)
            return _wanted(plan, take)

    async def _store(self, connection: PooledConnection, entries: Sequence[Entry], author: Author) -> None:
        for entry in entries:
            assert entry.after is not None
            current = await self._articles.current(connection, entry.after.id)
            if (
                entry.kind == "changed"
                and entry.before is not None
                and (current is None or current.article.revision != entry.before.revision)
            ):
                raise Conflict(f"{entry.after.id} was changed meanwhile; send the file again")
            try:
                await self._articles.put(connection, entry.after, "file", entry.source, author)
            except ArticleConflict as error:
                raise Conflict(str(error)) from error
            why = say("step.imported", file=entry.source)
            await self._drafts.step(connection, entry.after.id, "published", author, why, entry.after.revision)

    async def _hand_over(self, connection: PooledConnection, entries: Sequence[Entry], author: Author) -> int:
        for entry in entries:
            assert entry.after is not None
            base = entry.before.revision if entry.before is not None and entry.kind == "changed" else 0
            draft = await self._drafts.save(connection, entry.after.id, 0, base, content_of(entry.after), author)
            await self._drafts.move(connection, draft.article_id, draft.version, "review", author, None)
        return len(entries)


def _wanted(plan: ImportPlan, take: Collection[str]) -> list[Entry]:
    taken = [replace(entry, kind="changed") for entry in plan.of("conflicting") if entry.article_id in take]
    return [entry for entry in (*plan.of("added", "changed"), *taken) if entry.after is not None]


@contextmanager
def unpacked(name: str, file: Path, most_bytes: int) -> Iterator[Path]:
    """The file, or what an archive holds, in a folder that is gone afterwards; raises `Invalid`, `TooLarge`."""
    kind = PurePosixPath(name).suffix.lower()
    if kind != ".zip" and kind not in KINDS:
        raise Invalid("only Markdown, CSV, XLSX, JSONL, or a ZIP of them", field="file_name")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / _ROOT
        folder.mkdir()
        if kind == ".zip":
            _unpack(file, folder, most_bytes * _UNPACKED)
        else:
            named = PurePosixPath(name.replace("\\", "/")).name.lstrip("._~$") or f"file{kind}"
            shutil.copyfile(file, folder / named)
        yield folder


def _unpack(file: Path, folder: Path, most_bytes: int) -> None:
    """Articles, pictures and videos of an archive; whatever else it holds, and whatever leads outside, is left out."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > most_bytes:
                raise TooLarge("the archive holds too much")
            left = most_bytes
            for part in parts:
                path = PurePosixPath(part.filename.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts or path.suffix.lower() not in (*KINDS, *_PICTURES):
                    continue
                target = folder.joinpath(*path.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(part) as source, target.open("wb") as out:
                    while data := source.read(_PIECE_BYTES):
                        left -= len(data)  # what an archive says about its sizes need not be so
                        if left < 0:
                            raise TooLarge("the archive holds too much")
                        out.write(data)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error) as fault:
        raise Invalid("the archive cannot be read", field="content") from fault


def _key_of(import_id: UUID) -> str:
    return f"imports/{import_id.hex}"


def _plain(entry: Entry) -> Entry:
    """The entry with its file as the editor knows it."""
    file = entry.file
    if file is not None and f"/{_ROOT}/" in file:
        file = file.split(f"/{_ROOT}/", 1)[1]
    return replace(entry, file=file)
