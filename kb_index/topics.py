"""The searchable texts of a set of articles, in arrays: which text belongs to which article, which articles are one
topic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.lessons import Lessons
from kb_index.records import Article, Lesson

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Articles ordered by topic; an article and its translations (`gantt-export` and `gantt-export.en`) are one
    topic."""

    articles: tuple[Article, ...]
    article_topics: Indices
    article_starts: Indices  # first article of each topic, and the end
    texts: tuple[str, ...]  # questions, variants and what use has taught, by article
    text_articles: Indices
    text_shown: NDArray[np.bool_]  # False: taught by use, never shown
    text_topics: Indices
    text_starts: Indices  # first text of each topic, and the end
    lessons: Lessons
    wrong_topics: Indices  # of each wrong lesson

    @property
    def topic_count(self) -> int:
        """How many different things can be answered."""
        return len(self.article_starts) - 1


def documents(layout: Layout) -> list[str]:
    """Everything each topic says: its texts, and the answers, categories and tags of its articles."""
    said: list[list[str]] = [[] for _ in range(layout.topic_count)]
    for text, topic in zip(layout.texts, layout.text_topics, strict=True):
        said[topic].append(text)
    for article, topic in zip(layout.articles, layout.article_topics, strict=True):
        answer = () if article.answer == article.question else (article.answer,)
        said[topic] += [*answer, article.category or "", *article.tags]
    return ["\n".join(parts) for parts in said]


def lay_out(articles: Sequence[Article], taught: Sequence[Lesson] = ()) -> Layout:
    """The published articles in a fixed order; drafts, reviews and archived ones are left out."""
    published = {article.id: article for article in articles if article.status == "published"}
    lessons = Lessons.of(taught, published)
    further: dict[str, list[str]] = defaultdict(list)
    for question, article_id in lessons.right:
        further[article_id].append(question)
    ordered = sorted(published.values(), key=lambda article: (_topic(article, published), article.id))
    names = [_topic(article, published) for article in ordered]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    article_topics = np.array([numbers[name] for name in names], np.int64)
    texts: list[str] = []
    owners: list[int] = []
    shown: list[bool] = []
    for number, article in enumerate(ordered):
        own = dict.fromkeys((article.question, *article.variants), True)
        own |= {text: False for text in further[article.id] if text not in own}
        texts += own
        shown += own.values()
        owners += [number] * len(own)
    text_articles = np.array(owners, np.int64)
    text_topics = article_topics[text_articles] if owners else np.zeros(0, np.int64)
    edges = np.arange(len(numbers) + 1)
    return Layout(
        articles=tuple(ordered),
        article_topics=article_topics,
        article_starts=np.searchsorted(article_topics, edges),
        texts=tuple(texts),
        text_articles=text_articles,
        text_shown=np.array(shown, bool),
        text_topics=text_topics,
        text_starts=np.searchsorted(text_topics, edges),
        lessons=lessons,
        wrong_topics=np.array([numbers[_topic(published[name], published)] for _, name in lessons.wrong], np.int64),
    )


def _topic(article: Article, known: dict[str, Article]) -> str:
    """The id that an article and its translations share: `<id>.<locale>` or `<id>.<language>` beside `<id>`."""
    for ending in (article.locale, article.locale.split("-")[0]):
        base = article.id.removesuffix(f".{ending}")
        if base != article.id and base in known and known[base].locale != article.locale:
            return base
    return article.id
