"""Learns ranking and calibration from the knowledge base itself: each variant asked while it is held out, each topic
asked for while it is missing, and sentences from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kb_index.calibration import FEATURES, Calibration, Examples, features, fit_calibration
from kb_index.parts import Parts
from kb_index.ranking import Ranking, fit_ranking
from kb_index.records import Candidate
from kb_index.space import best_of, topic_sums, unit
from kb_index.text import terms
from kb_index.vectors import Progress, Vectors

_MOST_SAMPLES = 3_000  # held-out texts looked at; more change nothing but the time
_CHUNK = 128
_RIVALS = 30  # candidates kept of each list
_LEAST_HELD_OUT = 50  # below, the defaults stand
_FEWEST_TOPICS = 10  # below, nothing can be told from what is found while the right topic is missing
_NOWHERE = -2.0  # below every sign

#: What customers are taken to ask: for every question that is answered somewhere in the knowledge base, so much …
_MISSING_SHARE = 0.10  # … of the product but not in the knowledge base
_ELSEWHERE_SHARE = 0.15  # … of something else
_AT_HOME = 0.2  # a sentence from elsewhere that comes as near as all but this share of held-out texts is none


@dataclass(frozen=True, slots=True)
class _Lists:
    """For some questions their best topics: signs (n, 1 + rivals, 4) and topic numbers, the right topic first (or
    nobody)."""

    signs: Vectors
    topics: NDArray[np.int64]


def fit(parts: Parts, negative_texts: Sequence[str], progress: Progress | None) -> Parts:
    """The parts with ranking and calibration fitted; as they are where there is too little to learn from."""
    layout = parts.layout
    if layout.topic_count == 0:
        return parts
    sizes = np.diff(layout.text_starts)
    chosen = np.arange(len(layout.texts))
    if len(chosen) > _MOST_SAMPLES:
        chosen = np.sort(np.random.default_rng(7).choice(chosen, _MOST_SAMPLES, replace=False))
    lists = _lists(parts, chosen, progress)
    held_out = sizes[layout.text_topics[chosen]] > 1
    ranking = fit_ranking(lists.signs[held_out]) if held_out.sum() >= _LEAST_HELD_OUT else Ranking()
    parts = replace(parts, ranking=ranking)
    return replace(parts, calibration=_calibrate(parts, chosen, held_out, lists, negative_texts))


def _calibrate(
    parts: Parts, chosen: NDArray[np.int64], held_out: NDArray[np.bool_], lists: _Lists, negative_texts: Sequence[str]
) -> Calibration:
    texts = [parts.layout.texts[number] for number in chosen]
    words = _Words(parts)
    inside, right = [], []
    for row in np.flatnonzero(held_out):
        found = _candidates(parts, words, texts[row], int(chosen[row]), lists.signs[row], lists.topics[row])
        inside.append(features(found[1]))
        right.append(float(found[0] == lists.topics[row][0]))
    missing = [
        features(_candidates(parts, words, texts[row], None, lists.signs[row][1:], lists.topics[row][1:])[1])
        for row in range(len(chosen) if parts.layout.topic_count > _FEWEST_TOPICS else 0)
    ]
    elsewhere_lists = _elsewhere(parts, negative_texts)
    elsewhere = np.array([
        features(_candidates(parts, words, text, None, elsewhere_lists.signs[row], elsewhere_lists.topics[row])[1])
        for row, text in enumerate(negative_texts)
    ])  # fmt: skip
    if len(inside) < _LEAST_HELD_OUT or not missing:
        return fit_calibration(Examples(np.zeros((0, len(FEATURES))), np.zeros(0), np.array(missing), elsewhere), 0, 0)
    held = np.array(inside)  # a knowledge base may well be about the weather: what looks at home is no negative
    elsewhere = elsewhere[elsewhere[:, 1] < np.quantile(held[:, 1], _AT_HOME)]
    return fit_calibration(
        Examples(held, np.array(right), np.array(missing), elsewhere), _MISSING_SHARE, _ELSEWHERE_SHARE
    )


def _lists(parts: Parts, chosen: NDArray[np.int64], progress: Progress | None) -> _Lists:
    """Every chosen text asked as a question, itself left out of its topic."""
    layout = parts.layout
    texts, whitened = parts.space.centred(parts.text_vectors), parts.space.whitened(parts.text_vectors)
    sums = topic_sums(whitened, layout)
    signs: list[Vectors] = []
    topics: list[NDArray[np.int64]] = []
    for rows in _chunks(chosen):
        own = layout.text_topics[rows]
        at = np.arange(len(rows))
        cosines, shared = texts[rows] @ texts.T, _shared(parts, [layout.texts[row] for row in rows])
        cosines[at, rows], shared[at, rows] = _NOWHERE, 0
        family = whitened[rows] @ unit(sums).T
        family[at, own] = np.sum(whitened[rows] * unit(sums[own] - whitened[rows]), axis=1)
        measured = _measure(parts, cosines, family, shared, whitened[rows])
        for row, topic in enumerate(own):
            kept = _best(parts, measured[row], int(topic))
            signs.append(measured[row][kept])
            topics.append(kept)
        if progress:
            progress("fitting", int(np.searchsorted(chosen, rows[-1])) + 1, len(chosen))
    return _Lists(np.stack(signs), np.stack(topics))


def _elsewhere(parts: Parts, negative_texts: Sequence[str]) -> _Lists:
    texts = parts.space.centred(parts.text_vectors)
    families = unit(topic_sums(parts.space.whitened(parts.text_vectors), parts.layout))
    signs: list[Vectors] = []
    topics: list[NDArray[np.int64]] = []
    for rows in _chunks(np.arange(len(negative_texts))):
        vectors = parts.negative_vectors[rows]
        whitened = parts.space.whitened(vectors)
        shared = _shared(parts, [negative_texts[row] for row in rows])
        measured = _measure(parts, parts.space.centred(vectors) @ texts.T, whitened @ families.T, shared, whitened)
        for row in range(len(rows)):
            kept = _best(parts, measured[row], None)
            signs.append(measured[row][kept])
            topics.append(kept)
    return _Lists(np.stack(signs), np.stack(topics))


def _measure(parts: Parts, cosines: Vectors, family: Vectors, shared: Vectors, whitened: Vectors) -> Vectors:
    """The signs of every topic for some questions, shape (questions, topics, 4); the same as `KnowledgeIndex.find`
    makes."""
    layout = parts.layout
    has_passage = np.any(parts.passage_vectors != 0, axis=1)
    answers = whitened @ parts.space.whitened_passages(parts.passage_vectors).T
    answers[:, ~has_passage] = _NOWHERE
    passage = best_of(answers, layout.article_starts[:-1])
    dense, lexical = best_of(cosines, layout.text_starts[:-1]), best_of(shared, layout.text_starts[:-1])
    passage = np.where(passage > _NOWHERE, passage, dense)
    return np.stack([dense, family, lexical, passage], axis=2).astype(np.float32)


def _best(parts: Parts, measured: Vectors, own: int | None) -> NDArray[np.int64]:
    """The right topic (where there is one) and its strongest rivals."""
    fused = Ranking().fuse(measured)
    order = np.argsort(-fused)[: _RIVALS + 1]
    if own is None:
        return order[:_RIVALS]
    rivals = order[order != own][:_RIVALS]
    return np.concatenate([[own], rivals])


def _candidates(
    parts: Parts, words: _Words, text: str, left_out: int | None, signs: Vectors, topics: NDArray[np.int64]
) -> tuple[int, list[Candidate]]:
    """The topic that wins, and the list as a customer's question would have given it."""
    fused = parts.ranking.fuse(signs)
    order = np.argsort(-fused, kind="stable")[:5]
    length, coverage = words.coverage(text, int(topics[order[0]]), left_out)
    article = parts.layout.articles[0]  # which article it is plays no part in the features
    return int(topics[order[0]]), [
        Candidate(article, float(signs[n, 0]), float(signs[n, 2]), float(fused[n]), coverage, length, "") for n in order
    ]


class _Words:
    """How much of a question a topic's other texts cover."""

    def __init__(self, parts: Parts) -> None:
        self._layout = parts.layout
        self._terms = [frozenset(terms(text)) for text in parts.layout.texts]
        self._lexical = parts.lexical

    def coverage(self, text: str, topic: int, left_out: int | None) -> tuple[int, float]:
        """The question's length in terms and the covered share."""
        asked = self._lexical.weigh(terms(text))
        first, end = self._layout.text_starts[topic], self._layout.text_starts[topic + 1]
        known: set[str] = set()
        for number in range(first, end):
            if number != left_out:
                known |= self._terms[number]
        total = sum(asked.values())
        return len(asked), sum(weight for term, weight in asked.items() if term in known) / total if total else 0.0


def _shared(parts: Parts, texts: Sequence[str]) -> Vectors:
    return np.stack([parts.lexical.match(text).texts for text in texts])


def _chunks(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
