"""The written form that the rules read: NFKC, lower case, simplified characters; and which script a text is in."""

from __future__ import annotations

import re

from models.characters import SIMPLIFIED, TRADITIONAL, folded, simplified

__all__ = ["HAN", "folded", "han_count", "is_traditional", "kana_count", "latin_count", "simplified"]

_SIMPLIFIED = SIMPLIFIED - frozenset("系后里表面制台干志冲准范尽复只了")  # those are traditional too

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff]")
_LATIN = re.compile(r"[^\W\d_]")  # letters; Han and kana are taken out before it is asked


def han_count(text: str) -> int:
    return len(_HAN.findall(text))


def kana_count(text: str) -> int:
    return len(_KANA.findall(text))


def latin_count(text: str) -> int:
    """Letters of alphabets, accents included."""
    return sum(1 for letter in _LATIN.findall(text) if letter < "\u0250")


def is_traditional(text: str) -> bool | None:
    """Whether the Chinese in `text` is written in traditional characters; None where the characters do not tell."""
    traditional = sum(1 for character in text if character in TRADITIONAL)
    simplified = sum(1 for character in text if character in _SIMPLIFIED)
    if traditional == simplified:
        return None
    return traditional > simplified
