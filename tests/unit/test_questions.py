"""The labelled questions: well-formed, about articles that exist, never an article's own words, each on its side of
the split."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from kb_index.reading.files import read_files
from kb_index.records import Article
from kb_index.text import canonical

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "questions"
SIDES = ("dev", "held")
FILES = sorted(path.relative_to(QUESTIONS).as_posix() for side in SIDES for path in (QUESTIONS / side).glob("*.jsonl"))
NAMES = sorted({Path(file).name for file in FILES})
NOT_LETTERS = re.compile(r"[\W_]+")

Style = Literal[
    "plain",
    "hurried",
    "technical",
    "longwinded",
    "typo",
    "pinyin",
    "fullwidth",
    "colloquial",
    "mixed",
    "traditional",
    "symptom",
    "product_name",
    "story",
    "keywords",
    "code",
    "foreign",
]
Language = Literal["zh-CN", "zh-TW", "en", "ja", "es"]


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of `faq*.jsonl`."""

    text: str
    faq_id: str
    style: Style
    language: Language


class Outside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of `outside.jsonl`."""

    text: str
    style: Style
    language: Language
    near: bool


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of `messages.jsonl`; a label that was not given is left out."""

    text: str
    language: Language
    emotion: Literal["angry", "anxious", "neutral", "happy"] | None = None
    urgency: Literal["high", "normal", "low"] | None = None
    topic: str | None = None
    wants_human: bool | None = None


Line = Asked | Outside | Message
KINDS: dict[str, type[Line]] = {"faq": Asked, "outside": Outside, "messages": Message}


def lines(file: str) -> list[Line]:
    kind = KINDS[Path(file).stem.split("_")[0]]
    return [msgspec.json.decode(line, type=kind) for line in (QUESTIONS / file).read_bytes().splitlines()]


def bare(text: str) -> str:
    return NOT_LETTERS.sub("", canonical(text))


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return {found.article.id: found.article for found in read_files([ROOT / "faq"], lambda *_: None).articles}


@pytest.mark.parametrize("file", FILES)
def test_every_line_is_whole_and_there_is_no_text_twice(file: str) -> None:
    texts = [line.text for line in lines(file)]
    assert texts
    assert [text for text in texts if not text or text != text.strip() or "\n" in text] == []
    assert len({bare(text) or text for text in texts}) == len(texts)


@pytest.mark.parametrize("file", FILES)
def test_the_hash_of_a_text_decides_its_side(file: str) -> None:
    sides = {SIDES[hashlib.sha256(line.text.encode()).digest()[-1] % 2] for line in lines(file)}
    assert sides == {Path(file).parent.name}


@pytest.mark.parametrize("name", NAMES)
def test_both_sides_have_the_file_and_share_nothing(name: str) -> None:
    dev, held = ({bare(line.text) or line.text for line in lines(f"{side}/{name}")} for side in SIDES)
    assert dev & held == set()


@pytest.mark.parametrize("file", [file for file in FILES if "/faq" in file])
def test_every_question_is_about_a_published_article_in_its_language(file: str, articles: dict[str, Article]) -> None:
    def fits(line: Line) -> bool:
        assert isinstance(line, Asked)
        article = articles.get(line.faq_id)
        if article is None or article.status != "published" or f"{article.id}.{line.language}" in articles:
            return False
        return article.locale == "zh-CN" or article.locale == line.language

    assert [line for line in lines(file) if not fits(line)] == []


@pytest.mark.parametrize("file", [file for file in FILES if "/messages" not in file])
def test_nobody_asks_in_the_words_of_an_article(file: str, articles: dict[str, Article]) -> None:
    known = {bare(text) for article in articles.values() for text in (article.question, *article.variants)}
    assert [line.text for line in lines(file) if bare(line.text) in known] == []
