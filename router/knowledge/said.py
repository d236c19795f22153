"""Customers' words in what a run found: kept as places in the log and read there each time, so that taking back and
erasing reach them; holds no word itself."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

#: The messages of one question: conversation and seqs.
Place = tuple[UUID, tuple[int, ...]]

_MARK = re.compile("\ue000([0-9]{1,6})\ue001")
_MOST_PLACES = 20
#: Characters that no reader sees and that could turn a line around or break it.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_GONE_PAGE = (
    '<span class="zh" lang="zh-CN">（原话已撤回或清除）</span><span class="en" lang="en">(taken back or erased)</span>'
)
_GONE = "（…）"


class Places:
    """Hands out a mark for each question; the marks go into results and pages in place of the words."""

    def __init__(self) -> None:
        self._places: list[tuple[Place, ...]] = []
        self._known: dict[tuple[Place, ...], int] = {}

    def mark(self, places: Sequence[Place]) -> str:
        """The mark for a question that stands at each of these places in equal words."""
        kept = tuple(places[:_MOST_PLACES])
        number = self._known.setdefault(kept, len(self._places))
        if number == len(self._places):
            self._places.append(kept)
        return f"\ue000{number}\ue001"

    def as_json(self) -> list[list[list[Any]]]:
        """By number; what the statement `said` reads."""
        return [[[str(conversation), list(seqs)] for conversation, seqs in places] for places in self._places]


def put_back(found: Any, words: Sequence[str | None]) -> Any:
    """The result with the words that can still be read; a text that was nothing but a lost question becomes None."""
    if isinstance(found, dict):
        return {name: put_back(value, words) for name, value in found.items()}
    if isinstance(found, list):
        return [put_back(value, words) for value in found]
    if not isinstance(found, str) or "\ue000" not in found:
        return found
    whole = _MARK.fullmatch(found)
    if whole is not None:
        return _word(words, whole)
    return _MARK.sub(lambda mark: _word(words, mark) or _GONE, found)


def put_back_in_page(page: str, words: Sequence[str | None]) -> str:
    """The same for a page of HTML: words are escaped."""

    def shown(mark: re.Match[str]) -> str:
        word = _word(words, mark)
        return _GONE_PAGE if word is None else html.escape(_UNSEEN.sub("\ufffd", word))

    return _MARK.sub(shown, page)


def _word(words: Sequence[str | None], mark: re.Match[str]) -> str | None:
    number = int(mark[1])
    return words[number] if number < len(words) else None


Say = Callable[[str, Place | None], str]


def marked(places: Places) -> Say:
    """Says a question by its mark where it stands in the log, else as it is."""
    return lambda text, place: text if place is None else places.mark([place])
