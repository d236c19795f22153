"""What this process answers with, and the articles behind it: follows the served version, imports at first start."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from database.pool import Database
from kb_index.articles import Articles, Author, StoredArticle
from kb_index.building import untuned_space
from kb_index.encoders import Encoders
from kb_index.errors import KnowledgeError
from kb_index.records import Article
from kb_index.search import KnowledgeIndex
from kb_index.space import Space
from kb_index.tuning import is_due
from kb_index.vectors import VectorStore
from kb_index.versions import IndexVersions
from models.batching import BatchedEncoder
from models.encoder import Encoder, ModelUnavailable
from models.heads.heads import Heads
from router.knowledge.building import Building

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)

_PROGRESS_SECONDS = 1.0
_FINISH_SECONDS = 2.0
_LOOKS = 10  # at a version, while another process may be at its tuning
_QUARTERS = 4
_LEAVING_SECONDS = 0.2  # between two looks whether the questions of an encoder that goes are through


@dataclass(frozen=True, slots=True)
class Serving:
    """An index with the encoder that it was built with: what questions are answered with at one moment."""

    index: KnowledgeIndex
    encoder: BatchedEncoder
    #: The knowledge base among the vectors that messages are heard by, which stay when layers are tuned.
    heard: Space


@dataclass(frozen=True, slots=True)
class Progress:
    """So much of what a build does at the moment is done."""

    doing: str = ""
    done: int = 0
    total: int = 0


class Knowledge:
    """``serving`` is None until the first version is there; ``failure`` says why the newest build came to nothing."""

    def __init__(
        self,
        database: Database,
        articles: Articles,
        versions: IndexVersions,
        building: Building,
        encoders: Encoders,
        encoder: BatchedEncoder,
        on_swap: Callable[[KnowledgeIndex, BatchedEncoder, Heads], None],
        heads_for: Callable[[Encoder], Heads],
        first_articles: Path | None,
        *,
        tunes: bool = False,
    ) -> None:
        self._database = database
        self._articles = articles
        self._versions = versions
        self._building = building
        self._encoders = encoders
        self._encoder = encoder
        self._on_swap = on_swap
        self._heads_for = heads_for
        self._first_articles = first_articles
        self._tunes = tunes
        self._looked_at: int | None = None  # the version for which layers may be due
        self._looks_left = _LOOKS
        self._untuned: VectorStore | None = None
        self._loading = asyncio.Lock()
        self._rebuilding: asyncio.Task[None] | None = None
        self._wanted_by: Author | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._heads: Heads | None = None
        self.serving: Serving | None = None
        self.failure: str | None = None
        self.progress = Progress()

    @property
    def current(self) -> KnowledgeIndex | None:
        """The index that questions are answered with."""
        return self.serving.index if self.serving is not None else None

    async def first_start(self, say: Callable[[str], None]) -> None:
        """Loads the served version; where there is none yet, imports the knowledge first, telling how far it is."""
        if await self._versions.serving() is None:
            paths = [self._first_articles] if self._first_articles and self._first_articles.exists() else []
            say(f"importing knowledge from {paths[0]}" if paths else "building an empty knowledge index")
            await self._building.build(paths=paths, author="first start", progress=_told_by(say))
        elif not await self._fits():
            say("rebuilding the knowledge index for another encoder")
            await self._building.build(author="start", progress=_told_by(say))
        await self.refresh()
        if not await self._serves_what_is_stored():
            self.publish_soon(Author("start"))  # a stop came between a change and its build

    async def _fits(self) -> bool:
        number = await self._versions.serving()
        if number is None:
            return False
        version = await self._versions.get(number)
        await self._versions.layers.bring(version.tuned)
        if self._encoders.applies(version.tuned):
            return True
        return version.encoder_hash == self._encoder.encoder.fingerprint

    async def _serves_what_is_stored(self) -> bool:
        number = await self._versions.serving()
        stored = {each.article.id: each.article.revision for each in await self.listed()}
        return number is not None and await self._versions.pinned(number) == stored

    async def refresh(self) -> None:
        """Swaps another version in where another is to be served, with its encoder where that is another one, too."""
        async with self._loading:
            wanted = await self._versions.serving()
            if wanted is None or (self.current is not None and self.current.version == wanted):
                return
            encoder = await self._encoder_of(wanted)
            index = await self._versions.load(wanted, encoder.encoder)
            if self._heads is None or self._heads.fingerprint != encoder.encoder.base.fingerprint:
                self._heads = await asyncio.to_thread(self._heads_for, encoder.encoder.base)
            heard = index.parts.space
            if encoder.encoder.base is not encoder.encoder:
                self._untuned = self._untuned or VectorStore(encoder.encoder.base)
                heard = await asyncio.to_thread(untuned_space, index.parts, self._untuned)
            self.serving, self.failure = Serving(index, encoder, heard), None
            self._on_swap(index, encoder, self._heads)
            log.info("answering with another index version", extra={"version": wanted})
            if encoder is not self._encoder:
                log.info("answering with another encoder", extra={"encoder": encoder.encoder.fingerprint})
                self._see_off(self._encoder)
                self._encoder = encoder

    async def follow(self) -> None:
        """`refresh` again and again: a version that cannot be loaded is told about once, and the old one stays."""
        try:
            await self.refresh()
        except (KnowledgeError, ModelUnavailable) as error:
            if str(error) != self.failure:
                log.error("the served index version cannot be loaded: %s", error)
            self.failure = str(error)

    async def tune_where_due(self) -> None:
        """Has layers of the encoder tuned on the served articles where there are none yet, or texts enough have changed
        since the newest; what comes of it is followed like any other version. Looks at each version that is served
        until it is known that nothing is due."""
        index = self.current
        if not self._tunes or index is None or not self._encoders.can_tune:
            return
        if index.version != self._looked_at:
            self._looked_at, self._looks_left = index.version, _LOOKS
        if self._looks_left == 0:
            return
        self._looks_left -= 1
        seen = await self._versions.layers.seen(self._encoders.base_fingerprint)
        if not await asyncio.to_thread(is_due, index.parts.layout, seen):
            self._looks_left = 0
            return
        try:
            await self._building.tune(_logged())
        except KnowledgeError as error:
            self._looks_left = 0
            log.error("the encoder was not tuned: %s", error)

    async def _encoder_of(self, number: int) -> BatchedEncoder:
        """The encoder of a version: the one at work, or one just loaded. Raises `ModelUnavailable`."""
        version = await self._versions.get(number)
        await self._versions.layers.bring(version.tuned)
        if version.encoder_hash == self._encoder.encoder.fingerprint:
            return self._encoder
        return self._encoder.with_encoder(await asyncio.to_thread(self._encoders.load, version.tuned))

    def _see_off(self, encoder: BatchedEncoder) -> None:
        """Ends an encoder that nobody asks any more, once the questions under way are through."""

        async def leave() -> None:
            while encoder.waiting:  # noqa: ASYNC110 (its thread tells nobody)
                await asyncio.sleep(_LEAVING_SECONDS)
            await encoder.close()

        task = asyncio.create_task(leave())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def listed(self) -> list[StoredArticle]:
        """Every article that is not removed, by id."""
        return sorted(
            (stored for stored in await self._articles.stored() if not stored.removed), key=lambda each: each.article.id
        )

    async def history(self, article_id: str) -> list[StoredArticle]:
        """All revisions, newest first."""
        return await self._articles.history(article_id)

    async def one(self, article_id: str, connection: PooledConnection | None = None) -> StoredArticle | None:
        """An article that is not removed."""
        if connection is not None:
            return await self._articles.current(connection, article_id)
        async with self._database.connection() as own:
            return await self._articles.current(own, article_id)

    async def save(self, connection: PooledConnection, article: Article, author: Author) -> Article:
        """Stores a revision made at the desk; `publish_soon` after the commit makes it what is answered with."""
        return await self._articles.save_desk_article(connection, article, author)

    @property
    def is_building(self) -> bool:
        return self._rebuilding is not None and not self._rebuilding.done()

    def publish_soon(self, author: Author) -> None:
        """Builds a version of what is stored, in the background; all that asks during a build shares the next one."""
        self._wanted_by = author
        if not self.is_building:
            self._rebuilding = asyncio.create_task(self._rebuild())

    async def _rebuild(self) -> None:
        while (author := self._wanted_by) is not None:
            self._wanted_by = None
            try:
                await self._building.build(author=author.name, progress=self._note)
                await self.refresh()
                self.failure = None
            except Exception as error:  # the edge of this task; the article is stored, and the next build has it
                log.exception("the index was not rebuilt")
                if self._wanted_by is None:
                    self.failure = str(error) or type(error).__name__

    def _note(self, doing: str, done: int, total: int) -> None:
        self.progress = Progress(doing, done, total)

    async def close(self) -> None:
        """Ends the encoder at work."""
        await self._encoder.close()

    async def finish(self) -> None:
        """Waits a little for a build under way."""
        if self._rebuilding is not None:
            await asyncio.wait([self._rebuilding], timeout=_FINISH_SECONDS)
            self._rebuilding.cancel()  # the articles are stored: the next start builds what is missing


def _told_by(say: Callable[[str], None]) -> Callable[[str, int, int], None]:
    """Progress as lines, at most one a second and the last of each step."""
    told_at = 0.0

    def progress(doing: str, done: int, total: int) -> None:
        nonlocal told_at
        now = time.monotonic()
        if total and (done == total or now - told_at >= _PROGRESS_SECONDS):
            told_at = now
            say(f"  {doing}: {done}/{total} ({100 * done // total} %)")

    return progress


def _logged() -> Callable[[str, int, int], None]:
    """Progress of what takes minutes as lines of the log, four for each step."""
    told: set[tuple[str, int]] = set()

    def progress(doing: str, done: int, total: int) -> None:
        quarter = _QUARTERS * done // max(total, 1)
        if quarter and (doing, quarter) not in told:
            told.add((doing, quarter))
            log.info("tuning the encoder on the knowledge base: %s, %d of %d", doing, done, total)

    return progress
