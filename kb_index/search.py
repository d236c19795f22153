"""The knowledge index in memory: immutable, finds the articles nearest to a question; knows no storage of articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.building import build_parts
from kb_index.calibration import Calibration
from kb_index.codes import Codes
from kb_index.folder import read_folder, write_folder
from kb_index.languages import languages_of
from kb_index.lexical import LexicalMatch
from kb_index.nearest import IndexKind
from kb_index.parts import Parts
from kb_index.records import Article, Candidate, Lesson, Scope
from kb_index.rewording import Rewording
from kb_index.scoping import ScopeFilter
from kb_index.settings import IndexSettings
from kb_index.signs import NOWHERE, stack
from kb_index.space import Written, best_of
from kb_index.topics import documents
from kb_index.vectors import Encoder, Progress, Vectors, VectorStore

_NEAREST_TEXTS = 256  # texts looked at closely; with their topics' other texts
_NEAREST_TOPICS = 64
_NEAREST_IN_WORDS = 64
_ALL_AT_ONCE = 4_000  # texts up to which comparing all costs less than choosing
_ALIKE = 0.5  # a wrong lesson below this cosine is about something else
_LOSS = 30.0  # log odds lost for a wrong lesson that comes nearer by a cosine of 1
_REMEMBERED = 2_048  # results of questions, some 4 KB each; many customers ask the same


@dataclass(frozen=True, slots=True)
class _Asked:
    """Everything that a result depends on, so that equal ones have equal results; arrays as their bytes."""

    question: str
    vector: bytes
    allowed: bytes | None
    locale: str | None
    limit: int


class KnowledgeIndex:
    """All searchable articles of one version; `find` is safe to call from any thread."""

    def __init__(self, parts: Parts, version: int = 0) -> None:
        layout = parts.layout
        self.version = version
        self.parts = parts
        self._layout = layout
        self._by_id = {article.id: article for article in layout.articles}
        self._filter = ScopeFilter(layout.articles)
        self._article_starts: list[int] = layout.article_starts.tolist()  # for one topic at a time
        self._places = parts.places
        self._at_large = parts.space.at_large(Written.of(parts.text_vectors, layout.texts))
        self._wrong = parts.space.centred(Written.of(parts.wrong_vectors, [text for text, _ in layout.lessons.wrong]))
        nobodys = len(parts.negatives.vectors) - len(layout.lessons.nobodys)
        self._nobodys = parts.space.centred(parts.negatives)[nobodys:]
        self._codes = Codes(layout)
        self._reworded = lru_cache(_REMEMBERED)(Rewording(documents(layout)))
        self._found: dict[_Asked, tuple[Candidate, ...]] = {}

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
        scope = scope or Scope()
        allowed = self._filter.eligible(scope)
        if len(self._layout.articles) == 0 or (allowed is not None and not allowed.any()):
            return []
        mask = None if allowed is None else allowed.tobytes()
        asked = _Asked(question, np.asarray(vector, np.float32).tobytes(), mask, scope.locale, limit)
        found = self._found.get(asked)
        if found is None:
            found = self._search(asked)
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[asked] = found
        return list(found)

    def _search(self, asked: _Asked) -> tuple[Candidate, ...]:
        layout = self._layout
        allowed = None if asked.allowed is None else np.frombuffer(asked.allowed, bool)
        vector = np.frombuffer(asked.vector, np.float32)
        written = Written(vector, languages_of((asked.question,))[0])
        query, whitened = self.parts.space.both(written)
        found_terms = self.parts.documents.asked(asked.question)
        words, said = self.parts.lexical.match(found_terms), self.parts.documents.match(found_terms)
        codes = self._codes.asked(asked.question)
        topics = self._promising(query, whitened, words, allowed)
        if codes:
            topics = np.union1d(topics, self._codes.topics(codes))
        signs, cosines, starts = self._signs(topics, query, whitened, words, said, allowed)
        fused = self.parts.ranking.fuse(signs) - self._taught_against(topics, query, signs[:, 0])
        fused = np.where(signs[:, 0] > NOWHERE, fused, -np.inf)
        another_code = np.zeros(len(topics), bool)
        if codes:
            here = signs[:, 0] > NOWHERE
            fused[here], another_code[here] = self._codes.weigh(codes, topics[here], fused[here])
        best = np.argsort(-fused, kind="stable")[: asked.limit]
        best = best[fused[best] > -np.inf]
        chosen = topics[best]
        text_starts = layout.text_starts[chosen]
        sizes = layout.text_starts[chosen + 1] - text_starts
        nearest = [int(cosines[first : first + size].argmax()) for first, size in zip(starts[best], sizes, strict=True)]
        texts = text_starts + np.array(nearest, np.int64)
        near = self._at_large[texts] @ self.parts.space.at_large(written)
        at_home = float(self.parts.home.of(query))
        return tuple(
            Candidate(
                article=layout.articles[article := self._member(topic, found, asked.locale, allowed)],
                score=score,
                lexical=lexical,
                rank_score=rank_score,
                coverage=min(coverage, 1.0),
                length=said.length,
                matched_text=layout.texts[text] if layout.text_shown[text] else layout.articles[article].question,
                near=nearness,
                at_home=at_home,
                another_code=other,
            )
            for topic, text, found, score, lexical, rank_score, coverage, nearness, other in zip(
                chosen.tolist(),
                texts.tolist(),
                layout.text_articles[texts].tolist(),
                signs[best, 0].tolist(),
                signs[best, 2].tolist(),
                fused[best].tolist(),
                said.coverage()[chosen].tolist(),
                near.tolist(),
                another_code[best].tolist(),
                strict=True,
            )
        )

    def _promising(
        self, query: Vectors, whitened: Vectors, words: LexicalMatch, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """Topics worth a close look: near in meaning, as a whole, or in words; all of them in a small knowledge
        base."""
        layout = self._layout
        texts_allowed = None if allowed is None else allowed[layout.text_articles]
        if len(layout.texts) <= _ALL_AT_ONCE:
            return np.arange(layout.topic_count)
        near = self.parts.nearest_texts.search(query, _NEAREST_TEXTS, texts_allowed)
        families = self.parts.nearest_topics.search(whitened, _NEAREST_TOPICS, None)
        shared = words.texts if texts_allowed is None else np.where(texts_allowed, words.texts, 0)
        in_words = np.argpartition(-shared, _NEAREST_IN_WORDS)[:_NEAREST_IN_WORDS]
        return np.unique(np.concatenate([layout.text_topics[near], families, layout.text_topics[in_words]]))

    def _signs(
        self, topics: NDArray[np.int64], query: Vectors, whitened: Vectors, words: LexicalMatch, said: LexicalMatch,
        allowed: NDArray[np.bool_] | None,
    ) -> tuple[Vectors, Vectors, NDArray[np.int64]]:  # fmt: skip
        """The signs of these topics, shape (topics, 7), the cosines of their texts, and where each topic's begin."""
        layout, places = self._layout, self._places
        shared, in_scope = words.texts, None if allowed is None else allowed[layout.text_articles]
        head, document, apart = self.parts.head.of(whitened), said.texts, places.apart
        if len(topics) == layout.topic_count:
            text_starts, article_starts = layout.text_starts[:-1], layout.article_starts[:-1]
            cosines, family, answers = places.texts @ query, places.families @ whitened, places.passages @ whitened
            has_passage = places.has_passage if allowed is None else places.has_passage & allowed
        else:
            texts, text_starts = _runs(layout.text_starts, topics)
            articles, article_starts = _runs(layout.article_starts, topics)
            cosines, family = places.texts[texts] @ query, places.families[topics] @ whitened
            answers, shared = places.passages[articles] @ whitened, shared[texts]
            head, document, apart = head[topics], document[topics], apart[topics]
            told = places.has_passage if allowed is None else places.has_passage & allowed
            has_passage = told[articles]
            in_scope = None if in_scope is None else in_scope[texts]
        if in_scope is not None:
            cosines = np.where(in_scope, cosines, np.float32(NOWHERE))
            shared = np.where(in_scope, shared, np.float32(0))
        dense, lexical = best_of(cosines, text_starts), best_of(shared, text_starts)
        passage = best_of(np.where(has_passage, answers, np.float32(NOWHERE)), article_starts)
        return stack(dense, family, lexical, passage, head, document, apart), cosines, text_starts

    def _taught_against(self, topics: NDArray[np.int64], query: Vectors, dense: Vectors) -> Vectors:
        """What each topic loses where a question that it does not answer, or that nothing does, comes nearer."""
        lost = np.zeros(len(topics), np.float32)
        if len(self._nobodys):
            lost += max(float((self._nobodys @ query).max()) - max(float(dense.max()), _ALIKE), 0.0) * _LOSS
        if len(self._wrong):
            places = np.searchsorted(topics, self._layout.wrong_topics)
            here = places < len(topics)
            here[here] = topics[places[here]] == self._layout.wrong_topics[here]
            places = places[here]
            nearer = self._wrong[here] @ query - np.maximum(dense[places], _ALIKE)
            np.maximum.at(lost, places, nearer * np.float32(_LOSS))
        return lost

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


def _runs(starts: NDArray[np.int64], chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The members of the chosen runs end to end, and where each run begins in that list."""
    firsts, lengths = starts[chosen], starts[chosen + 1] - starts[chosen]
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    members = np.repeat(firsts - begins, lengths) + np.arange(int(lengths.sum()))
    return members, begins
