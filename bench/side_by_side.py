"""Ways to find the right article, side by side: each in a process of its own on the same core, taking turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from statistics import median

import msgspec

from bench.finders import FINDERS
from bench.machine import Cores, pin
from bench.processes import Program, start_finder
from kb_index.records import Article
from kb_index.topics import lay_out
from scripts.evaluation.files import Question

Progress = Callable[[str, int, int], None]

OURS = "Yingda"
_LINE = 256  # questions in one request


@dataclass(frozen=True, slots=True)
class FinderPlan:
    """How much is measured in each round."""

    rounds: int = 5
    alone: int = 60  # questions asked one after another
    together: int = 256  # questions asked 32 at a time


@dataclass(slots=True)
class FinderFigures:
    """What one way to find articles took, one entry for each round."""

    name: str
    median_ms: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)
    alone_per_second: list[float] = field(default_factory=list)
    together_per_second: list[float] = field(default_factory=list)
    recall_at_1: float = 0.0
    resident_bytes: int = 0


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One run over one set of articles and questions."""

    plan: FinderPlan
    articles: int
    questions: int
    finders: tuple[FinderFigures, ...]


async def measure_finders(
    plan: FinderPlan, articles: Sequence[Article], questions: Sequence[Question], progress: Progress
) -> SideBySide:
    """Runs the plan; raises ProgramFailed where one of them does not work."""
    cores = Cores.choose()
    pin(0, cores.generator)
    mixed = list(questions)
    Random(7).shuffle(mixed)
    texts = [question.text for question in mixed]
    told = msgspec.to_builtins(list(articles))
    async with AsyncExitStack() as stack:
        running: list[tuple[Program, FinderFigures]] = []
        for number, name in enumerate(FINDERS):
            progress("starting finders", number, len(FINDERS))
            program = await start_finder(name, told, cores.server)
            stack.push_async_callback(program.stop)
            running.append((program, FinderFigures(name)))
        done = 0
        for number in range(plan.rounds):
            alone, together = _some(texts, number, plan.alone), _some(texts, number, plan.together)
            for program, figures in running:
                progress("measuring finders", done, plan.rounds * len(running))
                done += 1
                await _measure(program, figures, alone, together)
        right = {question.text: question.expected for question in questions}
        same = _families(articles)
        for number, (program, figures) in enumerate(running):
            progress("asking finders everything", number, len(running))
            figures.resident_bytes = program.resident_bytes
            found = await _found(program, texts)
            figures.recall_at_1 = sum(
                same.get(one, one) == same.get(right[text] or "", right[text])
                for text, one in zip(texts, found, strict=True)
            ) / len(texts)
    return SideBySide(plan, len(articles), len(questions), tuple(figures for _, figures in running))


async def _measure(program: Program, figures: FinderFigures, alone: Sequence[str], together: Sequence[str]) -> None:
    seconds = sorted((await program.request({"questions": alone, "together": False}))["seconds"])
    figures.median_ms.append(median(seconds) * 1000)
    figures.p95_ms.append(seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))] * 1000)
    figures.alone_per_second.append(len(alone) / sum(seconds))
    answer = await program.request({"questions": together, "together": True})
    figures.together_per_second.append(len(together) / sum(answer["seconds"]))


async def _found(program: Program, texts: Sequence[str]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(texts), _LINE):
        answer = await program.request({"questions": texts[start : start + _LINE], "together": True})
        found += answer["ids"]
    return found


def _some(texts: Sequence[str], number: int, count: int) -> list[str]:
    """Other questions each round, the same for everybody; from the beginning again where there are no more."""
    return [texts[(number * count + place) % len(texts)] for place in range(count)]


def _families(articles: Sequence[Article]) -> dict[str, str]:
    """An article and its translations count as one."""
    layout = lay_out(articles)
    return {
        article.id: layout.articles[int(layout.article_starts[topic])].id
        for article, topic in zip(layout.articles, layout.article_topics, strict=True)
    }


def finder_table(found: SideBySide) -> str:
    """Markdown, ready for the README; the ratio is ours to theirs within the same round."""
    ours = next(one for one in found.finders if one.name == OURS)
    rows = [
        (
            "", "one question, median ms", "p95 ms", "per second, one by one", "ours to theirs",
            "per second, 32 at once", "ours to theirs", "recall@1", "memory, MiB",
        ),
        ("---", *["---:"] * 8),
    ]  # fmt: skip
    for one in found.finders:
        rows.append(
            (
                one.name,
                f"{median(one.median_ms):.1f}",
                f"{median(one.p95_ms):.1f}",
                f"{median(one.alone_per_second):,.0f}",
                "" if one is ours else _ratio(ours.alone_per_second, one.alone_per_second),
                f"{median(one.together_per_second):,.0f}",
                "" if one is ours else _ratio(ours.together_per_second, one.together_per_second),
                f"{one.recall_at_1:.3f}",
                f"{one.resident_bytes / 2**20:,.0f}",
            )
        )
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    plan = found.plan
    return "\n".join(
        [
            *lines,
            "",
            f"{found.articles} articles, {found.questions} questions, the same weights; each in a process of its own, "
            f"pinned to the same core, one thread, warm, nothing cached. Medians of {plan.rounds} alternating rounds "
            f"of {plan.alone} questions one by one and {plan.together} together; haystack-ai's pipeline takes one at a "
            f"time. {OURS} is the whole answer with confidence and decision, the others only search.",
        ]
    )


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    return f"{median(a / b for a, b in zip(ours, theirs, strict=True)):.2f}"
