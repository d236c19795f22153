"""Questions in other languages find Chinese articles, and no language draws questions to its own texts."""

from __future__ import annotations

import numpy as np
import pytest

from kb_index.glossary import bridged
from kb_index.languages import LANGUAGES, languages_of
from kb_index.records import Article
from kb_index.search import KnowledgeIndex
from kb_index.space import Space, Written
from models.hashing_encoder import HashingEncoder


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("How do I add custom fields to tasks?", ["添加", "自定义", "字段", "任务"]),
        ("admin 怎么新建 workflow", ["管理员", "流程"]),
        ("¿Puedo exportar el diagrama de Gantt?", ["导出", "甘特图"]),
        ("カスタムフィールドの種類", ["自定义", "字段"]),
        ("怎么导出甘特图", []),
        ("how are you", []),
        ("", []),
    ],
)
def test_words_of_other_languages_stand_for_chinese_ones(asked: str, meant: list[str]) -> None:
    assert sorted(bridged(asked)) == sorted(meant)


def test_a_question_without_a_shared_word_is_found_by_what_it_stands_for() -> None:
    encoder = HashingEncoder()
    articles = [
        Article("field", "怎么添加自定义字段", "打开设置。"),
        Article("gantt", "怎么导出甘特图", "点导出。"),
        Article("login.en", "How do I log in?", "Click.", locale="en"),
    ]
    index = KnowledgeIndex.build(articles, encoder)
    question = "custom field"
    assert index.find(question, encoder.encode_questions([question])[0])[0].article.id == "field"


@pytest.mark.parametrize(
    ("text", "language"),
    [("怎么导出", "zh"), ("how do I export", "en"), ("¿cómo exporto esto?", "es"), ("エクスポートの方法", "ja")],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    shares = languages_of([text])[0]
    assert LANGUAGES[int(np.argmax(shares))] == language
    assert shares.sum() == pytest.approx(1)


def test_mixed_text_lies_between_its_languages_and_a_number_in_none() -> None:
    mixed, number = languages_of(["Gantt 怎么导出 PDF", "502"])
    assert 0 < mixed[0] < 1
    assert 0 < mixed[1] < 1
    assert not number.any()


def test_the_place_of_a_language_says_nothing() -> None:
    random = np.random.default_rng(4)
    meaning = random.normal(size=(60, 16)).astype(np.float32)
    far = np.zeros(16, np.float32)
    far[0] = 8
    chinese = Written.of(meaning, ["怎么导出"] * 60)
    english = Written.of(meaning + far, ["how do I export"] * 60)
    both = Written(
        np.concatenate([chinese.vectors, english.vectors]), np.concatenate([chinese.languages, english.languages])
    )
    nothing = Written(meaning[:0], chinese.languages[:0])
    space = Space(both, nothing, nothing)
    likeness = space.centred(chinese) @ space.centred(english).T
    assert (likeness.argmax(axis=1) == np.arange(60)).all()
