"""A tuned encoder out of articles and labels, made ready to serve in a folder of its own; promotes nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kb_index.encoders import TunedEncoder, encoders_folder
from kb_index.errors import KnowledgeError
from kb_index.records import Article, Lesson
from models.loading import fingerprint_of, training_source
from models.manifest import prepared_folder, read_manifest
from models.prepare import prepare
from models.settings import EncoderSettings
from models.text import normalised
from scripts.progress import ProgressBars


def tune_encoder(
    articles: Sequence[Article], lessons: Sequence[Lesson], settings: EncoderSettings, data_dir: Path,
    progress: ProgressBars, *, epochs: int, seed: int = 1,
) -> TunedEncoder:  # fmt: skip
    """Always begins with the configured encoder, never with one tuned before, so that nothing drifts.

    Raises `KnowledgeError` where there is too little to learn from, `ModelUnavailable` where it has no source.
    """
    if settings.name == "hashing" and settings.folder is None:
        raise KnowledgeError("the encoder hashing cannot be tuned; it knows nothing")
    from models import fine_tuning  # torch takes seconds to import

    manifest = read_manifest(prepared_folder(settings))
    folder = encoders_folder(data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    work = folder / f".tuning-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        topics = [fine_tuning.Topic(*parts) for parts in _topics(articles, lessons)]
        prompts = (manifest.question_prompt, manifest.passage_prompt)
        how = fine_tuning.TuningSettings(epochs=epochs, seed=seed)
        model = work / f"{manifest.name}-tuned"
        fine_tuning.tune(training_source(settings), topics, prompts, model, how, progress)
        progress.close()
        source = replace(settings, folder=str(model), cache_dir=str(work / "prepared"))
        made = prepare(source, lambda step: progress(f"preparing the tuned encoder: {step}", 0, 1))
        named = replace(settings, folder=str(made))
        final = folder / fingerprint_of(named)
        shutil.rmtree(final, ignore_errors=True)
        made.rename(final)
    except fine_tuning.TooLittleToLearn as error:
        raise KnowledgeError(str(error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return TunedEncoder(final.name, fingerprint_of(settings))


def discard(tuned: TunedEncoder, data_dir: Path) -> None:
    """Removes a tuned encoder that was not promoted."""
    shutil.rmtree(encoders_folder(data_dir) / tuned.folder, ignore_errors=True)


def _topics(
    articles: Sequence[Article], lessons: Sequence[Lesson]
) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Texts, answer and wrong questions of each article."""
    texts: dict[str, list[str]] = {}
    wrong: dict[str, list[str]] = {}
    for article in articles:
        if article.status == "published":
            texts[article.id] = [article.question, *article.variants]
    for lesson in lessons:
        if lesson.article_id in texts:
            (texts if lesson.right else wrong).setdefault(lesson.article_id, []).append(lesson.question)
    answers = {article.id: article.answer for article in articles}
    return [
        (tuple(dict.fromkeys(own)), _passage(own[0], answers[name]), tuple(wrong.get(name, ())))
        for name, own in texts.items()
    ]


def _passage(question: str, answer: str) -> str:
    """The answer, unless it only repeats the question."""
    return "" if normalised(answer) == normalised(question) else answer
