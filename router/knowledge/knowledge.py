"""What this process answers with, and the articles behind it: follows the served version, imports at first start."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from kb_index.articles import Articles, Author, StoredArticle
from kb_index.records import Article
from kb_index.search import KnowledgeIndex
from kb_index.versions import IndexVersions
from models.encoder import Encoder
from router.knowledge.building import Building

log = logging.getLogger(__name__)

_PROGRESS_SECONDS = 1.0
_FINISH_SECONDS = 2.0


class Knowledge:
    """``current`` is None until the first version is there."""

    def __init__(
        self,
        articles: Articles,
        versions: IndexVersions,
        building: Building,
        encoder: Encoder,
        on_swap: Callable[[KnowledgeIndex], None],
        first_articles: Path | None,
    ) -> None:
        self._articles = articles
        self._versions = versions
        self._building = building
        self._encoder = encoder
        self._on_swap = on_swap
        self._first_articles = first_articles
        self._loading = asyncio.Lock()
        self._rebuilds: set[asyncio.Task[None]] = set()
        self.current: KnowledgeIndex | None = None

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

    async def _fits(self) -> bool:
        number = await self._versions.serving()
        return number is not None and (await self._versions.get(number)).encoder_hash == self._encoder.fingerprint

    async def refresh(self) -> None:
        """Swaps another version in where another is to be served."""
        async with self._loading:
            wanted = await self._versions.serving()
            if wanted is None or (self.current is not None and self.current.version == wanted):
                return
            index = await self._versions.load(wanted, self._encoder)
            self.current = index
            self._on_swap(index)
            log.info("answering with another index version", extra={"version": wanted})

    async def listed(self) -> list[StoredArticle]:
        """Every article that is not removed, by id."""
        return sorted(
            (stored for stored in await self._articles.stored() if not stored.removed), key=lambda each: each.article.id
        )

    async def history(self, article_id: str) -> list[StoredArticle]:
        """All revisions, newest first."""
        return await self._articles.history(article_id)

    async def save(self, article: Article, author: Author) -> Article:
        """Stores a revision made at the desk and builds the version that answers with it, in the background."""
        saved = await self._articles.save_desk_article(article, author)
        task = asyncio.create_task(self._rebuild(author))
        self._rebuilds.add(task)
        task.add_done_callback(self._rebuilds.discard)
        return saved

    async def _rebuild(self, author: Author) -> None:
        try:
            await self._building.build(author=author.name)
            await self.refresh()
        except Exception:  # the edge of this task; the article is stored, and the next build has it
            log.exception("the index was not rebuilt")

    async def finish(self) -> None:
        """Waits for builds under way."""
        if self._rebuilds:
            await asyncio.wait(self._rebuilds, timeout=_FINISH_SECONDS)
        for task in self._rebuilds:
            task.cancel()  # the articles are stored: the next start builds what is missing


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
