"""When a knowledge base is worth tuning layers on, and tuning them: texts in, weights out; stores nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kb_index.errors import KnowledgeError
from kb_index.records import Article, Lesson
from kb_index.topics import Layout, lay_out
from kb_index.vectors import Keys, Progress
from models.encoder import Encoder

if TYPE_CHECKING:
    from models.onnx_encoder import OnnxEncoder
    from models.upper.weights import UpperWeights

FEWEST_TOPICS = 20  # with several texts; fewer teach the layers nothing that holds for others
NEW_SHARE = 0.1  # of the texts came or went: the layers are tuned anew
_MOST_TEXTS = 6_000  # remembered as states, some 25 KB each; a draw of more of them teaches the same
_KEY_BYTES = 16


def is_enough(layout: Layout) -> bool:
    """Whether there are topics enough that are asked for in several ways."""
    return int((np.diff(layout.text_starts) > 1).sum()) >= FEWEST_TOPICS


def is_due(layout: Layout, learnt: Keys | None) -> bool:
    """Whether layers are worth tuning on this; `learnt`: what those at work have seen, None: there are none."""
    if not is_enough(layout):
        return False
    if learnt is None:
        return True
    now, then = ({key.tobytes() for key in keys} for keys in (seen_in(layout), learnt))
    most = max(len(now), len(then))
    return most - len(now & then) >= NEW_SHARE * most


def seen_in(layout: Layout) -> Keys:
    """A hash of each text with its topic, shape (texts, 16)."""
    names = [layout.articles[int(start)].id for start in layout.article_starts[:-1]]
    told = zip(layout.texts, layout.text_topics, strict=True)
    joined = b"".join(hashlib.sha256(f"{names[topic]}\0{text}".encode()).digest()[:_KEY_BYTES] for text, topic in told)
    return np.frombuffer(joined, np.uint8).reshape(-1, _KEY_BYTES)


def tune(
    base: OnnxEncoder, layout: Layout, progress: Progress | None, *, epochs: int | None = None, seed: int = 1
) -> UpperWeights:
    """Layers under which texts of one topic come near each other. Always begins with the encoder's own, never with some
    that were tuned before, so that nothing drifts. Takes about a minute for a thousand texts. Raises `KnowledgeError`
    where there is too little to learn from."""
    from models.upper import training as upper

    chosen = np.arange(len(layout.texts))
    if len(chosen) > _MOST_TEXTS:
        chosen = np.sort(np.random.default_rng(seed).choice(chosen, _MOST_TEXTS, replace=False))
    states = base.states("question", [layout.texts[row] for row in chosen])
    settings = upper.UpperTuning(seed=seed)
    if epochs is not None:
        settings = replace(settings, epochs=epochs)
    try:
        return upper.tune(base.upper_weights(), states, layout.text_topics[chosen], settings, progress or _silent)
    except upper.TooLittleToTune as error:
        raise KnowledgeError(str(error)) from error


def tuned_for(
    encoder: Encoder, articles: Sequence[Article], lessons: Sequence[Lesson], progress: Progress | None,
    *, epochs: int | None = None, seed: int = 1,
) -> Encoder:  # fmt: skip
    """The encoder with layers tuned on these, in memory; as it is where that is not worth it, or it has none."""
    from models.onnx_encoder import OnnxEncoder

    layout = lay_out(articles, lessons)
    if not isinstance(encoder, OnnxEncoder) or not encoder.is_tunable or not is_enough(layout):
        return encoder
    from models.upper.encoder import UpperEncoder

    return UpperEncoder(encoder, tune(encoder, layout, progress, epochs=epochs, seed=seed))


def _silent(doing: str, done: int, total: int) -> None:
    """Nobody watches."""
