"""When layers are worth tuning on a knowledge base, and when anew."""

from __future__ import annotations

import pytest

from kb_index.records import Article, Lesson
from kb_index.topics import Layout, lay_out
from kb_index.tuning import FEWEST_TOPICS, is_due, seen_in


def _layout(topics: int, *, variants: int = 1, changed: int = 0) -> Layout:
    """So many articles with so many variants each; the last ones are asked for in other words."""
    articles = []
    for number in range(topics):
        words = "新" if number >= topics - changed else ""
        own = tuple(f"{words}问法 {number} {place}" for place in range(variants))
        articles.append(Article(f"article-{number:03}", f"{words}问题 {number}", "答。", own))
    return lay_out(articles)


def test_too_few_topics_that_are_asked_for_in_several_ways_are_left_alone() -> None:
    assert not is_due(_layout(FEWEST_TOPICS - 1), None)
    assert not is_due(_layout(500, variants=0), None)
    assert not is_due(lay_out([]), None)
    assert is_due(_layout(FEWEST_TOPICS), None)


@pytest.mark.parametrize(("changed", "due"), [(0, False), (3, False), (4, True), (40, True)])
def test_a_tenth_of_the_texts_makes_them_due_again(changed: int, due: bool) -> None:
    seen = seen_in(_layout(40))
    assert is_due(_layout(40, changed=changed), seen) is due


def test_what_left_counts_as_what_came() -> None:
    assert is_due(_layout(40), seen_in(_layout(60)))
    assert is_due(_layout(60), seen_in(_layout(40)))


def test_a_text_that_now_belongs_to_another_article_is_new() -> None:
    layout = _layout(40)
    moved = [
        Article(f"other-{place}", each.question, "答。", each.variants) for place, each in enumerate(layout.articles)
    ]
    assert is_due(lay_out(moved), seen_in(layout))


def test_lessons_are_texts_like_others() -> None:
    articles = _layout(40).articles
    taught = [Lesson(f"学来的 {number}", articles[number].id, True) for number in range(20)]
    assert is_due(lay_out(articles, taught), seen_in(lay_out(articles)))
