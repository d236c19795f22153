"""What an editor may write into an article: loosely checked while it is a draft, strictly before anybody is answered
with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from kb_index.reading.pictures import references
from kb_index.records import FIRST_YEAR, LAST_YEAR, Article, Picture, Visibility
from router.conversations.messages import checked_text, media_url
from router.errors import Invalid
from router.knowledge.views import PictureView

MAX_QUESTION = 500
MAX_ANSWER = 20_000
MAX_VARIANTS = 200
_MAX_NAME = 100
_MEDIA = re.compile(r"/media/(([0-9a-f]{64})\.(?:png|jpg|gif|webp|mp4|webm))")
_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class ArticleContent(Struct, kw_only=True):
    """The fields of an article, finished or not; ``pictures`` are those that the answer names."""

    question: Annotated[str, Meta(max_length=MAX_QUESTION)] = ""
    variants: Annotated[list[str], Meta(max_length=MAX_VARIANTS)] = []
    answer: Annotated[str, Meta(max_length=MAX_ANSWER)] = ""
    category: str | None = None
    tags: Annotated[list[str], Meta(max_length=MAX_VARIANTS)] = []
    locale: str = "zh-CN"
    site: str | None = None
    visibility: Visibility = "public"
    audience: Annotated[list[str], Meta(max_length=MAX_VARIANTS)] = []
    editions: Annotated[list[str], Meta(max_length=MAX_VARIANTS)] = []
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    answer_at: Annotated[float, Meta(ge=0, le=1)] | None = None
    pictures: list[PictureView] = []


def content_of(article: Article) -> ArticleContent:
    """What an editor begins to change."""
    return ArticleContent(
        question=article.question, variants=list(article.variants), answer=article.answer, category=article.category,
        tags=list(article.tags), locale=article.locale, site=article.site, visibility=article.visibility,
        audience=list(article.audience), editions=list(article.editions), valid_from=article.valid_from,
        valid_to=article.valid_to, answer_at=article.answer_at,
        pictures=[PictureView(name=picture.name, url=media_url(picture.path)) for picture in article.pictures],
    )  # fmt: skip


def drafted(content: ArticleContent) -> ArticleContent:
    """The same, ready to be kept: texts that nothing could store or show are refused, unfinished ones are not."""
    for field in ("question", "answer"):
        _soft(getattr(content, field), field, MAX_ANSWER)
    content.variants = _names(content.variants, "variants", MAX_QUESTION)
    for field in ("tags", "audience", "editions"):
        setattr(content, field, _names(getattr(content, field), field, _MAX_NAME))
    content.category = _soft(content.category, "category", _MAX_NAME) or None
    content.site = _soft(content.site, "site", _MAX_NAME) or None
    content.locale = content.locale.strip() or "zh-CN"
    if not _LOCALE.fullmatch(content.locale):
        raise Invalid("locale is not a language tag like zh-CN or en", field="locale")
    for name in ("valid_from", "valid_to"):
        moment: datetime | None = getattr(content, name)
        if moment is not None and (moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR):
            raise Invalid(f"{name} needs its zone and must be in the years {FIRST_YEAR} to {LAST_YEAR}", field=name)
    for picture in content.pictures:
        if not _MEDIA.fullmatch(picture.url) or not picture.name.strip() or len(picture.name) > _MAX_NAME:
            raise Invalid("a picture is named and was uploaded here", field="pictures")
    return content


def media_of(content: ArticleContent) -> list[str]:
    """The files behind the pictures and videos that the answer names."""
    known = {picture.name: picture.url for picture in content.pictures}
    found = (_MEDIA.fullmatch(known.get(name, name)) for name in references(content.answer))
    return [media.group(1) for media in found if media is not None]


def finished(content: ArticleContent, base: Article, pictures: Path) -> Article:
    """The article as it may be published, over the revision ``base``; ``pictures`` is where their files are.

    Raises `Invalid` that names the field.
    """
    content = drafted(content)
    for field in ("question", "answer"):
        if not getattr(content, field).strip():
            raise Invalid(f"{field} is empty", field=field)
    question = checked_text(content.question, limit=MAX_QUESTION, field="question")
    answer = checked_text(content.answer, limit=MAX_ANSWER, field="answer")
    if content.valid_from and content.valid_to and content.valid_from >= content.valid_to:
        raise Invalid("valid_to is not after valid_from", field="valid_to")
    variants = tuple(text for text in dict.fromkeys(content.variants) if text != question)
    return replace(
        base, question=" ".join(question.split()), answer=answer, variants=variants, category=content.category,
        tags=tuple(content.tags), locale=content.locale, site=content.site, status="published",
        visibility=content.visibility, audience=tuple(content.audience), editions=tuple(content.editions),
        valid_from=content.valid_from, valid_to=content.valid_to, answer_at=content.answer_at,
        pictures=_pictures(answer, content.pictures, pictures),
    )  # fmt: skip


def _pictures(answer: str, given: Sequence[PictureView], folder: Path) -> tuple[Picture, ...]:
    """The pictures that the answer names, each once; raises `Invalid` for one that is not there."""
    known = {picture.name: picture.url for picture in given}
    found: dict[str, Picture] = {}
    for name in references(answer):
        media = _MEDIA.fullmatch(known.get(name, name))
        if media is None or not (folder / media.group(1)).is_file():
            raise Invalid(f"the picture {name} is missing", field="answer", picture=name)
        found[name] = Picture(name, f"pictures/{media.group(1)}", media.group(2))
    return tuple(found.values())


def _soft(text: str | None, field: str, limit: int) -> str:
    """An optional text without what cannot be stored."""
    return checked_text(text, limit=limit, field=field) if text is not None and text.strip() else ""


def _names(texts: Sequence[str], field: str, limit: int) -> list[str]:
    return list(dict.fromkeys(" ".join(_soft(text, field, limit).split()) for text in texts if text.strip()))
