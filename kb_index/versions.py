"""Index versions: rows that pin article revisions, a cache folder for each, and the one that is served; refuses
other encoders'."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from kb_index.articles import Author, article_from_row
from kb_index.building import build_parts
from kb_index.encoders import TunedEncoder
from kb_index.errors import IndexDamaged, IndexMismatch, KnowledgeError, NoSuchVersion
from kb_index.folder import fitted_from_json, fitted_to_json, read_vectors
from kb_index.layers import KeptLayers
from kb_index.records import Article, Lesson
from kb_index.search import KnowledgeIndex
from kb_index.settings import IndexSettings
from kb_index.vectors import Encoder, Progress, VectorStore

if TYPE_CHECKING:
    from database.pool import PooledConnection

_LOCK_TRY_SECONDS = 0.2


class KnowledgeBusy(KnowledgeError):
    """Another process is changing the knowledge base."""


@dataclass(frozen=True, slots=True)
class Version:
    """One row of `index_versions`."""

    number: int
    encoder: str
    encoder_hash: str
    kind: str
    fitted: Mapping[str, Mapping[str, object]]
    articles: int
    texts: int
    content_hash: str | None
    note: str | None
    created_at: datetime
    lesson_set: int | None = None
    tuned: TunedEncoder | None = None
    serving: bool = False

    @classmethod
    def from_row(cls, row: Any) -> Version:
        """From `version` or `versions`."""
        tuned = row["tuned_encoder"]
        return cls(
            row["version"], row["encoder"], row["encoder_hash"], row["kind"], row["calibration"], row["articles"],
            row["texts"], row["content_hash"], row["note"], row["created_at"], row["lesson_set"],
            None if tuned is None else TunedEncoder(tuned, row["base_encoder_hash"]), dict(row).get("serving", False),
        )  # fmt: skip

    @property
    def base_encoder_hash(self) -> str:
        """Of the configured encoder that it goes with."""
        return self.tuned.base if self.tuned is not None else self.encoder_hash


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a version has from use, and hands on to the next one."""

    lesson_set: int | None = None
    lessons: tuple[Lesson, ...] = ()
    tuned: TunedEncoder | None = None


NOTHING_LEARNT = Learnt()


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedLesson:
    """A lesson as a version keeps it: its question by its place in the log, or as an editor typed it."""

    conversation_id: UUID | None
    question_seqs: tuple[int, ...] | None
    question: str | None
    article_id: str | None
    right: bool


class IndexVersions:
    """All versions of the tenant and their folders below `<data_dir>/index/`."""

    def __init__(self, database: Database, data_dir: Path, settings: IndexSettings, clock: Clock) -> None:
        self._database = database
        self._folder = data_dir / "index"
        self.layers = KeptLayers(database, data_dir, clock)
        self._settings = settings
        self._clock = clock
        self._sql = load_queries(__file__)

    async def all(self) -> list[Version]:
        """Newest first."""
        return [Version.from_row(row) for row in await self._database.fetch(self._sql["versions"])]

    async def serving(self) -> int | None:
        """The version that running servers answer with; None before the first."""
        number: int | None = await self._database.fetchval(self._sql["serving"])
        return number

    async def get(self, number: int) -> Version:
        """Raises `NoSuchVersion`."""
        row = await self._database.fetchrow(self._sql["version"], number)
        if row is None:
            raise NoSuchVersion(f"there is no index version {number}")
        return Version.from_row(row)

    async def pinned(self, number: int) -> dict[str, int]:
        """Article ids and the revisions that the version pins."""
        rows = await self._database.fetch(self._sql["pinned_revisions"], number)
        return {row["article_id"]: row["revision"] for row in rows}

    async def articles(self, number: int) -> list[Article]:
        """The articles of a version at the revisions it pins."""
        return [article_from_row(row) for row in await self._database.fetch(self._sql["pinned_articles"], number)]

    async def load(self, number: int, encoder: Encoder, progress: Progress | None = None) -> KnowledgeIndex:
        """The version in memory; a folder that is missing or damaged is made again from the rows.

        Raises `NoSuchVersion`, or `IndexMismatch` where another encoder built it.
        """
        version = await self.get(number)
        if version.encoder_hash != encoder.fingerprint:
            raise IndexMismatch(
                f"index version {number} was built with encoder {version.encoder}, which is not the one loaded now; "
                "run: python -m scripts.reindex, or configure that encoder"
            )
        articles = await self.articles(number)
        lessons = await self.lessons(version.lesson_set)
        return await asyncio.to_thread(self._load, version, articles, lessons, encoder, progress)

    async def lessons(self, lesson_set: int | None) -> tuple[Lesson, ...]:
        """What a set teaches, as far as the words still stand."""
        rows = [] if lesson_set is None else await self._database.fetch(self._sql["lessons"], lesson_set)
        return tuple(Lesson(row["question"], row["article_id"], row["is_right"]) for row in rows)

    async def learnt(self, number: int | None) -> Learnt:
        """What the version (None: none is served yet) hands on to the next one; its layers are on this machine then."""
        if number is None:
            return NOTHING_LEARNT
        version = await self.get(number)
        await self.layers.bring(version.tuned)
        return Learnt(version.lesson_set, await self.lessons(version.lesson_set), version.tuned)

    def _load(
        self, version: Version, articles: Sequence[Article], lessons: Sequence[Lesson], encoder: Encoder,
        progress: Progress | None,
    ) -> KnowledgeIndex:  # fmt: skip
        folder = self._folder / str(version.number)
        try:
            index = KnowledgeIndex.load(folder, articles, encoder, lessons)
            if index.version == version.number:
                return index
        except IndexDamaged:
            pass
        fitted = fitted_from_json(version.fitted)
        vectors = self.known_vectors(encoder)
        parts = build_parts(articles, vectors, encoder, self._settings, progress, fitted, lessons)
        index = KnowledgeIndex(parts, version.number)
        index.save(folder)
        return index

    def known_vectors(self, encoder: Encoder) -> VectorStore:
        """Everything that sound folders of this encoder hold, newest first."""
        vectors = VectorStore(encoder)
        for folder in self._folders()[:2]:
            try:
                vectors.learn(*read_vectors(folder))
            except IndexDamaged:
                continue
        return vectors

    async def next_number(self) -> int:
        """The number of the next version; only under `alone`."""
        return int(await self._database.fetchval(self._sql["next_version"]))

    def build(
        self, number: int, articles: Sequence[Article], encoder: Encoder, progress: Progress | None,
        lessons: Sequence[Lesson] = (),
    ) -> KnowledgeIndex:  # fmt: skip
        """A new version in memory, from articles with their revisions. Takes time; writes nothing."""
        vectors = self.known_vectors(encoder)
        return KnowledgeIndex.build(
            articles, encoder, progress, settings=self._settings, version=number, vectors=vectors, lessons=lessons
        )

    async def put(
        self,
        connection: PooledConnection,
        index: KnowledgeIndex,
        articles: Sequence[Article],
        encoder_name: str,
        content_hash: str,
        note: str | None,
        learnt: Learnt = NOTHING_LEARNT,
    ) -> None:
        """The rows of a version whose folder is written, and the swap; its articles' revisions must be stored."""
        parts = index.parts
        tuned = learnt.tuned
        await connection.execute(
            self._sql["insert_version"], index.version, encoder_name, parts.encoder_fingerprint,
            parts.text_vectors.shape[1], index.kind, fitted_to_json(parts), len(index), index.text_count,
            content_hash, note, self._clock.now(), learnt.lesson_set, tuned.name if tuned else None,
            tuned.base if tuned else None,
        )  # fmt: skip
        ids, revisions = [article.id for article in articles], [article.revision for article in articles]
        await connection.execute(self._sql["insert_entries"], index.version, ids, revisions)
        await connection.execute(self._sql["serve"], index.version, self._clock.now())

    async def put_lessons(
        self, connection: PooledConnection, lessons: Sequence[PinnedLesson], figures: Mapping[str, object]
    ) -> int:
        """A new set of lessons with the figures that speak for it; returns its number."""
        number: int = await connection.fetchval(self._sql["insert_lesson_set"], dict(figures), self._clock.now())
        told = [
            {
                "place": place, "question": lesson.question, "article_id": lesson.article_id, "is_right": lesson.right,
                "conversation_id": None if lesson.conversation_id is None else str(lesson.conversation_id),
                "question_seqs": None if lesson.question_seqs is None else list(lesson.question_seqs),
            }
            for place, lesson in enumerate(lessons)
        ]  # fmt: skip
        await connection.execute(self._sql["insert_lessons"], number, told)
        return number

    def write(self, index: KnowledgeIndex) -> str:
        """The folder of a version; returns the hash over its files."""
        return index.save(self._folder / str(index.version))

    def clean(self, serving: int) -> None:
        """Removes old folders: the newest ones stay, and the one that is served."""
        for folder in self._folders()[self._settings.keep_folders :]:
            if folder.name != str(serving):
                shutil.rmtree(folder, ignore_errors=True)

    async def roll_back(self, number: int | None, author: Author) -> int:
        """Serves an earlier version again (None: the one before) and makes its revisions the current ones; returns
        its number."""
        async with self.alone(wait_seconds=10), self._database.transaction() as connection:
            served: int | None = await connection.fetchval(self._sql["serving"])
            if served is None:
                raise NoSuchVersion("no index version is being served yet")
            rows = [Version.from_row(row) for row in await connection.fetch(self._sql["versions"])]
            versions = {version.number: version for version in rows}
            if number is None:
                number = max((known for known in versions if known < served), default=None)
                if number is None:
                    raise NoSuchVersion(f"there is no index version before {served}")
            if number not in versions:
                raise NoSuchVersion(f"there is no index version {number}")
            await self._check_encoder(versions[number], versions[served])
            now = self._clock.now()
            await connection.execute(self._sql["lock_articles"])
            await connection.execute(self._sql["pin_back_articles"], number, now)
            await connection.execute(self._sql["remove_unpinned_articles"], number, now)
            await connection.execute(self._sql["serve"], number, now)
            await connection.execute(
                self._sql["audit"], now, "agent" if author.id else "system", author.id, author.name,
                "index.rolled_back", "index_version", str(number), {"from": served},
            )  # fmt: skip
        return number

    async def _check_encoder(self, wanted: Version, served: Version) -> None:
        """Raises `IndexMismatch` where running servers could not load the encoder of the version."""
        if wanted.base_encoder_hash != served.base_encoder_hash:
            raise IndexMismatch(
                f"index version {wanted.number} was built with encoder {wanted.encoder}; "
                "configure that encoder and reindex instead"
            )
        if wanted.tuned is not None and not await self.layers.knows(wanted.tuned):
            raise IndexMismatch(
                f"index version {wanted.number} needs the tuned layers {wanted.tuned.name}, which are not kept any more"
            )

    @asynccontextmanager
    async def alone(self, wait_seconds: float, on_wait: Callable[[], None] | None = None) -> AsyncIterator[None]:
        """The block in which nobody else builds or rolls back; raises `KnowledgeBusy` after waiting that long."""
        async with self._database.connection() as connection:
            waited = 0.0
            while not await connection.fetchval(self._sql["try_lock"]):
                if waited >= wait_seconds:
                    raise KnowledgeBusy("another reindex or rollback is still running; try again when it is done")
                if waited == 0 and on_wait:
                    on_wait()
                await asyncio.sleep(_LOCK_TRY_SECONDS)
                waited += _LOCK_TRY_SECONDS
            try:
                yield
            finally:
                if not connection.is_closed():
                    await connection.execute(self._sql["unlock"])

    def _folders(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        folders = [folder for folder in self._folder.iterdir() if folder.is_dir() and folder.name.isdigit()]
        return sorted(folders, key=lambda folder: int(folder.name), reverse=True)
