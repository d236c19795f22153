"""What learning is worth on files: before, with lessons, with a tuned encoder; asked is what was not learnt from."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from kb_index import tuning
from kb_index.encoders import Encoders, NamedEncoder
from kb_index.records import Article, Lesson
from kb_index.search import KnowledgeIndex
from kb_index.topics import lay_out
from kb_index.vectors import VectorStore
from models.upper.encoder import UpperEncoder
from router.settings import Settings
from scripts.evaluation.asking import Asked, Examiner, WarmEncoder
from scripts.evaluation.files import Question
from scripts.evaluation.measuring import measure
from scripts.progress import ProgressBars
from scripts.training.files import Draw, told

States = dict[str, list[Mapping[str, float | None]]]


async def try_out(
    articles: Sequence[Article], drawn: Sequence[Draw], outside: Sequence[Question], settings: Settings,
    progress: ProgressBars, *, tune: bool, epochs: int,
) -> States:  # fmt: skip
    """The figures of each state for each draw. Raises `KnowledgeError` and `ModelUnavailable`."""
    found: States = {"before": [], "lessons": []}
    encoders = Encoders(settings.encoder, settings.data_dir)
    encoder = await asyncio.to_thread(encoders.load)
    vectors, warm = VectorStore(encoder), WarmEncoder(encoder)
    for draw in drawn:
        for name, lessons in (("before", ()), ("lessons", draw.lessons)):
            figures = await _state(articles, draw, outside, settings, progress, encoder, vectors, warm, lessons)
            found[name].append(figures)
        if tune:
            base, layout = await asyncio.to_thread(encoders.tunable), lay_out(articles, draw.lessons)
            weights = await asyncio.to_thread(tuning.tune, base, layout, progress, epochs=epochs, seed=draw.seed)
            tuned = UpperEncoder(base, weights)
            figures = await _state(
                articles, draw, outside, settings, progress, tuned, VectorStore(tuned), WarmEncoder(tuned),
                draw.lessons,
            )  # fmt: skip
            found.setdefault("tuned encoder", []).append(figures)
    return found


async def _state(
    articles: Sequence[Article], draw: Draw, outside: Sequence[Question], settings: Settings, progress: ProgressBars,
    encoder: NamedEncoder, vectors: VectorStore, warm: WarmEncoder, lessons: Sequence[Lesson],
) -> Mapping[str, float | None]:  # fmt: skip
    index = await asyncio.to_thread(
        KnowledgeIndex.build, articles, encoder, progress, settings=settings.index, vectors=vectors, lessons=lessons
    )
    await asyncio.to_thread(warm.warm, [each.text for each in (*draw.questions, *outside)], progress)
    examiner = Examiner(index, warm, settings.bot)
    inside: list[Asked] = await examiner.ask(draw.questions, progress)
    return told(measure(inside, await examiner.ask(outside, progress, "asking out of scope")))
