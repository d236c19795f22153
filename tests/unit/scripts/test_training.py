"""A question stands on one side only, and what might be chance is not called better."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.records import Analysis, Answer, Clarification, Source
from kb_index.errors import KnowledgeError
from kb_index.records import Lesson
from router.learning.records import normal_form
from scripts.evaluation.asking import Asked
from scripts.evaluation.files import Question
from scripts.training.files import draws, read_pairs
from scripts.training.trial import fold_of, without_part
from scripts.training.verdict import judge

ANALYSIS = Analysis(0.8, (), "zh-CN", "neutral", "normal", False, "", 1, 1.0)


def asked(number: int, fate: str) -> Asked:
    question = Question(f"问题{number}", "a")
    if fate in ("right", "wrong"):
        given = "a" if fate == "right" else "b"
        answer = Answer(text="", analysis=ANALYSIS, reason="confident", sources=(Source(given, "", 0.8),))
        return Asked(question, answer, 1.0, 0 if fate == "right" else 1, "right" if fate == "right" else "wrong")
    return Asked(question, Clarification(text="", analysis=ANALYSIS, reason="no_answer"), 1.0, 1, "asked_back")


def test_all_writings_of_a_question_are_in_one_part() -> None:
    for text in ("怎么导出甘特图", "怎么导出甘特图？", "怎麼導出甘特圖 "):
        assert fold_of(normal_form(text), 5) == fold_of(normal_form("怎么导出甘特图"), 5)
    assert {fold_of(str(number), 5) for number in range(100)} == set(range(5))


def test_lessons_about_a_part_are_left_out() -> None:
    lessons = [Lesson(f"问题{number}", "a", True) for number in range(50)]
    parts = [without_part(lessons, part, 5) for part in range(5)]
    assert all(len(part) < 50 for part in parts)
    assert sum(50 - len(part) for part in parts) == 50


def test_clearly_more_right_answers_are_better() -> None:
    before = [asked(n, "asked_back") for n in range(40)]
    after = [asked(n, "right" if n < 20 else "asked_back") for n in range(40)]
    assert judge(before, after, 30).is_better
    assert not judge(after, before, 30).is_better


def test_a_few_more_right_answers_may_be_chance() -> None:
    before = [asked(n, "asked_back") for n in range(200)]
    after = [asked(n, "right" if n == 0 else "asked_back") for n in range(200)]
    assert not judge(before, after, 30).is_better


def test_right_answers_bought_with_as_many_wrong_ones_are_not_better() -> None:
    before = [asked(n, "asked_back") for n in range(200)]
    after = [asked(n, "right" if n < 60 else "wrong" if n < 90 else "asked_back") for n in range(200)]
    verdict = judge(before, after, 30)
    assert verdict.gain > 0
    assert not verdict.is_better


def test_too_few_questions_prove_nothing() -> None:
    verdict = judge([asked(n, "wrong") for n in range(29)], [asked(n, "right") for n in range(29)], 30)
    assert not verdict.is_better
    assert "30 are needed" in verdict.reason


def test_draws_keep_both_sides_apart(tmp_path: Path) -> None:
    questions = [Question(f"问题{number}{mark}", "a") for number in range(20) for mark in ("", "？")]
    for draw in draws([], questions, 0.3, 4):
        learnt = {normal_form(lesson.question) for lesson in draw.lessons}
        assert learnt.isdisjoint(normal_form(question.text) for question in draw.questions)
        assert len(draw.lessons) + len(draw.questions) == 40
        assert len(learnt) == 6
    with pytest.raises(KnowledgeError):
        list(draws([Lesson(question.text, "a", True) for question in questions], questions, 0.3, 1))


def test_a_bad_line_of_pairs_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"text": "怎么导出", "faq_id": "a"}\n\n{"faq_id": "a"}\n', "utf-8")
    with pytest.raises(KnowledgeError, match=r"pairs\.jsonl:3"):
        read_pairs([file])
