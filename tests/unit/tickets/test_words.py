"""What customers read about their tickets: in every language the same, and without what we never say."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from bot.records import Language
from bot.words_tickets import WORDS

_CHINESE = WORDS["zh-CN"]


def _values(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("language", WORDS)
def test_each_language_has_the_same_words_with_the_same_values(language: Language) -> None:
    assert WORDS[language].keys() == _CHINESE.keys()
    for key, template in WORDS[language].items():
        assert _values(template) == _values(_CHINESE[key]), key


def test_no_language_slips_into_another_one() -> None:
    for language in ("en", "es"):
        assert not re.search("[\u3040-\u9fff]", "".join(WORDS[language].values()))
    assert not re.search("[单决关闭开处经谢确认]", "".join(WORDS["zh-TW"].values()))
    assert "亲" not in "".join(_CHINESE.values())
