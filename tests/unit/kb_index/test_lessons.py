"""What use has taught is found by, never shown, and part of the version."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb_index.errors import IndexDamaged
from kb_index.records import Article, Candidate, Lesson
from kb_index.search import KnowledgeIndex
from models.hashing_encoder import HashingEncoder

ENCODER = HashingEncoder()
ARTICLES = [
    Article("export", "怎么把甘特图导出成图片", "点导出，选图片。", ("甘特图存成 PNG",), revision=1),
    Article("print", "怎么打印甘特图", "点打印。", revision=1),
    Article("login", "登录时提示密码错误怎么办", "先重置密码。", ("密码不对登不进去",), revision=1),
    Article("draft", "怎么导出视频", "还没有。", status="draft", revision=1),
]
NEW_WORDS = "横道图另存为位图"


def find(index: KnowledgeIndex, question: str) -> list[Candidate]:
    return index.find(question, ENCODER.encode_questions([question])[0])


def build(*lessons: Lesson) -> KnowledgeIndex:
    return KnowledgeIndex.build(ARTICLES, ENCODER, lessons=lessons)


def test_a_question_that_was_answered_is_found_but_not_shown() -> None:
    found = find(build(Lesson(NEW_WORDS, "login", True)), NEW_WORDS)
    assert found[0].article.id == "login"
    assert found[0].matched_text == ARTICLES[2].question


def test_an_article_that_does_not_answer_a_question_gives_way_to_the_next() -> None:
    question = "甘特图导出打印"
    first = find(build(), question)[0].article.id
    taught = build(Lesson(question, first, False))
    assert find(taught, question)[0].article.id != first
    assert find(taught, ARTICLES[0].question)[0].article.id == "export", "other questions are answered as before"


def test_the_later_of_two_lessons_about_the_same_pair_holds() -> None:
    wrong, right = Lesson(NEW_WORDS, "login", False), Lesson(NEW_WORDS, "login", True)
    assert find(build(wrong, right), NEW_WORDS)[0].article.id == "login"
    assert build(right, wrong).text_count == build().text_count


@pytest.mark.parametrize("lesson", [Lesson("怎么导出视频", "draft", True), Lesson(" ", "login", True)])
def test_lessons_about_what_is_not_there_are_left_out(lesson: Lesson) -> None:
    assert build(lesson).text_count == build().text_count


def test_a_question_that_is_nobodys_is_less_sure_to_be_answered() -> None:
    question = "甘特图的作者叫什么"
    before, after = build(), build(Lesson(question, None, False))
    sure = [index.calibration.probability(find(index, question)) for index in (before, after)]
    assert sure[1] < sure[0] / 2
    assert after.text_count == before.text_count


def test_lessons_belong_to_the_folder(tmp_path: Path) -> None:
    lessons = [Lesson(NEW_WORDS, "login", True), Lesson("打印", "export", False), Lesson("天气", None, False)]
    index = build(*lessons)
    index.save(tmp_path / "1")
    loaded = KnowledgeIndex.load(tmp_path / "1", ARTICLES, ENCODER, lessons[::-1])
    for question in (NEW_WORDS, "打印", "甘特图"):
        assert find(loaded, question) == find(index, question)
    with pytest.raises(IndexDamaged):
        KnowledgeIndex.load(tmp_path / "1", ARTICLES, ENCODER)
