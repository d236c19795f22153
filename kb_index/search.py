"""The knowledge index in memory: immutable, finds the articles nearest to a question; knows no storage of articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.building import build_parts
from kb_index.calibration import Calibration
from kb_index.codes import Codes
from kb_index.comparing import Comparing
from kb_index.folder import read_folder, write_folder
from kb_index.languages import languages_of
from kb_index.nearest import IndexKind
from kb_index.parts import Parts
from kb_index.records import Article, Asked, Candidate, Lesson, Scope
from kb_index.rewording import Rewording
from kb_index.scoping import ScopeFilter
from kb_index.settings import IndexSettings
from kb_index.signs import NOWHERE, SIGNS
from kb_index.space import Written
from kb_index.topics import documents
from kb_index.vectors import Encoder, Progress, Vectors, VectorStore

_DENSE, _LEXICAL = SIGNS.index("dense"), SIGNS.index("lexical")
_REMEMBERED = 2_048  # results of questions, some 4 KB each; many customers ask the same


@dataclass(frozen=True, slots=True)
class _Query:
    """Everything that a result depends on, so that equal ones have equal results; arrays as their bytes."""

    question: str
    vector: bytes
    allowed: bytes | None
    locale: str | None
    limit: int


class KnowledgeIndex:
    """All searchable articles of one version; `find` and `find_all` are safe to call from any thread."""

    def __init__(self, parts: Parts, version: int = 0) -> None:
        layout = parts.layout
        self.version = version
        self.parts = parts
        self._layout = layout
        self._by_id = {article.id: article for article in layout.articles}
        self._filter = ScopeFilter(layout.articles)
        self._article_starts: list[int] = layout.article_starts.tolist()  # for one topic at a time
        self._at_large = parts.space.at_large(Written.of(parts.text_vectors, layout.texts))
        self._codes = Codes(layout)
        self._comparing = Comparing(parts, self._codes)
        self._reworded = lru_cache(_REMEMBERED)(Rewording(documents(layout)))
        self._found: dict[_Query, tuple[Candidate, ...]] = {}

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        encoder: Encoder,
        progress: Progress | None = None,
        *,
        settings: IndexSettings | None = None,
        version: int = 0,
        vectors: VectorStore | None = None,
        lessons: Sequence[Lesson] = (),
    ) -> KnowledgeIndex:
        """Encodes the articles (what `vectors` knows is not encoded again), fits ranking and calibration on their
        own variants and on what use has taught."""
        known = vectors or VectorStore(encoder)
        parts = build_parts(articles, known, encoder, settings or IndexSettings(), progress, lessons=lessons)
        return cls(parts, version)

    def save(self, folder: Path) -> str:
        """Writes the cache folder (must not exist) and returns the hash over its files."""
        return write_folder(self.parts, self.version, folder)

    @classmethod
    def load(
        cls, folder: Path, articles: Sequence[Article], encoder: Encoder, lessons: Sequence[Lesson] = ()
    ) -> KnowledgeIndex:
        """Reads a cache folder; raises `IndexDamaged` or `IndexMismatch`."""
        return cls(*read_folder(folder, articles, encoder, lessons))

    @property
    def calibration(self) -> Calibration:
        """Makes the probability out of what `find` gives."""
        return self.parts.calibration

    @property
    def kind(self) -> IndexKind:
        """Whether all texts are compared or a graph is walked."""
        return self.parts.nearest_texts.kind

    @property
    def text_count(self) -> int:
        """Questions and variants that can be found."""
        return len(self._layout.texts)

    def __len__(self) -> int:
        """Articles that can be found."""
        return len(self._layout.articles)

    @property
    def articles(self) -> Sequence[Article]:
        """Everything searchable, as this version pins it."""
        return self._layout.articles

    def article(self, article_id: str) -> Article | None:
        """The article as this version pins it; None where it is not published."""
        return self._by_id.get(article_id)

    def reworded(self, question: str) -> str:
        """The question as this knowledge base would write it; what is searched with, and what its vector is made of."""
        return self._reworded(question)

    def find(self, question: str, vector: Vectors, scope: Scope | None = None, limit: int = 10) -> list[Candidate]:
        """The best candidates first; an article and its translations count as one. Empty where nothing is in scope."""
        return self.find_all([Asked(question, vector, scope or Scope(), limit)])[0]

    def find_all(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        """The same for questions of one moment, a list each: compared together, each as if it were alone."""
        queries = [self._query(one) for one in asked]
        known = self._found
        new = [query for query in dict.fromkeys(queries) if query is not None and query not in known]
        together = self._comparing.together
        if len(known) + len(new) > _REMEMBERED:
            known = self._found = {query: known[query] for query in queries if query is not None and query in known}
        for start in range(0, len(new), together):
            some = new[start : start + together]
            known.update(zip(some, self._search(some), strict=True))
        return [list(known[query]) if query is not None else [] for query in queries]

    def _query(self, asked: Asked) -> _Query | None:
        """None where nothing is in scope."""
        allowed = self._filter.eligible(asked.scope)
        if len(self._layout.articles) == 0 or (allowed is not None and not allowed.any()):
            return None
        mask = None if allowed is None else allowed.tobytes()
        vector = np.asarray(asked.vector, np.float32).tobytes()
        return _Query(asked.question, vector, mask, asked.scope.locale, asked.limit)

    def _search(self, asked: Sequence[_Query]) -> Iterator[tuple[Candidate, ...]]:
        layout, space, questions = self._layout, self.parts.space, [one.question for one in asked]
        allowed = _masks(asked, len(layout.articles))
        vectors = np.stack([np.frombuffer(one.vector, np.float32) for one in asked])
        written = Written(vectors, languages_of(questions))
        query, whitened = space.both(written)
        terms = [Counter(self.parts.documents.asked(question)) for question in questions]
        words, said = self.parts.lexical.match(terms), self.parts.documents.match(terms)
        codes = [self._codes.asked(question) for question in questions]
        topics = self._comparing.promising(query, whitened, words, allowed, codes)
        signs, cosines, starts = self._comparing.signs(topics, query, whitened, words, said, allowed)
        here = signs[..., 0] > NOWHERE
        fused = self.parts.ranking.fuse(signs) - self._comparing.taught_against(topics, query, signs[..., 0])
        fused[~here] = -np.inf
        another_code = np.zeros(fused.shape, bool)
        for row in [row for row, own in enumerate(codes) if own]:
            own = here[row]
            fused[row, own], another_code[row, own] = self._codes.weigh(codes[row], topics[own], fused[row, own])
        best = np.argsort(-fused, axis=1, kind="stable")[:, : max(one.limit for one in asked)]
        texts = self._comparing.nearest(topics, best, cosines, starts)
        near = np.einsum("qkd,qd->qk", self._at_large[texts], space.at_large(written))
        at_home = self.parts.home.of(query).tolist()
        rows = np.arange(len(asked))[:, None]
        found = zip(
            asked,
            topics[best].tolist(),
            texts.tolist(),
            layout.text_articles[texts].tolist(),
            signs[rows, best, _DENSE].tolist(),
            signs[rows, best, _LEXICAL].tolist(),
            fused[rows, best].tolist(),
            np.minimum(said.coverage()[rows, topics[best]], 1.0).tolist(),
            near.tolist(),
            another_code[rows, best].tolist(),
            strict=True,
        )
        for row, (one, *columns) in enumerate(found):
            own_scope = None if allowed is None else allowed[row]
            yield tuple(
                Candidate(
                    article=layout.articles[article := self._member(topic, first, one.locale, own_scope)],
                    score=score,
                    lexical=lexical,
                    rank_score=rank_score,
                    coverage=coverage,
                    length=said.lengths[row],
                    matched_text=layout.texts[text] if layout.text_shown[text] else layout.articles[article].question,
                    near=nearness,
                    at_home=at_home[row],
                    another_code=other,
                )
                for topic, text, first, score, lexical, rank_score, coverage, nearness, other in islice(
                    zip(*columns, strict=True), one.limit
                )
                if rank_score > -np.inf
            )

    def _member(self, topic: int, found: int, locale: str | None, allowed: NDArray[np.bool_] | None) -> int:
        """The article of the topic in the wanted language, else the one that was found."""
        first, end = self._article_starts[topic], self._article_starts[topic + 1]
        if locale is None or end - first == 1:
            return found
        members = [n for n in range(first, end) if allowed is None or allowed[n]]
        for wanted in (locale, locale.split("-")[0]):
            for number in members:
                own = self._layout.articles[number].locale
                if own == wanted or own.split("-")[0] == wanted:
                    return number
        return found


def _masks(asked: Sequence[_Query], articles: int) -> NDArray[np.bool_] | None:
    """The articles in the scope of each question, shape (questions, articles); None where all are."""
    if all(one.allowed is None for one in asked):
        return None
    everything = bytes([True]) * articles
    return np.stack([np.frombuffer(one.allowed or everything, bool) for one in asked])
