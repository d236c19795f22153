"""How near questions come to topics: which topics are worth a close look, the signs of likeness of several questions to
each, and what use has taught against them; puts nothing in order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kb_index.codes import Codes
from kb_index.lexical import LexicalMatch
from kb_index.parts import Parts
from kb_index.signs import NOWHERE, stack
from kb_index.space import Written, best_of
from kb_index.vectors import Vectors

_NEAREST_TEXTS = 256  # texts looked at closely; with their topics' other texts
_NEAREST_TOPICS = 64
_NEAREST_IN_WORDS = 64
_ALL_AT_ONCE = 4_000  # texts up to which comparing all costs less than choosing
_ALIKE = 0.5  # a wrong lesson below this cosine is about something else
_LOSS = 30.0  # log odds lost for a wrong lesson that comes nearer by a cosine of 1
_TOGETHER = 32  # questions; more of them make arrays larger than the core's own memory


class Comparing:
    """The comparisons of one knowledge base; every array of several questions has a row for each."""

    def __init__(self, parts: Parts, codes: Codes) -> None:
        layout = parts.layout
        self._parts = parts
        self._layout = layout
        self._places = parts.places
        self._codes = codes
        self._wrong = parts.space.centred(Written.of(parts.wrong_vectors, [text for text, _ in layout.lessons.wrong]))
        nobodys = len(parts.negatives.vectors) - len(layout.lessons.nobodys)
        self._nobodys = parts.space.centred(parts.negatives)[nobodys:]

    @property
    def together(self) -> int:
        """How many questions may be compared in one go: one where the topics to look at are chosen for each."""
        return _TOGETHER if self._takes_all else 1

    @property
    def _takes_all(self) -> bool:
        return len(self._layout.texts) <= _ALL_AT_ONCE

    def promising(
        self, query: Vectors, whitened: Vectors, words: LexicalMatch, allowed: NDArray[np.bool_] | None,
        codes: Sequence[frozenset[str]],
    ) -> NDArray[np.int64]:  # fmt: skip
        """Topics worth a close look, in order: near in meaning, as a whole, in words, or about a code of the question,
        which is one then; all of them in a small knowledge base."""
        layout = self._layout
        if self._takes_all:
            return np.arange(layout.topic_count)
        texts_allowed = None if allowed is None else allowed[0, layout.text_articles]
        near = self._parts.nearest_texts.search(query[0], _NEAREST_TEXTS, texts_allowed)
        families = self._parts.nearest_topics.search(whitened[0], _NEAREST_TOPICS, None)
        shared = words.texts[0] if texts_allowed is None else np.where(texts_allowed, words.texts[0], 0)
        in_words = np.argpartition(-shared, _NEAREST_IN_WORDS)[:_NEAREST_IN_WORDS]
        coded = self._codes.topics(codes[0])
        return np.unique(np.concatenate([layout.text_topics[near], families, layout.text_topics[in_words], coded]))

    def signs(
        self, topics: NDArray[np.int64], query: Vectors, whitened: Vectors, words: LexicalMatch, said: LexicalMatch,
        allowed: NDArray[np.bool_] | None,
    ) -> tuple[Vectors, Vectors, NDArray[np.int64]]:  # fmt: skip
        """The signs of these topics, shape (questions, topics, 7), the cosines of their texts, and where each topic's
        begin."""
        layout, places = self._layout, self._places
        shared, in_scope = words.texts, None if allowed is None else allowed[:, layout.text_articles]
        has_passage = places.has_passage if allowed is None else places.has_passage & allowed
        head, document, apart = self._parts.head.of(whitened), said.texts, places.apart
        if len(topics) == layout.topic_count:
            text_starts, article_starts = layout.text_starts[:-1], layout.article_starts[:-1]
            cosines, family, answers = (
                query @ places.texts.T,
                whitened @ places.families.T,
                whitened @ places.passages.T,
            )
        else:
            texts, text_starts = _runs(layout.text_starts, topics)
            articles, article_starts = _runs(layout.article_starts, topics)
            cosines, family = query @ places.texts[texts].T, whitened @ places.families[topics].T
            answers, shared = whitened @ places.passages[articles].T, shared[:, texts]
            head, document, apart = head[:, topics], document[:, topics], apart[topics]
            has_passage = has_passage[..., articles]
            in_scope = None if in_scope is None else in_scope[:, texts]
        if in_scope is not None:
            cosines[~in_scope] = NOWHERE
            shared = np.where(in_scope, shared, np.float32(0))
        dense, lexical = best_of(cosines, text_starts), best_of(shared, text_starts)
        passage = best_of(np.where(has_passage, answers, np.float32(NOWHERE)), article_starts)
        return stack(dense, family, lexical, passage, head, document, apart), cosines, text_starts

    def nearest(
        self, topics: NDArray[np.int64], best: NDArray[np.int64], cosines: Vectors, starts: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The nearest text of each of the best topics, shape as `best`, which counts along `topics`."""
        first_texts = self._layout.text_starts[topics[best]].ravel()
        sizes = self._layout.text_starts[topics[best] + 1].ravel() - first_texts
        begins = np.cumsum(sizes) - sizes
        columns = np.repeat(starts[best].ravel() - begins, sizes) + np.arange(int(sizes.sum()))
        own = cosines[np.repeat(np.repeat(np.arange(len(best)), best.shape[1]), sizes), columns]
        highest = np.flatnonzero(own == np.repeat(best_of(own, begins), sizes))
        places = highest[np.searchsorted(highest, begins)] - begins
        return np.asarray(first_texts + places, np.int64).reshape(best.shape)

    def taught_against(self, topics: NDArray[np.int64], query: Vectors, dense: Vectors) -> Vectors:
        """What each topic loses where a question that it does not answer, or that nothing does, comes nearer."""
        lost = np.zeros(dense.shape, np.float32)
        if len(self._nobodys):
            nearest = (query @ self._nobodys.T).max(axis=1) - np.maximum(dense.max(axis=1), np.float32(_ALIKE))
            lost += np.maximum(nearest, 0)[:, None] * np.float32(_LOSS)
        if len(self._wrong):
            places = np.searchsorted(topics, self._layout.wrong_topics)
            here = places < len(topics)
            here[here] = topics[places[here]] == self._layout.wrong_topics[here]
            places = places[here]
            nearer = query @ self._wrong[here].T - np.maximum(dense[:, places], np.float32(_ALIKE))
            for column, more in zip(places.tolist(), nearer.T * np.float32(_LOSS), strict=True):
                np.maximum(lost[:, column], more, out=lost[:, column])
        return lost


def _runs(starts: NDArray[np.int64], chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The members of the chosen runs end to end, and where each run begins in that list."""
    firsts, lengths = starts[chosen], starts[chosen + 1] - starts[chosen]
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    members = np.repeat(firsts - begins, lengths) + np.arange(int(lengths.sum()))
    return members, begins
