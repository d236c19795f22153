"""What a text is spelt with: short runs of characters and whole words, so that a typo changes little; knows no
meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from models.characters import folded

_READ = 400  # characters; feelings and topics stand at the start or are repeated
_LONG_RUN = re.compile(r"(.)\1{2,}")
_CHUNKS = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+)|([a-z0-9\u00e0-\u024f]+)|([^\w\s])")
_HAN_RUNS = (1, 2, 3)
_LETTER_RUNS = (3, 4)


def features_of(text: str) -> set[str]:
    """Runs of one to three Han characters or kana, words with their neighbours and parts, signs and doubled signs."""
    line = _LONG_RUN.sub(r"\1\1", folded(text[:_READ]))
    found: set[str] = set()
    before = ""
    for han, word, sign in _CHUNKS.findall(line):
        if han:
            for length in _HAN_RUNS:
                found.update([han[start : start + length] for start in range(len(han) - length + 1)])
        elif word:
            found.add(f"={word}")
            if before.startswith("="):
                found.add(f"{before} {word}")
            marked = f"^{word}$"
            for length in _LETTER_RUNS:
                found.update(["~" + marked[start : start + length] for start in range(len(marked) - length + 1)])
        else:
            found.add(sign)
            if before == sign:
                found.add(sign + sign)
        before = f"={word}" if word else sign
    return found


def vocabulary(texts: Iterable[str], at_least: int = 3) -> tuple[str, ...]:
    """The features that occur in so many texts, in order."""
    counted = Counter(feature for text in texts for feature in features_of(text))
    return tuple(sorted(feature for feature, count in counted.items() if count >= at_least))
