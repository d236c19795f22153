"""Articles in Postgres with every revision they ever had; refuses to overwrite what changed since it was read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from kb_index.errors import ArticleConflict
from kb_index.records import Article, Origin, Picture

if TYPE_CHECKING:
    from database.pool import PooledConnection

_CONTENT = (
    "question", "variants", "answer", "category", "tags", "locale", "site", "status",
    "visibility", "audience", "editions", "valid_from", "valid_to", "pictures", "answer_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the database has it."""

    article: Article
    origin: Origin  # where it was changed last
    source: str | None
    content_hash: str
    newest: int  # the number of its newest revision, which after a rollback is not the current one
    removed: bool
    author: str | None
    at: datetime

    @classmethod
    def from_row(cls, row: Any) -> StoredArticle:
        """From `stored_articles`."""
        return cls(
            article=article_from_row(row), origin=row["origin"], source=row["source"],
            content_hash=row["content_hash"], newest=row["newest"], removed=row["removed_at"] is not None,
            author=row["author"], at=row["at"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes an article: an editor at the desk, or the command line (no id)."""

    name: str
    id: UUID | None = None


class Articles:
    """All articles of the tenant."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries(__file__)

    async def stored(self) -> list[StoredArticle]:
        """Everything that was ever stored, removed articles too, at the current revisions."""
        return [StoredArticle.from_row(row) for row in await self._database.fetch(self._sql["stored_articles"])]

    async def current(self, connection: PooledConnection, article_id: str) -> StoredArticle | None:
        """One article that is not removed."""
        row = await connection.fetchrow(self._sql["current_article"], article_id)
        stored = StoredArticle.from_row(row) if row is not None else None
        return None if stored is None or stored.removed else stored

    async def history(self, article_id: str) -> list[StoredArticle]:
        """All revisions of an article, newest first; empty where there is none."""
        return [StoredArticle.from_row(row) for row in await self._database.fetch(self._sql["history"], article_id)]

    async def save_desk_article(self, connection: PooledConnection, article: Article, author: Author) -> Article:
        """A new revision made at the desk, in the caller's transaction. `article.revision` must be the current one
        (0: new article), else `ArticleConflict`.

        Searchable only with the next index version: see `python -m kb_index.build`.
        """
        row = await connection.fetchrow(self._sql["stored_article"], article.id)
        stored = StoredArticle.from_row(row) if row is not None else None
        current = 0 if stored is None or stored.removed else stored.article.revision
        if article.revision != current:
            raise ArticleConflict(f"{article.id} is at revision {current}, not {article.revision}")
        if stored is not None and not stored.removed and content_hash(article) == stored.content_hash:
            return stored.article
        revision = stored.newest + 1 if stored is not None else 1
        saved = replace(article, revision=revision)
        try:
            await self.put(connection, saved, "desk", stored.source if stored else None, author)
        except UniqueViolationError as error:  # a new article that somebody else was storing, too
            raise ArticleConflict(f"there is an article {article.id} by now") from error
        return saved

    async def put(
        self, connection: PooledConnection, article: Article, origin: Origin, source: str | None, author: Author
    ) -> None:
        """Stores the article's revision, which must be a new one, and makes it current."""
        now = self._clock.now()
        pictures = [msgspec.to_builtins(picture) for picture in article.pictures]
        await connection.execute(self._sql["put_article"], article.id, origin, source, article.revision, now)
        await connection.execute(
            self._sql["insert_revision"], article.id, article.revision, article.question, list(article.variants),
            article.answer, article.category, list(article.tags), article.locale, article.site, article.status,
            article.visibility, list(article.audience), list(article.editions), article.valid_from, article.valid_to,
            pictures, content_hash(article), origin, author.name, now, article.answer_at,
        )  # fmt: skip
        await self._audit(connection, author, "article.changed", article.id, {"revision": article.revision})

    async def move(self, connection: PooledConnection, article_id: str, source: str) -> None:
        """The same content, now in another file."""
        await connection.execute(self._sql["move_article"], article_id, source)

    async def remove(self, connection: PooledConnection, article_id: str, author: Author) -> None:
        """Out of the knowledge base; revisions stay."""
        await connection.execute(self._sql["remove_article"], article_id, self._clock.now())
        await self._audit(connection, author, "article.removed", article_id, {})

    async def hold_still(self, connection: PooledConnection, seen: Sequence[StoredArticle]) -> None:
        """Until the transaction ends nobody else changes an article; raises `ArticleConflict` where somebody did
        since `seen`."""
        await connection.execute(self._sql["lock_articles"])
        rows = await connection.fetch(self._sql["current_revisions"])
        now = {row["id"]: (row["revision"], row["removed"]) for row in rows}
        if now != {stored.article.id: (stored.article.revision, stored.removed) for stored in seen}:
            raise ArticleConflict("articles were changed at the desk meanwhile; run it again")

    async def _audit(
        self, connection: PooledConnection, author: Author, action: str, article_id: str, detail: dict[str, object]
    ) -> None:
        kind = "agent" if author.id else "system"
        now = self._clock.now()
        await connection.execute(
            self._sql["audit"], now, kind, author.id, author.name, action, "article", article_id, detail
        )


def content_hash(article: Article) -> str:
    """The same for two revisions that say the same."""
    content = {name: getattr(article, name) for name in _CONTENT}
    for name in ("valid_from", "valid_to"):
        if content[name] is not None:
            content[name] = content[name].astimezone(UTC).isoformat()
    if content["answer_at"] is None:  # hashes made before there was such a thing stay what they are
        del content["answer_at"]
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def article_from_row(row: Any) -> Article:
    """From a row of `article_revisions` with the id as `id`."""
    return Article(
        id=row["id"], question=row["question"], answer=row["answer"], variants=tuple(row["variants"]),
        category=row["category"], tags=tuple(row["tags"]), locale=row["locale"], site=row["site"],
        status=row["status"], visibility=row["visibility"], audience=tuple(row["audience"]),
        editions=tuple(row["editions"]), valid_from=row["valid_from"], valid_to=row["valid_to"],
        answer_at=row["answer_at"],
        pictures=tuple(Picture(**picture) for picture in row["pictures"]), revision=row["revision"],
    )  # fmt: skip
