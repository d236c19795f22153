"""Evidence adds up, editors decide, and what nobody can be sure of teaches nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from kb_index.records import Lesson
from router.learning.lessons import Evidence, Label, labels_of
from router.learning.records import TRUST, Source

ASKED = "甘特图怎么变成图片"
AT = datetime(2026, 11, 23, tzinfo=UTC)


def said(source: Source, article_id: str | None, is_right: bool = True, **more: Any) -> Evidence:
    fields: dict[str, Any] = {"text": ASKED, "at": AT, "conversation_id": uuid4(), "question_seqs": (1,), **more}
    return Evidence(article_id=article_id, is_right=is_right, weight=TRUST[source, is_right], source=source, **fields)


def only(*evidence: Evidence) -> Label | None:
    labels = labels_of(evidence, 0.7)
    assert len(labels) <= 1
    return labels[0] if labels else None


def test_one_helpful_is_enough_and_one_unhelpful_is_not() -> None:
    label = only(said("rating", "a"))
    assert label is not None
    assert label.lessons == [Lesson(ASKED, "a", True)]
    assert only(said("rating", "a", False)) is None


def test_weak_words_add_up() -> None:
    assert only(said("solved", "a")) is None
    assert only(*[said("solved", "a")] * 3) is not None
    unhelpful = only(*[said("rating", "a", False)] * 2)
    assert unhelpful is not None
    assert unhelpful.lessons == [Lesson(ASKED, "a", False)]
    assert not unhelpful.is_settled


def test_contradicting_words_cancel_each_other() -> None:
    assert only(said("rating", "a"), said("rating", "a", False), said("rating", "a", False)) is None


def test_the_likelier_of_two_articles_is_the_right_one() -> None:
    label = only(said("rating", "a"), said("option", "b"), said("option", "b"))
    assert label is not None
    assert label.article_id == "b"


@pytest.mark.parametrize("decided", ["b", None])
def test_an_editor_is_believed_whatever_others_say(decided: str | None) -> None:
    crowd = [said("option", "a")] * 20
    label = only(*crowd, said("editor", decided), said("editor", "a", False))
    assert label is not None
    assert (label.article_id, label.is_nobodys, label.wrong_ids) == (decided, decided is None, ("a",))


def test_the_editors_last_word_counts() -> None:
    label = only(said("editor", "a"), said("editor", "b", at=AT + timedelta(days=1)))
    assert label is not None
    assert label.article_id == "b"


def test_an_agents_own_words_name_no_article() -> None:
    assert only(said("agent", None, in_own_words=True)) is None
    assert only(said("agent", "a")) is not None


def test_small_talk_teaches_nothing_unless_an_editor_says_so() -> None:
    assert only(said("option", "a", text="谢谢")) is None
    assert only(said("editor", "a", text="谢谢", typed="谢谢", conversation_id=None, question_seqs=None)) is not None


def test_writings_of_one_question_are_one_label() -> None:
    labels = labels_of(
        [said("solved", "a", text=text) for text in ("怎么导出甘特图", "怎么导出甘特图？", " 怎麼導出甘特圖 ")], 0.7
    )
    assert [label.article_id for label in labels] == ["a"]


def test_a_pinned_lesson_names_the_place_and_not_the_words() -> None:
    evidence = said("option", "a")
    label = only(evidence)
    assert label is not None
    (pinned,) = label.pinned
    assert (pinned.question, pinned.conversation_id, pinned.question_seqs) == (None, evidence.conversation_id, (1,))
