"""Text as the lexical index sees it: one written form, then words, parts of words and pairs of characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import opencc
import rjieba

from models.text import normalised

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_CHUNKS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}](?:[^\W{_HAN}]|[.+#-](?=[^\W{_HAN}]))*[+#]{{0,2}}")
_ACCENTS = re.compile("[\u00c0-\u024f]")
_HAN_START = re.compile(f"[{_HAN}]")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_STEM = 5  # letters of a longer word in letters that stand for its family: transf(er|erred|ers)


@lru_cache(maxsize=1)
def _simplifier() -> Callable[[str], str]:
    return opencc.OpenCC("t2s").convert


@lru_cache(maxsize=64)  # terms and codes of a question both read it
def canonical(text: str) -> str:
    """NFKC, lower case, Simplified characters, Latin letters without accents."""
    if text.isascii():
        return text.lower()
    text = _simplifier()(normalised(text)).lower()
    return _ACCENTS.sub(lambda letter: unicodedata.normalize("NFKD", letter.group())[0], text)


def terms(text: str) -> list[str]:
    """The terms of a text in order, repeated ones too: whole words bare, parts of words marked (`²` `·` `^`)."""
    found: list[str] = []
    for chunk in _CHUNKS.findall(canonical(text)):
        if _HAN_START.match(chunk):
            found += rjieba.cut(chunk, False)
            found += ["²" + chunk[at : at + 2] for at in range(len(chunk) - 1)]
        else:
            found.append(chunk)
            if chunk.isalpha():
                if len(chunk) > _STEM:
                    found.append("^" + chunk[:_STEM])
            elif not chunk.isdigit():
                found += ["·" + part for part in _PARTS.findall(chunk)]
    return found


_PART_WEIGHTS = {"²": 0.6, "^": 0.5, "·": 0.5}


def term_weight(term: str) -> float:
    """Parts of words speak for less than whole words, since they come in addition to them."""
    return _PART_WEIGHTS.get(term[0], 1.0)
