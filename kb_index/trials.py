"""Questions that a knowledge base is tried on while it is built: each of its texts while that text is held out, and
sentences from elsewhere; says what the search would have seen, and decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.head import Head, fit_head
from kb_index.home import held_out_homes
from kb_index.parts import Parts
from kb_index.ranking import Ranking
from kb_index.signs import NOWHERE, SIGNS, Places, measure
from kb_index.space import Vectors, Written, topic_sums, unit
from kb_index.text import terms
from kb_index.topics import Indices, Layout, documents
from kb_index.vectors import Progress

_CHUNK = 128
_RIVALS = 30  # candidates kept of each list
_FOLDS = 4  # heads fitted without the texts that they are tried on
_HEAD = SIGNS.index("head")

LEAST_HELD_OUT = 50  # texts with others beside them; below, nothing is fitted on them


@dataclass(frozen=True, slots=True)
class Trials:
    """For some questions their best topics, the right one first where there is one."""

    signs: Vectors  # (n, topics kept, 7)
    topics: Indices  # (n, topics kept)
    near: Vectors  # (n, topics kept): to the text that came nearest, as language at large sees it
    coverage: Vectors  # (n, topics kept)
    lengths: Indices  # (n,) terms
    at_home: Vectors  # (n,)

    def without_the_first(self) -> Trials:
        """As if the right topic were not there; the head's shares go to the others."""
        signs = self.signs[:, 1:].copy()
        taken = np.minimum(np.exp(self.signs[:, :1, _HEAD]), 0.999)
        signs[:, :, _HEAD] -= np.where(self.signs[:, :1, _HEAD] < 0, np.log1p(-taken), 0)
        return Trials(
            signs, self.topics[:, 1:], self.near[:, 1:], self.coverage[:, 1:], self.lengths, self.at_home
        )  # fmt: skip


def learn_head(layout: Layout, places: Places, rows: Indices) -> Head:
    """A head fitted on these texts and on all answers; a silent one where too few topics have further texts."""
    if (np.diff(layout.text_starts)[layout.text_topics] > 1).sum() < LEAST_HELD_OUT:
        return Head.silent(layout.topic_count, places.texts.shape[1])
    told = places.has_passage
    vectors = np.concatenate([places.whitened[rows], places.passages[told]])
    topics = np.concatenate([layout.text_topics[rows], layout.article_topics[told]])
    return fit_head(vectors, topics, layout.topic_count)


class Asking:
    """Asks the questions of one knowledge base."""

    def __init__(self, parts: Parts, negative_texts: Sequence[str]) -> None:
        layout, space = parts.layout, parts.space
        self._parts = parts
        self._negative_texts = negative_texts
        self._texts_at_large = space.at_large(Written.of(parts.text_vectors, layout.texts))
        self._text_terms = [Counter(terms(text)) for text in layout.texts]
        self._said = [Counter(terms(text)) for text in documents(layout)]
        self._centred_elsewhere = space.centred(parts.negatives)
        self._homes = held_out_homes(parts.places.texts, self._centred_elsewhere)

    def held_out(self, chosen: Indices, progress: Progress | None) -> Trials:
        """Every chosen text asked as a question, itself left out of its topic; the right topic first."""
        layout, places = self._parts.layout, self._parts.places
        sums = topic_sums(places.whitened, layout)
        heads = self._held_out_heads(chosen, progress)
        found: list[Trials] = []
        for rows in _chunks(chosen):
            own, at = layout.text_topics[rows], np.arange(len(rows))
            cosines, shared, document = self._compare(places.texts[rows], [self._text_terms[row] for row in rows])
            cosines[at, rows], shared[at, rows] = NOWHERE, 0
            whitened = places.whitened[rows]
            family = whitened @ places.families.T
            family[at, own] = np.sum(whitened * unit(sums[own] - whitened), axis=1)
            document[at, own] = [
                self._parts.documents.likeness(self._text_terms[row], self._rest(layout.text_topics[row], row))
                for row in rows
            ]
            head = heads[np.searchsorted(chosen, rows)]
            signs = measure(layout, places, cosines, family, shared, document, whitened, head)
            found.append(self._trials(signs, cosines, self._texts_at_large[rows], rows, self._homes[0][rows]))
            if progress:
                progress("fitting", int(np.searchsorted(chosen, rows[-1])) + 1, len(chosen))
        return _joined(found)

    def elsewhere(self) -> Trials:
        """Every sentence from elsewhere."""
        parts, places = self._parts, self._parts.places
        whitened, at_large = parts.space.whitened(parts.negatives), parts.space.at_large(parts.negatives)
        found: list[Trials] = []
        for rows in _chunks(np.arange(len(self._negative_texts))):
            asked = [Counter(parts.documents.asked(self._negative_texts[row])) for row in rows]
            cosines, shared, document = self._compare(self._centred_elsewhere[rows], asked)
            signs = measure(
                parts.layout, places, cosines, whitened[rows] @ places.families.T, shared, document, whitened[rows],
                parts.head.of(whitened[rows]),
            )  # fmt: skip
            found.append(self._trials(signs, cosines, at_large[rows], asked, self._homes[1][rows]))
        return _joined(found)

    def _compare(self, centred: Vectors, asked: Sequence[Counter[str]]) -> tuple[Vectors, Vectors, Vectors]:
        shared, document = self._parts.lexical.match(asked).texts, self._parts.documents.match(asked).texts
        return centred @ self._parts.places.texts.T, shared, document

    def _trials(
        self, signs: Vectors, cosines: Vectors, at_large: Vectors, asked: Indices | Sequence[Counter[str]],
        at_home: Vectors,
    ) -> Trials:  # fmt: skip
        """The topics that matter of each question: `asked` is the rows of held-out texts, or the terms of others."""
        layout = self._parts.layout
        kept, near, coverage, lengths = [], [], [], []
        for place, one in enumerate(asked):
            row = int(one) if isinstance(one, np.integer) else None
            own = None if row is None else int(layout.text_topics[row])
            best = _best(signs[place], own)
            counts = one if row is None else self._text_terms[row]
            nearest = [
                first + int(np.argmax(cosines[place, first:end]))
                for first, end in zip(layout.text_starts[best], layout.text_starts[best + 1], strict=True)
            ]
            kept.append(best)
            lengths.append(len(counts))
            near.append(self._texts_at_large[nearest] @ at_large[place])
            said = [self._rest(topic, row) if topic == own else self._said[topic] for topic in best]
            coverage.append([self._parts.documents.coverage(counts, one) for one in said])
        topics = np.stack(kept)
        return Trials(
            np.take_along_axis(signs, topics[:, :, None], axis=1), topics, np.stack(near).astype(np.float32),
            np.array(coverage, np.float32), np.array(lengths, np.int64), at_home,
        )  # fmt: skip

    def _rest(self, topic: int, left_out: int | None) -> Counter[str]:
        """What a topic says without one of its texts."""
        return self._said[topic] if left_out is None else self._said[topic] - self._text_terms[left_out]

    def _held_out_heads(self, chosen: Indices, progress: Progress | None) -> Vectors:
        """What heads say about the chosen texts that have not seen them, shape (chosen, topics)."""
        layout, places = self._parts.layout, self._parts.places
        found = np.zeros((len(chosen), layout.topic_count), np.float32)
        if not self._parts.head.weights.any():
            return found
        order = np.random.default_rng(5).permutation(len(chosen))
        order = order[np.argsort(layout.text_topics[chosen[order]], kind="stable")]  # each topic's texts in all folds
        for fold in range(_FOLDS):
            asked = np.sort(order[fold::_FOLDS])
            seen = np.setdiff1d(np.arange(len(layout.texts)), chosen[asked])
            found[asked] = learn_head(layout, places, seen).of(places.whitened[chosen[asked]])
            if progress:
                progress("fitting heads", fold + 1, _FOLDS)
        return found


def _best(signs: Vectors, own: int | None) -> Indices:
    """The right topic (where there is one) and its strongest rivals."""
    order = np.argsort(-Ranking().fuse(signs), kind="stable")[: _RIVALS + 1]
    if own is None:
        return order[:_RIVALS]
    return np.concatenate([[own], order[order != own][:_RIVALS]])


def _joined(found: Sequence[Trials]) -> Trials:
    names = ("signs", "topics", "near", "coverage", "lengths", "at_home")
    return Trials(*(np.concatenate([getattr(one, name) for one in found]) for name in names))


def _chunks(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
