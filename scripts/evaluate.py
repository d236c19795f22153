"""`python -m scripts.evaluate`: asks the server's own answering code every question of a file, each alone.

Needs no database and no server: the index is built in memory from the article files.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from database.clock import SystemClock
from kb_index.errors import KnowledgeError
from kb_index.reading.files import read_files
from kb_index.records import Article
from kb_index.search import KnowledgeIndex
from kb_index.tuning import tuned_for
from models.encoder import Encoder
from models.loading import load_encoder
from router.settings import Settings, load_settings
from scripts.evaluation import files, messages, writing
from scripts.evaluation.asking import Asked, Examiner, WarmEncoder, families
from scripts.evaluation.measuring import Figures, measure
from scripts.evaluation.report import Material, report
from scripts.evaluation.signals import signals_of
from scripts.evaluation.trades import without_threshold
from scripts.opening import run, say
from scripts.progress import ProgressBars

_SHOWN_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Given:
    """What the files hold."""

    inside: list[files.Question] = field(default_factory=list)
    outside: list[files.Question] = field(default_factory=list)
    messages: list[files.Message] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """Everything that will be put to the bot."""
        return [*(one.text for one in (*self.inside, *self.outside)), *(one.text for one in self.messages)]


@dataclass(frozen=True, slots=True)
class Examined:
    """What the bot made of it, and over how long."""

    inside: list[Asked]
    outside: list[Asked]
    messages: list[messages.Read]
    eager: list[Asked]  # the questions again without a threshold, where a report is wanted
    seconds: float

    @property
    def count(self) -> int:
        """How much was put to the bot."""
        return len(self.inside) + len(self.outside) + len(self.messages)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 on a failure told in one line, 2 on wrong usage."""
    options = _parse(argv)

    async def command() -> int:
        return await _evaluate(options)

    return run(command)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.evaluate",
        description="Builds an index in memory from the articles, asks the bot every question, prints the metrics.",
    )
    several: dict[str, Any] = {"nargs": "+", "type": Path, "default": [], "metavar": "FILE"}
    parser.add_argument("--articles", **several, help="article files or folders")
    parser.add_argument("--questions", **several, help='JSONL {"text", "faq_id", "style"?, "language"?}')
    parser.add_argument("--out-of-scope", **several, help='JSONL {"text", "style"?, "language"?}')
    parser.add_argument(
        "--messages",
        **several,
        help='JSONL {"text", "emotion"?, "urgency"?, "topic"?, "wants_human"?}; needs no articles',
    )
    parser.add_argument("--decisions", type=Path, metavar="OUT.jsonl", help="write one line for each question")
    parser.add_argument("--report", type=Path, metavar="OUT.html", help="write a page for editors")
    parser.add_argument("--json", action="store_true", help="print the metrics as one JSON object")
    options = parser.parse_args(argv)
    if not options.questions and not options.messages:
        parser.error("give --questions, --messages or both")
    if options.questions and not options.articles:
        parser.error("--questions needs --articles")
    if options.out_of_scope and not options.questions:
        parser.error("--out-of-scope needs --questions")
    return options


async def _evaluate(options: argparse.Namespace) -> int:
    settings = load_settings([], os.environ)
    for out in (options.decisions, options.report):
        if out is not None and not out.absolute().parent.is_dir():  # said before the work, not after it
            raise KnowledgeError(f"{out.parent}: no such folder")
    given = Given(
        files.read_questions(options.questions, in_scope=True),
        files.read_questions(options.out_of_scope, in_scope=False),
        files.read_messages(options.messages),
    )
    with ProgressBars() as progress:
        articles = await _articles(options.articles, progress)
        encoder = await asyncio.to_thread(load_encoder, settings.encoder)
        began = time.perf_counter()
        encoder, index = await _build(articles, encoder, settings, progress)
        build_seconds = time.perf_counter() - began
        examined = await _examine(given, index, encoder, settings, progress, eagerly=options.report is not None)
    unknown = {question.expected for question in given.inside if question.expected} - {a.id for a in articles}
    if unknown:
        say(f"{len(unknown)} expected articles are not among the articles, e.g. {min(unknown)}")
    if options.decisions:
        _write_decisions(options.decisions, examined)
    figures: Figures = measure(examined.inside, examined.outside) if examined.inside else {}
    if examined.messages:
        figures |= messages.measure_messages(examined.messages)
    figures |= {
        "articles": len(index) if index is not None else 0,
        "questions_per_second": round(examined.count / max(examined.seconds, 1e-9), 1),
        "build_seconds": round(build_seconds, 2),
        "encoder": encoder.name,
    }
    if options.report:
        material = Material(
            examined.inside,
            examined.outside,
            examined.eager,
            examined.messages,
            figures,
            {article.id: article.question for article in articles},
            families(index) if index is not None else {},
            settings.bot,
            encoder.name,
            SystemClock().now(),
        )
        options.report.write_text(report(material), encoding="utf-8")
    if options.json:
        print(msgspec.json.encode(figures).decode())
    else:
        print("\n".join(writing.lines_of(figures)))
    return 0


async def _articles(paths: Sequence[Path], progress: ProgressBars) -> list[Article]:
    if not paths:
        return []
    read = await asyncio.to_thread(read_files, paths, progress)
    for fault in read.faults[:_SHOWN_FAULTS]:
        say(str(fault))
    if len(read.faults) > _SHOWN_FAULTS:
        say(f"… and {len(read.faults) - _SHOWN_FAULTS} more faults")
    if not read.articles:
        raise KnowledgeError("there are no articles to evaluate")
    return [found.article for found in read.articles]


async def _build(
    articles: Sequence[Article], encoder: Encoder, settings: Settings, progress: ProgressBars
) -> tuple[Encoder, KnowledgeIndex | None]:
    """The index with the encoder that it is searched with, tuned where a server would have done it after a while."""
    if not articles:
        return encoder, None
    if settings.index.tunes:
        encoder = await asyncio.to_thread(tuned_for, encoder, articles, (), progress)
    index = await asyncio.to_thread(KnowledgeIndex.build, articles, encoder, progress, settings=settings.index)
    return encoder, index


async def _examine(
    given: Given,
    index: KnowledgeIndex | None,
    encoder: Encoder,
    settings: Settings,
    progress: ProgressBars,
    *,
    eagerly: bool,
) -> Examined:
    signals = await asyncio.to_thread(signals_of, settings, encoder, progress)
    began = time.perf_counter()
    warm = WarmEncoder(encoder)
    await asyncio.to_thread(warm.warm, given.texts, progress)
    examiner = Examiner(index, warm, settings.bot, signals, settings.signals)
    inside = await examiner.ask(given.inside, progress)
    outside = await examiner.ask(given.outside, progress, "asking out of scope")
    read = await messages.read(examiner, given.messages, progress)
    seconds = time.perf_counter() - began
    eager = Examiner(index, warm, without_threshold(settings.bot), signals, settings.signals)
    again = await eager.ask([*given.inside, *given.outside], progress, "trying other thresholds") if eagerly else []
    return Examined(inside, outside, read, again, seconds)


def _write_decisions(path: Path, examined: Examined) -> None:
    with path.open("wb") as out:
        for one in (*examined.inside, *examined.outside):
            line = writing.decision_line(one.question.text, one.question.expected, one.decision, one.elapsed_ms)
            out.write(line + b"\n")
        for read in examined.messages:
            out.write(writing.decision_line(read.message.text, None, read.decision, read.elapsed_ms) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
