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
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answering import Answerer
from bot.records import Answer, Clarification, Decision, Handoff, Turn
from bot.settings import BotSettings
from kb_index.errors import KnowledgeError
from kb_index.reading.files import read_files
from kb_index.search import KnowledgeIndex
from models.encoder import Encoder
from models.loading import load_encoder
from router.settings import load_settings
from scripts.metrics import auroc, calibration_error, mean_reciprocal_rank, recall_at, right_at_precision
from scripts.opening import run, say
from scripts.progress import ProgressBars

_BATCH = 64
_PRECISION = 0.9
_SHOWN_FAULTS = 20


class _Line(msgspec.Struct):
    text: str
    faq_id: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file; `expected` is None out of scope."""

    text: str
    expected: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what the bot decided and how long it took, encoding included."""

    question: Question
    decision: Decision
    elapsed_ms: float


class WarmEncoder:
    """Question vectors encoded in batches beforehand; each remembers its share of the time, so that none comes free."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._seconds: dict[str, float] = {}

    def warm(self, texts: Sequence[str], progress: ProgressBars) -> None:
        """Encodes the texts, alike lengths together."""
        waiting = sorted(set(texts), key=len)
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            began = time.perf_counter()
            vectors = self._encoder.encode_questions(batch)
            seconds = (time.perf_counter() - began) / len(batch)
            for text, vector in zip(batch, vectors, strict=True):
                self._vectors[text], self._seconds[text] = vector, seconds
            progress("encoding questions to ask", start + len(batch), len(waiting))

    async def question_vector(self, text: str) -> NDArray[np.float32]:
        """The vector of a text; one that the bot worded itself is encoded now."""
        vector = self._vectors.get(text)
        return vector if vector is not None else self._encoder.encode_questions([text])[0]

    def seconds(self, text: str) -> float:
        """What encoding it beforehand took."""
        return self._seconds.get(text, 0.0)


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
    parser.add_argument(
        "--articles", nargs="+", type=Path, required=True, metavar="FILE", help="article files or folders"
    )
    parser.add_argument("--questions", type=Path, required=True, metavar="FILE", help='JSONL {"text", "faq_id"}')
    parser.add_argument("--out-of-scope", type=Path, metavar="FILE", help='JSONL {"text"}')
    parser.add_argument("--decisions", type=Path, metavar="OUT.jsonl", help="write one line for each question")
    parser.add_argument("--json", action="store_true", help="print the metrics as one JSON object")
    return parser.parse_args(argv)


async def _evaluate(options: argparse.Namespace) -> int:
    settings = load_settings([], os.environ)
    questions = _read_questions(options.questions, in_scope=True)
    outside = _read_questions(options.out_of_scope, in_scope=False) if options.out_of_scope else []
    with ProgressBars() as progress:
        read = await asyncio.to_thread(read_files, options.articles, progress)
        for fault in read.faults[:_SHOWN_FAULTS]:
            say(str(fault))
        if len(read.faults) > _SHOWN_FAULTS:
            say(f"… and {len(read.faults) - _SHOWN_FAULTS} more faults")
        if not read.articles:
            raise KnowledgeError("there are no articles to evaluate")
        encoder = await asyncio.to_thread(load_encoder, settings.encoder)
        articles = [found.article for found in read.articles]
        began = time.perf_counter()
        index = await asyncio.to_thread(KnowledgeIndex.build, articles, encoder, progress, settings=settings.index)
        build_seconds = time.perf_counter() - began
        asked, seconds = await _ask(index, encoder, settings.bot, [*questions, *outside], progress)
    unknown = {question.expected for question in questions if question.expected} - {a.id for a in articles}
    if unknown:
        say(f"{len(unknown)} expected articles are not among the articles, e.g. {min(unknown)}")
    if options.decisions:
        with options.decisions.open("wb") as out:
            out.writelines(_decision_line(one) + b"\n" for one in asked)
    measured = _measure(asked[: len(questions)], asked[len(questions) :])
    measured |= {
        "articles": len(articles),
        "questions_per_second": round(len(asked) / max(seconds, 1e-9), 1),
        "build_seconds": round(build_seconds, 2),
        "encoder": encoder.name,
    }
    if options.json:
        print(msgspec.json.encode(measured).decode())
    else:
        width = max(map(len, measured))
        for name, value in measured.items():
            print(f"{name:<{width}}  {'-' if value is None else value}")
    return 0


def _read_questions(path: Path, *, in_scope: bool) -> list[Question]:
    questions: list[Question] = []
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            given = msgspec.json.decode(line, type=_Line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise KnowledgeError(f"{path}:{number}: {error}") from error
        if in_scope and given.faq_id is None:
            raise KnowledgeError(f"{path}:{number}: `faq_id` is missing")
        questions.append(Question(given.text, given.faq_id if in_scope else None))
    if not questions:
        raise KnowledgeError(f"{path}: there are no questions")
    return questions


async def _ask(
    index: KnowledgeIndex,
    encoder: Encoder,
    settings: BotSettings,
    questions: Sequence[Question],
    progress: ProgressBars,
) -> tuple[list[Asked], float]:
    """Every question alone, and the seconds it all took."""
    began = time.perf_counter()
    warm = WarmEncoder(encoder)
    await asyncio.to_thread(warm.warm, [question.text for question in questions], progress)
    answerer = Answerer(settings, warm, index)
    asked: list[Asked] = []
    for number, question in enumerate(questions, 1):
        decision = await answerer.answer(Turn(fragments=(question.text,)))
        asked.append(Asked(question, decision, decision.analysis.elapsed_ms + warm.seconds(question.text) * 1000))
        if number % _BATCH == 0 or number == len(questions):
            progress("asking", number, len(questions))
    return asked, time.perf_counter() - began


def _kind(decision: Decision) -> str:
    match decision:
        case Answer():
            return "answer"
        case Clarification():
            return "clarify"
        case Handoff():
            return "handoff"
        case _:
            return "smalltalk"


def _decision_line(one: Asked) -> bytes:
    analysis = one.decision.analysis
    return msgspec.json.encode(
        {
            "text": one.question.text,
            "expected": one.question.expected,
            "decision": _kind(one.decision),
            "reason": one.decision.reason,
            "confidence": round(analysis.confidence, 6),
            "candidates": [
                {"id": candidate.article.id, "score": round(candidate.rank_score, 6)}
                for candidate in analysis.candidates[:10]
            ],
            "language": analysis.language,
            "emotion": analysis.emotion,
            "urgency": analysis.urgency,
            "wants_human": analysis.wants_human,
            "elapsed_ms": round(one.elapsed_ms, 3),
        }
    )


def _place(one: Asked) -> int | None:
    ids = [candidate.article.id for candidate in one.decision.analysis.candidates[:10]]
    return ids.index(one.question.expected) if one.question.expected in ids else None


def _gives(one: Asked) -> str | None:
    """The article that is given as the answer."""
    return one.decision.sources[0].article_id if isinstance(one.decision, Answer) and one.decision.sources else None


def _measure(inside: Sequence[Asked], outside: Sequence[Asked]) -> dict[str, float | int | str | None]:
    asked = [*inside, *outside]
    places = [_place(one) for one in inside]
    confidence = np.array([one.decision.analysis.confidence for one in asked])
    right = np.array([*(place == 0 for place in places), *(False for _ in outside)])
    answered = [one for one in asked if _kind(one.decision) == "answer"]
    answered_right = sum(_gives(one) == one.question.expected for one in inside if _gives(one) is not None)
    offers = [one.decision for one in inside if isinstance(one.decision, Clarification) and one.decision.options]
    wanted = [
        one.question.expected for one in inside if isinstance(one.decision, Clarification) and one.decision.options
    ]
    offered_right = sum(
        want in [option.id for option in offer.options] for offer, want in zip(offers, wanted, strict=True)
    )
    coverage, threshold = right_at_precision(confidence, right, len(inside), _PRECISION)
    separation = auroc(confidence[: len(inside)], confidence[len(inside) :])
    elapsed = [one.elapsed_ms for one in asked]
    return {
        "questions": len(inside),
        "out_of_scope": len(outside),
        "recall_at_1": round(recall_at(places, 1), 4),
        "recall_at_3": round(recall_at(places, 3), 4),
        "mrr": round(mean_reciprocal_rank(places), 4),
        "auroc": None if separation is None else round(separation, 4),
        "answered": len(answered),
        "answered_right": answered_right,
        "answered_wrong": len(answered) - answered_right,
        "answered_out_of_scope": sum(_kind(one.decision) == "answer" for one in outside),
        "answer_precision": round(answered_right / len(answered), 4) if answered else None,
        "answered_share_in_scope": round(sum(_kind(one.decision) == "answer" for one in inside) / len(inside), 4),
        "offered": len(offers),
        "offered_with_the_right_one": offered_right,
        "handed_off": sum(_kind(one.decision) == "handoff" for one in asked),
        "small_talk": sum(_kind(one.decision) == "smalltalk" for one in asked),
        "right_at_90_precision": round(coverage, 4),
        "threshold_at_90_precision": None if threshold is None else round(threshold, 4),
        "calibration_error": round(calibration_error(confidence, right), 4),
        "elapsed_ms_median": round(float(np.median(elapsed)), 3),
        "elapsed_ms_p95": round(float(np.quantile(elapsed, 0.95)), 3),
    }


if __name__ == "__main__":
    sys.exit(main())
