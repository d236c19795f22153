"""Which languages a text mixes, by script and a few signs; only as far as vectors need it, whose place leans to their
language."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float32]

LANGUAGES = ("zh", "en", "es", "ja")

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_SPANISH_SIGN = re.compile("[¿¡ñáéíóú]")
_SPANISH_WORDS = """
    el la los las un una unos unas de del al que qué como cómo por para en es está están soy hay mi mis tu tus su sus yo
    y o puedo puede quiero necesito tengo tiene cuando donde cuál más muy pero porque esta este mañana
"""
_SPANISH = frozenset(_SPANISH_WORDS.split())
_SPANISH_SHARE = 0.25  # of the words
_HAN_FOR_A_WORD = 2  # characters that say as much as one word in letters


def languages_of(texts: Sequence[str]) -> Shares:
    """The shares of `LANGUAGES` in each text, shape (texts, 4); of one text together 1, or 0 where nothing tells
    (502)."""
    return np.array([_shares(text) for text in texts], np.float32).reshape(-1, len(LANGUAGES))


def _shares(text: str) -> list[float]:
    shares = [0.0] * len(LANGUAGES)
    han, kana, words = len(_HAN.findall(text)), len(_KANA.findall(text)), _WORD.findall(text.lower())
    shares[3 if kana else 0] = (han + kana) / _HAN_FOR_A_WORD
    spanish = sum(word in _SPANISH for word in words) >= max(_SPANISH_SHARE * len(words), 1)
    shares[2 if spanish or _SPANISH_SIGN.search(text) else 1] = len(words)
    total = max(sum(shares), 1e-9)
    return [share / total for share in shares]
