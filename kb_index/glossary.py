"""Chinese words for what customers call things in other languages, so that a question in letters or kana finds words in
Chinese articles; knows office software, no product."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("glossary.txt")
_WORD = re.compile(r"[a-z0-9\u00e0-\u024f]+(?:[-'][a-z0-9\u00e0-\u024f]+)*")
_KANA = re.compile("[\u3041-\u30ff]")
_LONGEST = 4  # words of a phrase


@lru_cache(maxsize=1)
def _glossary() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Phrases in letters, and words of languages written without spaces; each with what it means."""
    phrases: dict[str, str] = {}
    unspaced: list[tuple[str, str]] = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if "|" in line and not line.startswith("#"):
            meant, _, said = line.partition(" | ")
            for phrase in said.split(", "):
                if _WORD.match(phrase):
                    phrases.setdefault(" ".join(map(_singular, _WORD.findall(phrase))), meant)
                else:
                    unspaced.append((phrase, meant))
    return phrases, tuple(unspaced)


def bridged(text: str) -> list[str]:
    """The Chinese words for what a text in another language, or a mixed one, speaks of."""
    phrases, unspaced = _glossary()
    found: list[str] = []
    words = [_singular(word) for word in _WORD.findall(text.lower())]
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            meant = phrases.get(" ".join(words[at : at + length]))
            if meant:
                found.append(meant)
                break
        at += max(length, 1) if meant else 1
    if _KANA.search(text):
        found += [meant for said, meant in unspaced if said in text]
    return list(dict.fromkeys(found))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
