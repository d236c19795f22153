"""Codes that questions and articles name (502, ERR_SYNC_409, TH01-A): a code is itself and no other, however alike its
neighbours are; quantities, dates and years are none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from kb_index.text import canonical
from kb_index.topics import Indices, Layout
from kb_index.vectors import Vectors

_DIGIT = re.compile("[0-9]")
_TOKEN = re.compile(r"(?<![a-z0-9@])[a-z0-9]+(?:[_.\-][a-z0-9]+)*(?![a-z0-9@])")
_RUNS = re.compile("[a-z]+|[0-9]+")
_BETWEEN = re.compile(r"[_.\-]")
_HEAD = re.compile("[a-z]{2,}")
_QUANTITY = re.compile("[0-9]+[a-z]+")  # 500mb, 30-day, 1st
_NUMBER = re.compile("[0-9]{3,6}")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_LEAST = 4  # letters and digits: shorter ones are names of formats, versions and keys (A3, v2, MP4, F12)
_JOINED = 3  # pieces of a known code that somebody writes apart: err sync 409
_GENERIC = re.compile("(?:http|https|error|err|code|status)([0-9]{3,6})")  # what a number is called

_UNIT = re.compile(
    r"\s*(?:(?:多|来|余|几)?(?:人(?![工员])|页(?!面)|行(?!不行)|以[上下内]|左右|[个天条次年月日号元块万千亿名位台张份秒分周兆字席笔倍项"
    r"℃%¥])|(?:小时|用户|毫秒)"
    r"|[kmgt]i?b\b|m?s\b|px\b|people\b|persons?\b|yuan\b|rmb\b|usd\b|euros?\b|days?\b|rows?\b|users?\b"
    r"|(?!(?:errors|keeps|means|appears|shows|says|happens|comes|pages|was|has|this|always|does|status|access)\b)"
    r"[a-z]{3,}s\b|,000)"
)
_COUNTED = re.compile(
    r"(?:超过|最多|至少|大约|约|(?<!最)近|共|满|不到|上限|第|端口|分机|port|over|about|than|up to|least|most"
    r"|[¥$€£#<>+*]|(?<![0-9])[0-9]{1,2},)\s*$"
)
_SAID = re.compile(
    "(?:报|报错|错误|提示|显示|返回|弹出?|出现|代码|状态码|error|code|http|returns?|status|shows?)[^0-9a-z]{0,3}$"
)

#: Log odds that a topic gains where it is about a code of the question, …
_OWN = 2.0
_MENTIONED = 1.0  # … or where only its answer names it and no topic is about it. …
_BEHIND = 3.0  # … So far behind these comes, at best, what is about another code of that kind.


def codes_of(text: str, *, told: bool = False) -> frozenset[str]:
    """The codes that a text names, in lower case, without what stands between their parts. `told`: a text that
    explains, in which a number is a code only where it is called one."""
    return frozenset(_bare(code) for code in _codes(text, told))


def _codes(text: str, told: bool) -> Iterator[str]:
    """As they are written."""
    if not _DIGIT.search(text):
        return
    text = canonical(text)
    for found in _TOKEN.finditer(text):
        token = found.group()
        if not _DIGIT.search(token):
            continue
        before, bare = text[max(0, found.start() - 12) : found.start()], _bare(token)
        if bare.isdigit():
            counted = _COUNTED.search(before) or _UNIT.match(text, found.end()) or _YEAR.fullmatch(token)
            if _NUMBER.fullmatch(token) and not counted and (not told or _SAID.search(before)):
                yield token
        elif called := _GENERIC.fullmatch(bare):
            yield called[1]
        elif len(bare) >= _LEAST and not _QUANTITY.fullmatch(bare):
            yield token


def _bare(written: str) -> str:
    return _BETWEEN.sub("", written)


def _forms(written: str) -> set[str]:
    """What codes of one kind have in common: the letters in front, the kinds of their parts, or the lengths."""
    kinds = _RUNS.sub(lambda run: "9" if run.group().isdigit() else "a", _BETWEEN.sub("_", written))
    bare = _bare(written)
    forms = {" ".join(f"{run[0].isdigit():d}{len(run)}" for run in _RUNS.findall(bare))}
    if "_" in kinds:
        forms.add(kinds)
    if head := _HEAD.match(bare):
        forms.add(head.group())
    return forms


class Codes:
    """Which topics are about which codes; made of what a knowledge base says."""

    def __init__(self, layout: Layout) -> None:
        self._about: dict[str, set[int]] = defaultdict(set)
        self._mentioned: dict[str, set[int]] = defaultdict(set)
        self._alike: dict[str, set[int]] = defaultdict(set)
        for text, topic in zip(layout.texts, layout.text_topics.tolist(), strict=True):
            self._take(text, topic)
        for article, topic in zip(layout.articles, layout.article_topics.tolist(), strict=True):
            for tag in article.tags:
                self._take(tag, topic)
            for code in codes_of(article.answer, told=True):
                self._mentioned[code].add(topic)

    def _take(self, text: str, topic: int) -> None:
        for written in _codes(text, told=False):
            self._about[_bare(written)].add(topic)
            for form in _forms(written):
                self._alike[form].add(topic)

    def asked(self, question: str) -> frozenset[str]:
        """The codes of a question as they are written, known ones also where they are written apart; mostly none."""
        if not _DIGIT.search(question):
            return frozenset()
        found = set(_codes(question, told=False))
        text = canonical(question)
        pieces = [one.span() for one in _TOKEN.finditer(text)]
        for first in range(len(pieces)):
            for last in range(first + 1, min(first + _JOINED, len(pieces))):
                if text[pieces[last - 1][1] : pieces[last][0]].strip():
                    break
                joined = "".join(_bare(text[start:end]) for start, end in pieces[first : last + 1])
                if joined in self._about and _DIGIT.search(joined):
                    found.add(joined)
        return frozenset(found)

    def topics(self, asked: Iterable[str]) -> Indices:
        """Topics that are about one of these codes, in order."""
        return np.array(sorted(self._of(self._about, asked)), np.int64)

    def weigh(self, asked: frozenset[str], topics: Indices, fused: Vectors) -> tuple[Vectors, NDArray[np.bool_]]:
        """The scores of these topics (those in scope) with the codes considered, and whether each is about another
        code than the question, though one of its kind."""
        own, told = self._of(self._about, asked), self._of(self._mentioned, asked)
        alike = {topic for code in asked for form in _forms(code) for topic in self._alike.get(form, ())}
        if not (own or told or alike):
            return fused, np.zeros(len(topics), bool)
        here = set(topics.tolist())
        about, mentioned = own & here, told & here
        known = about or mentioned
        knowing, others = _among(topics, known), _among(topics, alike - known)
        weighed = fused + np.where(knowing, np.float32(_OWN if about else _MENTIONED), np.float32(0))
        if known:
            weighed[others] = np.minimum(weighed[others], weighed[knowing].max() - np.float32(_BEHIND))
        return weighed, others

    @staticmethod
    def _of(known: dict[str, set[int]], asked: Iterable[str]) -> set[int]:
        return {topic for code in asked for topic in known.get(_bare(code), ())}


def _among(topics: Indices, some: set[int]) -> NDArray[np.bool_]:
    """Which of these topics, which are in order, are among some."""
    found = np.zeros(len(topics), bool)
    if some and len(topics):
        wanted = np.fromiter(some, np.int64, len(some))
        places = np.minimum(np.searchsorted(topics, wanted), len(topics) - 1)
        found[places[topics[places] == wanted]] = True
    return found
