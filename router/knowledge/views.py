"""Articles as the desk and other systems see them; plain structs, no storage."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from kb_index.articles import StoredArticle
from router.conversations.messages import media_url


class PictureView(Struct, kw_only=True):
    """A picture as the answer names it, and where browsers find it."""

    name: str
    url: str


class ArticleView(Struct, kw_only=True):
    """An article at one revision."""

    id: str
    revision: int
    origin: str
    source: str | None
    author: str | None
    at: datetime
    question: str
    variants: list[str]
    answer: str
    category: str | None
    tags: list[str]
    locale: str
    site: str | None
    status: str
    visibility: str
    audience: list[str]
    editions: list[str]
    valid_from: datetime | None
    valid_to: datetime | None
    answer_at: float | None
    pictures: list[PictureView]


def view_of(stored: StoredArticle) -> ArticleView:
    """A stored article for the wire."""
    article = stored.article
    return ArticleView(
        id=article.id,
        revision=article.revision,
        origin=stored.origin,
        source=stored.source,
        author=stored.author,
        at=stored.at,
        question=article.question,
        variants=list(article.variants),
        answer=article.answer,
        category=article.category,
        tags=list(article.tags),
        locale=article.locale,
        site=article.site,
        status=article.status,
        visibility=article.visibility,
        audience=list(article.audience),
        editions=list(article.editions),
        valid_from=article.valid_from,
        valid_to=article.valid_to,
        answer_at=article.answer_at,
        pictures=[PictureView(name=picture.name, url=media_url(picture.path)) for picture in article.pictures],
    )
