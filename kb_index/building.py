"""From articles to a searchable index: encodes what is new, then fits ranking and calibration; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kb_index.calibration import Calibration
from kb_index.fitting import fit
from kb_index.home import fit_home
from kb_index.lexical import LexicalIndex
from kb_index.nearest import NearestVectors
from kb_index.negatives import NEGATIVES
from kb_index.parts import Parts
from kb_index.ranking import Ranking
from kb_index.records import Article, Lesson
from kb_index.settings import IndexSettings
from kb_index.signs import Places
from kb_index.space import Space, Written
from kb_index.text import canonical
from kb_index.topics import Layout, documents, lay_out
from kb_index.trials import learn_head
from kb_index.vectors import Encoder, Progress, Vectors, VectorStore, keys_of

_DRAWN = 1_000  # texts whose mean is that of all, near enough


def build_parts(
    articles: Sequence[Article],
    vectors: VectorStore,
    encoder: Encoder,
    settings: IndexSettings,
    progress: Progress | None,
    fitted: tuple[Ranking, Calibration] | None = None,
    lessons: Sequence[Lesson] = (),
) -> Parts:
    """`fitted`: what an earlier build of the same version found, taken as it is."""
    layout = lay_out(articles, lessons)
    texts = vectors.encode("question", layout.texts, progress)
    told = [number for number, article in enumerate(layout.articles) if settings.passages and _says_more(article)]
    answers = [layout.articles[number].answer for number in told]
    passages = np.zeros((len(layout.articles), encoder.dimensions), np.float32)
    passages[told] = vectors.encode("passage", answers, progress)
    negative_texts = (*NEGATIVES, *layout.lessons.nobodys)
    negatives = vectors.encode("question", negative_texts, progress)
    wrong_texts = [question for question, _ in layout.lessons.wrong]
    wrong = vectors.encode("question", wrong_texts, progress)
    keys = np.concatenate([
        keys_of("question", layout.texts), keys_of("passage", answers),
        keys_of("question", negative_texts), keys_of("question", wrong_texts),
    ])  # fmt: skip
    elsewhere = Written.of(negatives, negative_texts)
    space = space_of(layout, texts, passages, elsewhere)
    places = Places.of(layout, space, texts, passages)
    parts = Parts(
        layout=layout,
        encoder_fingerprint=encoder.fingerprint,
        text_vectors=texts,
        passage_vectors=passages,
        negatives=elsewhere,
        wrong_vectors=wrong,
        space=space,
        places=places,
        nearest_texts=NearestVectors.build(places.texts, settings.exact_up_to),
        nearest_topics=NearestVectors.build(places.families, settings.exact_up_to),
        lexical=LexicalIndex.build(layout.texts, layout.text_topics, layout.topic_count),
        documents=LexicalIndex.build(documents(layout), np.arange(layout.topic_count), layout.topic_count),
        head=learn_head(layout, places, np.arange(len(layout.texts))),
        home=fit_home(places.texts, space.centred(elsewhere)),
        ranking=Ranking(),
        calibration=Calibration(),
        keys=keys,
    )
    if fitted is None:
        return fit(parts, negative_texts, progress, has_seen=encoder.base.fingerprint != encoder.fingerprint)
    return replace(parts, ranking=fitted[0], calibration=fitted[1])


def space_of(layout: Layout, texts: Vectors, passages: Vectors, negatives: Written) -> Space:
    """The geometry of these vectors."""
    answers = [article.answer for article in layout.articles]
    there = np.any(passages != 0, axis=1)
    told = Written.of(passages[there], [answer for answer, has in zip(answers, there, strict=True) if has])
    return Space(Written.of(texts, layout.texts), told, negatives)


def untuned_space(parts: Parts, vectors: VectorStore) -> Space:
    """The geometry of the same texts, or of a draw of them that hardly changes with an edit, under the encoder of
    `vectors`: for what is compared across versions whose layers were tuned differently. Encodes what is unknown."""
    texts, nobodys = parts.layout.texts, (*NEGATIVES, *parts.layout.lessons.nobodys)
    drawn = [texts[row] for row in sorted(range(len(texts)), key=lambda row: parts.keys[row].tobytes())[:_DRAWN]]
    own, elsewhere = (Written.of(vectors.encode("question", some), some) for some in (drawn, nobodys))
    return Space(own, Written.of(own.vectors[:0], ()), elsewhere)


def _says_more(article: Article) -> bool:
    """Whether the answer is worth looking into: some articles only repeat their question."""
    return canonical(article.answer).strip() != canonical(article.question).strip()
