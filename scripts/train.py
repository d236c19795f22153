"""`python -m scripts.train`: learns from labelled pairs, asks old and new what neither has seen, and promotes only what
is better.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from kb_index.errors import KnowledgeError
from kb_index.reading.files import read_files
from router.settings import load_settings
from scripts.evaluation.files import read_questions
from scripts.opening import open_knowledge_base, run, say
from scripts.progress import ProgressBars
from scripts.training import files, verdict
from scripts.training.stored import Outcome, StoredTraining
from scripts.training.tried import try_out

_SHOWN_FAULTS = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 whether or not something was promoted, 1 on a failure told in one line, 2 on wrong usage."""
    options = _parse(argv)

    async def command() -> int:
        return await (_try_out(options) if options.articles else _train(options))

    return run(command)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.train",
        description="Learns from what customers, agents and editors said about answers. A new index version is served "
        "only where it answers better questions that it has not learnt from. With --articles nothing is stored: it "
        "shows on files what learning is worth.",
    )
    parser.add_argument("--dry-run", action="store_true", help="compare only; promote nothing")
    parser.add_argument("--encoder", action="store_true", help="also tune layers of the encoder on articles and labels")
    parser.add_argument("--epochs", type=int, default=3, help="how often the encoder sees every text (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    tried = parser.add_argument_group("on files, without a database")
    several: dict[str, Any] = {"nargs": "+", "type": Path, "default": [], "metavar": "FILE"}
    tried.add_argument("--articles", **several, help="article files or folders")
    tried.add_argument("--questions", **several, help='JSONL {"text", "faq_id"}')
    tried.add_argument("--out-of-scope", **several, help='JSONL {"text"}')
    tried.add_argument("--pairs", **several, help='what to learn from: JSONL {"text", "faq_id"?, "right"?}')
    tried.add_argument(
        "--share",
        type=float,
        default=0.3,
        help="no --pairs: learn from so much of the questions; 0: only from the articles (0.3)",
    )
    tried.add_argument("--seeds", type=int, default=5, help="no --pairs: draw that part so often (%(default)s)")
    options = parser.parse_args(argv)
    if bool(options.articles) != bool(options.questions):
        parser.error("--articles and --questions belong together")
    if (options.pairs or options.out_of_scope) and not options.articles:
        parser.error("--pairs and --out-of-scope need --articles")
    if not 0 <= options.share < 1 or options.seeds < 1 or options.epochs < 1:
        parser.error("--share is at least 0 and below 1; --seeds and --epochs are at least 1")
    return options


async def _train(options: argparse.Namespace) -> int:
    async with open_knowledge_base() as base:
        with ProgressBars() as progress:
            training = StoredTraining(base, progress)
            done = await training.run(tune=options.encoder, epochs=options.epochs, dry_run=options.dry_run)
    if options.json:
        print(msgspec.json.encode(_json(done)).decode())
    else:
        print("\n".join(_lines(done, options.dry_run)))
    return 0


def _lines(done: Outcome, dry_run: bool) -> Iterator[str]:
    settled = sum(label.is_settled for label in done.labels)
    nobodys = sum(label.is_nobodys for label in done.labels)
    yield (
        f"{len(done.labels)} labelled questions: {settled - nobodys} with their article, {nobodys} that no article "
        f"answers, {len(done.labels) - settled} of which only wrong articles are known"
    )
    for attempt in done.attempts:
        yield ""
        if attempt.verdict.is_enough:
            yield from verdict.lines_of(attempt.verdict, attempt.against, attempt.name)
        yield f"{attempt.name}: {attempt.verdict.reason}"
    yield ""
    if done.promoted is not None:
        yield f"index version {done.promoted} is being served"
        yield f"back to {done.served}: python -m scripts.index rollback {done.served}"
    elif done.better is not None and dry_run:
        yield f"nothing was promoted (--dry-run); without it {done.better} would be"
    else:
        yield f"nothing was promoted; index version {done.served} stays"


def _json(done: Outcome) -> dict[str, object]:
    return {
        "labelled": len(done.labels),
        "settled": sum(label.is_settled for label in done.labels),
        "attempts": [
            {"name": attempt.name, "against": attempt.against} | verdict.figures(attempt.verdict)
            for attempt in done.attempts
        ],
        "better": done.better,
        "served_before": done.served,
        "promoted": done.promoted,
    }


async def _try_out(options: argparse.Namespace) -> int:
    settings = load_settings([], os.environ)
    questions = read_questions(options.questions, in_scope=True)
    outside = read_questions(options.out_of_scope, in_scope=False)
    drawn = list(files.draws(files.read_pairs(options.pairs), questions, options.share, options.seeds))
    with ProgressBars() as progress:
        read = await asyncio.to_thread(read_files, options.articles, progress)
        for fault in read.faults[:_SHOWN_FAULTS]:
            say(str(fault))
        if not read.articles:
            raise KnowledgeError("there are no articles to learn about")
        articles = [found.article for found in read.articles]
        states = await try_out(
            articles, drawn, outside, settings, progress, tune=options.encoder, epochs=options.epochs
        )
    if options.json:
        sizes = [{"seed": draw.seed, "learnt": len(draw.lessons), "asked": len(draw.questions)} for draw in drawn]
        print(msgspec.json.encode({"draws": sizes, "states": states}).decode())
    else:
        first = drawn[0]
        print(f"learnt from {len(first.lessons)} pairs, asked {len(first.questions)} others; {len(drawn)} draws")
        print("\n".join(files.lines_of(states)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
