"""What speaks for a topic: the signs of likeness between questions and topics, and the arrays they are measured with;
weighs nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.space import Space, Vectors, Written, best_of, topic_sums, unit
from kb_index.topics import Indices, Layout

#: Dense: nearest text. Family: nearest topic, all its texts together. Lexical: words shared with one text. Passage:
#: nearest answer. Head: what sets the topics apart. Document: words shared with everything the topic says. Apart: how
#: far the topic stands from the others; what lies amid many is near to any question (hubs: Radovanović et al. 2010).
SIGNS = ("dense", "family", "lexical", "passage", "head", "document", "apart")

NOWHERE = -2.0  # below every cosine
_NEIGHBOURS = 10  # nearest other topics that say how crowded a place is
_REFERENCES = 2_000  # texts that stand for all others in a large knowledge base


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything stands; all of it follows from the vectors."""

    texts: Vectors  # centred
    whitened: Vectors  # texts
    families: Vectors  # directions of topics
    passages: Vectors  # whitened, one an article
    has_passage: NDArray[np.bool_]
    apart: Vectors  # one a topic

    @classmethod
    def of(cls, layout: Layout, space: Space, texts: Vectors, passages: Vectors) -> Places:
        """From vectors as encoded."""
        written = Written.of(texts, layout.texts)
        centred, whitened = space.centred(written), space.whitened(written)
        answers = Written.of(passages, [article.answer for article in layout.articles])
        return cls(
            texts=centred,
            whitened=whitened,
            families=unit(topic_sums(whitened, layout)),
            passages=space.whitened_passages(answers),
            has_passage=np.any(passages != 0, axis=1),
            apart=_apart(centred, layout),
        )


def measure(
    layout: Layout, places: Places, cosines: Vectors, family: Vectors, shared: Vectors, document: Vectors,
    whitened: Vectors, head: Vectors,
) -> Vectors:  # fmt: skip
    """The signs of every topic for some questions, shape (questions, topics, 7); the same as `KnowledgeIndex.find`
    makes."""
    answers = whitened @ places.passages.T
    answers[:, ~places.has_passage] = NOWHERE
    dense, passage = best_of(cosines, layout.text_starts[:-1]), best_of(answers, layout.article_starts[:-1])
    lexical = best_of(shared, layout.text_starts[:-1])
    apart = np.broadcast_to(places.apart, dense.shape)
    return stack(dense, family, lexical, passage, head, document, apart)


def stack(
    dense: Vectors, family: Vectors, lexical: Vectors, passage: Vectors, head: Vectors, document: Vectors,
    apart: Vectors,
) -> Vectors:  # fmt: skip
    """In the order of `SIGNS`, along a new last axis; a topic without an answer to look into has its texts' sign."""
    passage = np.where(passage > NOWHERE, passage, dense)
    signs = np.empty((*dense.shape, len(SIGNS)), np.float32)
    for place, sign in enumerate((dense, family, lexical, passage, head, document, apart)):
        signs[..., place] = sign
    return signs


def _apart(centred: Vectors, layout: Layout) -> Vectors:
    """Minus the mean cosine of a topic's texts to their nearest other topics."""
    if layout.topic_count < 2:
        return np.zeros(layout.topic_count, np.float32)
    step = max(1, -(-len(centred) // _REFERENCES))
    references, owners = centred[::step], layout.text_topics[::step]
    count = min(_NEIGHBOURS, max(1, layout.topic_count // 4))
    crowded = np.zeros(len(centred), np.float32)
    for start in range(0, len(centred), _REFERENCES):
        rows = slice(start, start + _REFERENCES)
        cosines = centred[rows] @ references.T
        cosines[layout.text_topics[rows, None] == owners] = NOWHERE
        firsts: Indices = np.flatnonzero(np.diff(owners, prepend=-1))
        nearest = best_of(cosines, firsts)
        some = min(count, nearest.shape[1])
        crowded[rows] = np.partition(nearest, nearest.shape[1] - some, axis=1)[:, -some:].mean(axis=1)
    sizes = np.diff(layout.text_starts)
    return np.asarray(-np.add.reduceat(crowded, layout.text_starts[:-1]) / sizes, np.float32)
