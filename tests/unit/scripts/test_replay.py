"""What counts as a change for customers, and when it may be called better or worse."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.records import Turn
from router.learning.lessons import Label
from scripts.replaying.judging import Judge, Outcome, Replayed
from scripts.replaying.questions import Asked
from scripts.replaying.report import report
from scripts.replaying.writing import summary

RIGHT, OTHER, WRONG = "right", "other", "wrong"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def label(article_id: str | None = None, *, nobodys: bool = False, wrong: tuple[str, ...] = ()) -> Label:
    return Label(text="问", key="问", article_id=article_id, is_nobodys=nobodys, wrong_ids=wrong, at=NOW)


def answer(article_id: str, text: str = "点它。") -> Outcome:
    return Outcome("answer", "confident", 0.8, article_id, (), text)


def offer(*options: str) -> Outcome:
    return Outcome("clarify", "unsure", 0.4, None, options, "")


ASK = Outcome("clarify", "no_answer", 0.1, None, (), "")
HUMAN = Outcome("handoff", "low_confidence", 0.1, None, (), "")


def verdict(known: Label | None, before: Outcome, after: Outcome) -> str | None:
    change = Judge({"right.en": RIGHT, RIGHT: RIGHT}).change(Asked(Turn(("问",)), 1, known), before, after)
    return None if change is None else change.verdict


@pytest.mark.parametrize(
    ("known", "before", "after", "expected"),
    [
        (label(RIGHT), offer(RIGHT), answer(RIGHT), "better"),
        (label(RIGHT), answer(RIGHT), answer(OTHER), "worse"),
        (label(RIGHT), ASK, answer(OTHER), "worse"),
        (label(RIGHT), offer(OTHER), offer(OTHER, RIGHT), "better"),
        (label(RIGHT), answer(OTHER), HUMAN, "better"),
        (label(RIGHT), ASK, HUMAN, "look"),
        (label(RIGHT), answer(OTHER), answer(WRONG), "look"),
        (label(nobodys=True), answer(OTHER), ASK, "better"),
        (label(nobodys=True), HUMAN, offer(OTHER), "worse"),
        (label(wrong=(WRONG,)), answer(WRONG), ASK, "better"),
        (label(wrong=(WRONG,)), ASK, answer(WRONG), "worse"),
        (label(wrong=(WRONG,)), answer(WRONG), answer(OTHER), "look"),
        (None, answer(OTHER), ASK, "look"),
    ],
)
def test_only_what_is_known_is_called_better_or_worse(
    known: Label | None, before: Outcome, after: Outcome, expected: str
) -> None:
    assert verdict(known, before, after) == expected


def test_what_customers_would_not_notice_is_no_change() -> None:
    assert verdict(None, answer(RIGHT), answer("right.en")) is None
    assert verdict(None, offer(RIGHT, OTHER), offer(RIGHT, WRONG)) is None
    assert verdict(None, offer(OTHER), offer(WRONG)) == "look"
    judge = Judge({})
    assert judge.is_reworded(answer(RIGHT), answer(RIGHT, "先展开。"))
    assert not judge.is_reworded(answer(RIGHT), answer(RIGHT))


def test_the_page_counts_and_escapes() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    asked = Asked(Turn((hostile,), previous_question=hostile), 3, label(RIGHT))
    change = Judge({}).change(asked, answer(RIGHT), offer(hostile))
    assert change is not None
    found = Replayed(9, 4, (change,), 2)
    assert summary(found) == "1 条变化：0 更好，1 更差，0 待看"
    page = report(found, 30, "版本 3", hostile, {RIGHT: hostile}, NOW)
    assert "<img" not in page
    assert page.count("&lt;img src=x") >= 4
    assert "1 条变化：0 更好，1 更差，0 待看" in page
