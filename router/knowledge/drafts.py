"""Drafts of articles on their way: written, handed to a reviewer, published; what is served stays until then.

Nobody's words are ever overwritten unseen: each save names the version it has seen, each publication the revision.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from kb_index.articles import Author
from kb_index.errors import ArticleConflict
from kb_index.records import Article
from router.errors import Conflict, Forbidden, NotFound
from router.knowledge.contents import ArticleContent, drafted, finished, media_of
from router.knowledge.knowledge import Knowledge
from router.knowledge.media import Media

if TYPE_CHECKING:
    from database.pool import PooledConnection

State = Literal["draft", "review"]
StepName = Literal["submitted", "returned", "published", "discarded", "archived", "confirmed"]

#: Settles learning tasks with the article that answers them, in the caller's transaction: tasks, article, editor.
Settle = Callable[["PooledConnection", Sequence[UUID], str, UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an article may become."""

    article_id: str
    version: int
    base_revision: int
    state: State
    content: ArticleContent
    task_ids: tuple[UUID, ...]
    authors: tuple[UUID, ...]
    author: str
    updated_at: datetime

    @classmethod
    def from_row(cls, row: Any) -> Draft:
        return cls(
            row["article_id"], row["version"], row["base_revision"], row["state"],
            msgspec.convert(row["content"], ArticleContent), tuple(row["task_ids"]), tuple(row["authors"]),
            row["author"], row["updated_at"],
        )  # fmt: skip


class Drafts:
    """All drafts; every change runs in the caller's transaction."""

    def __init__(
        self, database: Database, knowledge: Knowledge, settle: Settle, media: Media, clock: Clock, *,
        second_reviewer: bool,
    ) -> None:  # fmt: skip
        """``second_reviewer``: only somebody who did not write on a draft may publish it."""
        self._database = database
        self._knowledge = knowledge
        self._settle = settle
        self._media = media
        self._clock = clock
        self.second_reviewer = second_reviewer
        self._sql = load_queries(__file__)

    async def all(self) -> list[Draft]:
        """Those for review first, the latest first."""
        return [Draft.from_row(row) for row in await self._database.fetch(self._sql["drafts"])]

    async def of(self, article_id: str) -> Draft | None:
        """The draft of an article."""
        row = await self._database.fetchrow(self._sql["draft"], article_id)
        return None if row is None else Draft.from_row(row)

    async def steps(self, article_id: str) -> list[Any]:
        """What became of an article, the latest first."""
        return await self._database.fetch(self._sql["steps"], article_id)

    async def save(
        self, connection: PooledConnection, article_id: str, seen: int, base_revision: int, content: ArticleContent,
        author: Author, task_ids: Sequence[UUID] = (),
    ) -> Draft:  # fmt: skip
        """What the editor has now; ``seen`` is the version they began with, 0 where there was no draft.

        Raises `Conflict` with the other editor's draft where there is another one by now. Who changes a draft that
        waits for review takes it back.
        """
        assert author.id is not None
        now, kept = self._clock.now(), msgspec.to_builtins(drafted(content))
        if seen == 0:
            row = await connection.fetchrow(
                self._sql["insert_draft"], article_id, base_revision, kept, list(task_ids), author.id, author.name, now
            )
            if row is None:
                raise _overtaken(await self._locked(connection, article_id))
            return Draft.from_row(row)
        known = await self._locked(connection, article_id)
        if known.version != seen:
            raise _overtaken(known)
        row = await connection.fetchrow(
            self._sql["save_draft"], article_id, base_revision, kept, author.id, author.name, now, list(task_ids)
        )
        return Draft.from_row(row)

    async def move(
        self, connection: PooledConnection, article_id: str, seen: int, to: State, author: Author, comment: str | None
    ) -> Draft:
        """To the reviewer (only what could be published), or back."""
        known = await self._seen(connection, article_id, seen)
        if known.state == to:
            raise Conflict("the draft is there already", state=to)
        if to == "review":
            await self._media.bring_all(media_of(known.content))
            finished(known.content, Article(id=article_id, question="", answer=""), self._media.folder)
        row = await connection.fetchrow(self._sql["move_draft"], article_id, to)
        await self.step(connection, article_id, "submitted" if to == "review" else "returned", author, comment)
        return Draft.from_row(row)

    async def discard(self, connection: PooledConnection, article_id: str, seen: int, author: Author) -> None:
        """What is served stays as it is."""
        await self._seen(connection, article_id, seen)
        await connection.execute(self._sql["delete_draft"], article_id)
        await self.step(connection, article_id, "discarded", author, None)

    async def publish(
        self, connection: PooledConnection, article_id: str, seen: int, author: Author, comment: str | None,
        over: int | None,
    ) -> Article:  # fmt: skip
        """Makes the draft the article's current revision.

        ``over``: the revision that it may take the place of, where that is not the one it began with. Raises
        `Forbidden` where somebody else has to publish it, `Conflict` where the article has changed meanwhile.
        """
        known = await self._seen(connection, article_id, seen)
        assert author.id is not None
        if self.second_reviewer and (known.state != "review" or author.id in known.authors):
            raise Forbidden("somebody who did not write it has to publish it", reason="second_reviewer")
        stored = await self._knowledge.one(article_id, connection)
        base = stored.article if stored else Article(id=article_id, question="", answer="")
        if base.revision not in (known.base_revision, over):
            raise Conflict("the article was changed meanwhile", revision=base.revision, reason="article_changed")
        await self._media.bring_all(media_of(known.content))
        article = finished(known.content, base, self._media.folder)
        try:
            saved = await self._knowledge.save(connection, article, author)
        except ArticleConflict as error:
            raise Conflict(str(error)) from error
        await connection.execute(self._sql["delete_draft"], article_id)
        await self.step(connection, article_id, "published", author, comment, saved.revision)
        if known.task_ids:
            await self._settle(connection, known.task_ids, article_id, author.id)
        return saved

    async def confirm(self, connection: PooledConnection, article_id: str, author: Author) -> None:
        """看过了，仍然正确: what came out until now makes it stale no longer."""
        if await connection.fetchval(self._sql["confirm_article"], article_id, self._clock.now()) is None:
            raise NotFound("there is no such article")
        await self.step(connection, article_id, "confirmed", author, None)

    async def step(
        self, connection: PooledConnection, article_id: str, step: StepName, author: Author, comment: str | None,
        revision: int | None = None,
    ) -> None:  # fmt: skip
        """Writes down what happened."""
        now = self._clock.now()
        await connection.execute(
            self._sql["insert_step"], uuid7(), article_id, step, revision, comment, author.id, author.name, now
        )

    async def _seen(self, connection: PooledConnection, article_id: str, seen: int) -> Draft:
        known = await self._locked(connection, article_id)
        if known.version != seen:
            raise _overtaken(known)
        return known

    async def _locked(self, connection: PooledConnection, article_id: str) -> Draft:
        row = await connection.fetchrow(self._sql["lock_draft"], article_id)
        if row is None:
            raise NotFound("there is no draft of this article")
        return Draft.from_row(row)


def _overtaken(known: Draft) -> Conflict:
    """The other text goes along, so that the page can show both."""
    return Conflict(
        "somebody else changed the draft meanwhile",
        reason="draft_changed",
        version=known.version,
        base_revision=known.base_revision,
        author=known.author,
        updated_at=known.updated_at,
        content=msgspec.to_builtins(known.content),
    )
