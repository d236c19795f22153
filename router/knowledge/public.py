"""Articles for customers: what the bot may answer them with, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from database.clock import Clock
from kb_index.records import Article, Scope
from kb_index.scoping import ScopeFilter
from kb_index.search import KnowledgeIndex
from router.conversations.messages import with_pictures
from router.errors import NotFound
from router.payloads.reading import PublicArticle


class PublicArticles:
    """Reads from the version that is being served: a draft of today is not there yet."""

    def __init__(self, clock: Clock, index: Callable[[], KnowledgeIndex | None]) -> None:
        self._clock = clock
        self._index = index

    def one(self, article_id: str, site: str) -> PublicArticle:
        """Raises `NotFound`, also for what is internal, another site's, or not valid now."""
        index = self._index()
        article = index.article(article_id) if index is not None else None
        if article is None or not self._is_open(article, site):
            raise NotFound("there is no such article")
        return PublicArticle(
            id=article.id, title=article.question, text=with_pictures(article.answer, article.pictures)
        )

    def _is_open(self, article: Article, site: str) -> bool:
        eligible = ScopeFilter([article]).eligible(Scope(site=site, at=self._clock.now()))
        return article.status == "published" and (eligible is None or bool(eligible[0]))
