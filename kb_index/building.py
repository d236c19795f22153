"""From articles to a searchable index: encodes what is new, then fits ranking and calibration; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kb_index.calibration import Calibration
from kb_index.fitting import fit
from kb_index.lexical import LexicalIndex
from kb_index.nearest import NearestVectors
from kb_index.negatives import NEGATIVES
from kb_index.parts import Parts
from kb_index.ranking import Ranking
from kb_index.records import Article, Lesson
from kb_index.settings import IndexSettings
from kb_index.space import Space, topic_sums, unit
from kb_index.text import canonical
from kb_index.topics import Layout, lay_out
from kb_index.vectors import Encoder, Progress, Vectors, VectorStore, keys_of


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
    parts = assemble(
        layout, encoder.fingerprint, texts, passages, negatives, wrong, keys, settings.exact_up_to,
        fitted or (Ranking(), Calibration()),
    )  # fmt: skip
    if fitted is None:
        return fit(parts, negative_texts, progress)
    return parts


def assemble(
    layout: Layout, fingerprint: str, texts: Vectors, passages: Vectors, negatives: Vectors, wrong: Vectors,
    keys: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], exact_up_to: int, fitted: tuple[Ranking, Calibration],
) -> Parts:  # fmt: skip
    """Everything that follows from the vectors."""
    space = Space(texts, passages[np.any(passages != 0, axis=1)], negatives)
    return Parts(
        layout=layout,
        encoder_fingerprint=fingerprint,
        text_vectors=texts,
        passage_vectors=passages,
        negative_vectors=negatives,
        wrong_vectors=wrong,
        space=space,
        nearest_texts=NearestVectors.build(space.centred(texts), exact_up_to),
        nearest_topics=NearestVectors.build(unit(topic_sums(space.whitened(texts), layout)), exact_up_to),
        lexical=LexicalIndex.build(layout.texts, layout.text_topics, layout.topic_count),
        ranking=fitted[0],
        calibration=fitted[1],
        keys=keys,
    )


def _says_more(article: Article) -> bool:
    """Whether the answer is worth looking into: some articles only repeat their question."""
    return canonical(article.answer).strip() != canonical(article.question).strip()
