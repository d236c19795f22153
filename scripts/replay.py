"""`python -m scripts.replay`: customers' questions of the last days through the present bot and a changed one; lists
what changes, for better, for worse, to be looked at. Reads only.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from kb_index.articles import Author
from kb_index.encoders import Encoders
from kb_index.errors import KnowledgeError
from kb_index.reindexing import Reindexing
from router.settings import Settings, load_settings
from scripts.opening import KnowledgeBase, open_knowledge_base, run, say
from scripts.progress import ProgressBars
from scripts.replaying.questions import asked_since
from scripts.replaying.report import report
from scripts.replaying.running import Side, replay
from scripts.replaying.writing import as_json, as_text

_DAYS = 30.0


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 where the replay ran, whatever it found; 1 on a failure told in one line, 2 on wrong usage."""
    options = _parse(argv)
    return run(lambda: _replay(options))


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.replay",
        description="Puts customers' questions of the last days to the present bot and to a changed one and lists what "
        "changes. Writes nothing but the report.",
        epilog="The output holds customers' words.",
    )
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--files", nargs="+", type=Path, metavar="PATH", help="articles that are not imported yet")
    change.add_argument("--version", type=int, metavar="N", help="another index version")
    parser.add_argument("--prune", action="store_true", help="with --files: without articles that they no longer hold")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="bot.KEY=VALUE",
        help="another setting of the bot, e.g. --set bot.answer_at=0.8; may be repeated",
    )
    parser.add_argument("--days", type=_days, default=_DAYS, help=f"how far back (default: {_DAYS:g})")
    parser.add_argument("--report", type=Path, metavar="OUT.html", help="write a page for editors")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    options = parser.parse_args(argv)
    if not options.files and options.version is None and not options.set:
        parser.error("name what is to change: --files, --version or --set")
    if options.prune and not options.files:
        parser.error("--prune needs --files")
    if any(not given.startswith(("bot.", "signals.")) for given in options.set):
        parser.error("--set: only settings of the bot can be replayed, such as bot.answer_at=0.8")
    return options


def _days(text: str) -> float:
    value = float(text)
    if not 0 < value <= 3660:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most 3660")
    return value


async def _replay(options: argparse.Namespace) -> int:
    if options.report is not None and not options.report.absolute().parent.is_dir():
        raise KnowledgeError(f"{options.report.parent}: no such folder")
    changed = _changed_settings(options.set)
    with ProgressBars() as progress:
        async with open_knowledge_base() as base:
            before = await _served(base, progress)
            after = await _changed(options, base, before, changed, progress)
            now = base.clock.now()
            asked = await asked_since(base.database, now, options.days)
        found = await replay(asked, before, after, progress)
    names = (options.days, before.name, after.name)
    if options.report is not None:
        articles = (*before.index.articles, *after.index.articles)
        titles = {article.id: article.question for article in articles}
        options.report.write_text(report(found, *names, titles, now), encoding="utf-8")
    if options.json:
        sys.stdout.write(msgspec.json.encode(as_json(found, *names)).decode() + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in as_text(found, *names))
    return 0


def _changed_settings(given: Sequence[str]) -> Settings:
    return load_settings([part for one in given for part in ("--set", one)], os.environ)


async def _served(base: KnowledgeBase, progress: ProgressBars) -> Side:
    number = await base.versions.serving()
    if number is None:
        raise KnowledgeError("no index version is being served yet; run: python -m scripts.reindex")
    return await _version(base, number, base.settings, progress)


async def _version(base: KnowledgeBase, number: int, settings: Settings, progress: ProgressBars) -> Side:
    encoders = Encoders(base.settings.encoder, base.settings.data_dir)
    learnt = await base.versions.learnt(number)
    encoder = await asyncio.to_thread(encoders.load, learnt.tuned)
    index = await base.versions.load(number, encoder, progress)
    return Side(f"版本 {number}", index, encoder, settings)


async def _changed(
    options: argparse.Namespace, base: KnowledgeBase, before: Side, settings: Settings, progress: ProgressBars
) -> Side:
    said = "，".join(options.set)
    if options.version is not None:
        side = await _version(base, options.version, settings, progress)
    elif options.files:
        encoders = Encoders(base.settings.encoder, base.settings.data_dir)
        reindexing = Reindexing(
            base.database, base.articles, base.versions, base.settings.data_dir, encoders.load, Author("replay"),
            base.settings.knowledge.articles,
        )  # fmt: skip
        rehearsal = await reindexing.rehearse(options.files, prune=options.prune, progress=progress)
        faults = rehearsal.plan.counts["faulty"]
        if faults:
            say(f"{faults} faulty {'entry was' if faults == 1 else 'entries were'} left out; see reindex --dry-run")
        side = Side("、".join(map(str, options.files)), rehearsal.index, rehearsal.encoder, settings)
    else:
        return Side(said, before.index, before.encoder, settings)
    return Side(f"{side.name}，{said}", side.index, side.encoder, settings) if said else side


if __name__ == "__main__":
    sys.exit(main())
