"""What of a text is searched by: pairs of Chinese characters, words in letters and figures; pure.

A term is found where it stands in one piece. The pairs only narrow down where to look: whether “甘特图导出” really
stands there is read in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kb_index.text import canonical
from router.errors import Invalid

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f\u3040-\u30ff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_HAN_START = re.compile(f"[{_HAN}]")
_LONGEST = 60  # characters of a word that is kept; longer ones are cut there
_MOST = 40_000  # different words of one conversation
_SHORT = 600  # characters of a text whose words are remembered
_REMEMBERED = 1_000  # such texts, some 10 KB each

MIN_CHARS = 2
MAX_QUERY_CHARS = 100
_MAX_TERMS = 8


def words_of(texts: Iterable[str]) -> list[str]:
    """Every pair and word of the texts, each once, in no order."""
    found: set[str] = set()
    for text in texts:
        found |= _said_often(text) if len(text) <= _SHORT else _words_in(text)
    return list(found)[:_MOST]


def _words_in(text: str) -> frozenset[str]:
    found: set[str] = set()
    for run in _RUNS.findall(canonical(text)):
        if _HAN_START.match(run):
            found.update(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.add(run[:_LONGEST])
    return frozenset(found)


#: Answers of the bot, and questions that many ask.
_said_often = lru_cache(_REMEMBERED)(_words_in)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: terms that all have to stand somewhere in the same conversation, ticket or article."""

    terms: tuple[str, ...]

    @classmethod
    def parse(cls, query: str) -> Asked:
        """Terms stand apart by spaces. Raises `Invalid` for what is too short, too long or has nothing to search by."""
        if len(query) > MAX_QUERY_CHARS:
            raise Invalid(f"a search has at most {MAX_QUERY_CHARS} characters", field="q")
        terms = tuple(dict.fromkeys(term for term in canonical(query).split() if _RUNS.search(term)))
        if len(terms) > _MAX_TERMS:
            raise Invalid(f"a search has at most {_MAX_TERMS} terms", field="q")
        asked = cls(terms)
        if not asked.pairs_and_words():
            raise Invalid(f"a search needs at least {MIN_CHARS} characters in one piece", field="q")
        return asked

    def pairs_and_words(self) -> list[tuple[str, bool]]:
        """What the index is asked for, and whether it is only the beginning of a word; empty: nothing to ask for."""
        asked: dict[tuple[str, bool], None] = {}
        for term in self.terms:
            for run in _RUNS.findall(term):
                if _HAN_START.match(run):
                    asked |= {(run[at : at + 2], False): None for at in range(len(run) - 1)}
                elif len(run) >= MIN_CHARS or run != term:
                    asked[run[:_LONGEST], True] = None
        return list(asked)

    def tsquery(self) -> str:
        """The same for Postgres; runs hold letters and figures only, so nothing needs escaping but the quotes."""
        return " & ".join(f"'{run}'{':*' if begins else ''}" for run, begins in self.pairs_and_words())

    def stands_in(self, text: str) -> int:
        """How many of the terms stand in a text."""
        known = canonical(text)
        return sum(term in known for term in self.terms)

    def all_stand_in(self, texts: Iterable[str]) -> bool:
        """Whether every term stands in one of the texts."""
        missing = set(self.terms)
        for text in texts:
            known = canonical(text)
            missing = {term for term in missing if term not in known}
            if not missing:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text around what was found; ``marks`` are [start, end) of what to mark, in characters."""

    text: str
    marks: tuple[tuple[int, int], ...]


def excerpt(text: str, asked: Asked, chars: int = 80) -> Excerpt:
    """Around the first term that stands there, in one line."""
    line = " ".join(text.split())
    known = canonical(line)
    if len(known) != len(line):  # a written form of another length: no place in one is a place in the other
        return Excerpt(line[:chars], ())
    places = sorted((at, at + len(term)) for term in asked.terms if (at := known.find(term)) >= 0)
    start = max(0, min(places[0][0] - chars // 3, len(line) - chars)) if places else 0
    piece = line[start : start + chars]
    before, after = "…" if start else "", "…" if start + chars < len(line) else ""
    shift = len(before) - start
    marks = tuple(
        (low + shift, min(high + shift, len(before) + len(piece))) for low, high in places if high <= start + chars
    )
    return Excerpt(before + piece + after, marks)
