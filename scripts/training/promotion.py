"""A trained state put into service: lessons, encoder and index version, all or nothing; refuses when somebody else
changed the knowledge base meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from database.pool import Database
from kb_index.articles import Articles
from kb_index.encoders import NamedEncoder, TunedEncoder
from kb_index.versions import IndexVersions, Learnt
from router.learning.lessons import Label
from scripts.progress import ProgressBars

_WAIT_SECONDS = 600.0


class Promotion:
    """Builds the version that is served from then on."""

    def __init__(self, database: Database, articles: Articles, versions: IndexVersions) -> None:
        self._database = database
        self._articles = articles
        self._versions = versions

    async def promote(
        self, labels: Sequence[Label], encoder: NamedEncoder, tuned: TunedEncoder | None,
        figures: Mapping[str, object], note: str, progress: ProgressBars,
    ) -> int:  # fmt: skip
        """Serves an index of the articles as they are now that has learnt from all labels; returns its number."""
        pinned = [lesson for label in labels for lesson in label.pinned]
        lessons = tuple(lesson for label in labels for lesson in label.lessons)
        async with self._versions.alone(_WAIT_SECONDS):
            stored = await self._articles.stored()
            articles = [known.article for known in stored if not known.removed]
            number = await self._versions.next_number()
            index = await asyncio.to_thread(self._versions.build, number, articles, encoder, progress, lessons)
            content_hash = await asyncio.to_thread(self._versions.write, index)
            async with self._database.transaction() as connection:
                await self._articles.hold_still(connection, stored)
                lesson_set = await self._versions.put_lessons(connection, pinned, figures)
                learnt = Learnt(lesson_set, lessons, tuned)
                await self._versions.put(connection, index, articles, encoder.name, content_hash, note, learnt)
            await asyncio.to_thread(self._versions.clean, number)
        await self._versions.layers.clean()
        return number
