"""`python -m scripts.reindex`: reads article files, stores what changed and swaps a new index version into running
servers."""

from __future__ import annotations

import argparse
import difflib
import getpass
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kb_index.articles import Author
from kb_index.encoders import Encoders
from kb_index.errors import KnowledgeError, VersionRefused
from kb_index.plan import Entry, ImportPlan
from kb_index.records import Article
from kb_index.reindexing import Reindexing
from scripts.evaluation.gate import LEVEL, Gate, as_json, as_text, confirmed_in_use, kept_questions
from scripts.opening import KnowledgeBase, open_knowledge_base, run, say
from scripts.progress import ProgressBars

_SHOWN = (
    "question", "variants", "answer", "category", "tags", "locale", "site", "status",
    "visibility", "audience", "editions", "valid_from", "valid_to", "answer_at", "pictures",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 on success, 1 where an entry was faulty or nothing could be done, 2 on wrong usage."""
    options = _parse(argv)
    return run(lambda: _reindex(options))


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.reindex",
        description="Reads FAQ files (Markdown, CSV, XLSX, JSONL; folders are searched), reports every entry, stores "
        "the good ones, builds a new index version and swaps it into running servers.",
        epilog="Exit status: 0 done, 1 something is faulty or failed (good entries are stored all the same), "
        "2 wrong usage.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: faq/)")
    parser.add_argument("--dry-run", action="store_true", help="write nothing; show what would change, line by line")
    parser.add_argument("--prune", action="store_true", help="remove articles that the paths no longer hold")
    parser.add_argument("--take-file", action="store_true", help="overwrite articles last changed at the desk")
    parser.add_argument(
        "--gate",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="refuse a version that answers the kept questions worse than the one being served; FILEs instead of "
        "those of the settings and what use has confirmed; with --dry-run only say so",
    )
    parser.add_argument(
        "--gate-level",
        type=_chance,
        default=LEVEL,
        metavar="P",
        help=f"what counts as worse: the chance that it is noise, at most (default: {LEVEL:g}; 0.5: any loss that "
        "gains do not make up for)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    return parser.parse_args(argv)


def _chance(text: str) -> float:
    value = float(text)
    if not 0 < value <= 0.5:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most 0.5")
    return value


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of a run; `refused` is the gate's line where it let nothing through."""

    plan: ImportPlan
    version: int | None
    built: bool
    dry_run: bool
    gate: Gate | None
    refused: str | None


async def _reindex(options: argparse.Namespace) -> int:
    with ProgressBars() as progress:
        async with open_knowledge_base() as base:
            done = await _run(options, base, progress)
    if options.json:
        sys.stdout.write(_as_json(done) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _as_text(done))
    if done.refused:
        say(done.refused)
    faults = done.plan.counts["faulty"]
    if faults:
        say(f"{faults} faulty {'entry was' if faults == 1 else 'entries were'} left out; correct and run again")
    return 1 if faults or done.refused else 0


async def _run(options: argparse.Namespace, base: KnowledgeBase, progress: ProgressBars) -> _Done:
    settings, dry_run = base.settings, options.dry_run
    paths = options.paths or [_nearby(settings.knowledge.articles or Path("faq"))]
    gate = await _gate(options, base, progress)
    how = {"prune": options.prune, "take_file": options.take_file, "progress": progress}
    encoders = Encoders(settings.encoder, settings.data_dir)
    reindexing = Reindexing(
        base.database, base.articles, base.versions, settings.data_dir, encoders.load,
        Author(f"reindex ({user_name()})"), settings.knowledge.articles,
        settings.knowledge.videos,
    )  # fmt: skip
    if dry_run and gate is None:
        plan = await reindexing.plan(paths, **how)
        return _Done(plan, await base.versions.serving(), False, True, None, None)
    try:
        if dry_run and gate is not None:
            rehearsal = await reindexing.rehearse(paths, **how)
            plan, version, built = rehearsal.plan, rehearsal.served, False
            await gate.judge(rehearsal)
        else:
            outcome = await reindexing.run(
                paths, **how, judge=gate.judge if gate else None,
                on_wait=lambda: say("another reindex is running; waiting for it to finish"),
            )  # fmt: skip
            plan, version, built = outcome.plan, outcome.version, outcome.built
            if settings.index.tunes and (tuned := await reindexing.tune(encoders, progress=progress)) is not None:
                version, built = tuned.version, True
    except VersionRefused as refusal:
        if gate is None or gate.judged is None:
            raise
        judged = gate.judged
        return _Done(judged.plan, judged.served, False, dry_run, gate, str(refusal))
    return _Done(plan, version, built, dry_run, gate, None)


async def _gate(options: argparse.Namespace, base: KnowledgeBase, progress: ProgressBars) -> Gate | None:
    if options.gate is None:
        return None
    settings = base.settings
    questions = kept_questions(options.gate, settings.knowledge.kept_questions)
    if not options.gate:
        believed_from = settings.learning.believed_from
        questions += await confirmed_in_use(base.database, base.versions, believed_from, questions)
    if not questions:
        raise KnowledgeError("there are no kept questions: set knowledge.kept_questions or name files after --gate")
    return Gate(questions, base.versions, settings, progress, options.gate_level)


def _as_text(done: _Done) -> Iterator[str]:
    for entry in done.plan.entries:
        if entry.kind == "unchanged":
            continue
        place = f"{entry.file}:{entry.line}" if entry.file else "-"
        yield f"{entry.kind:<11} {place}  {entry.article_id or '?'}{f'  {entry.message}' if entry.message else ''}"
        if done.dry_run and entry.kind in ("changed", "conflicting") and entry.before and entry.after:
            yield from _difference(entry.before, entry.after)
    yield ", ".join(f"{count} {kind}" for kind, count in done.plan.counts.items())
    if done.gate is not None:
        yield from as_text(done.gate)
    if done.dry_run:
        yield "dry run: nothing was written"
    elif done.refused:
        yield f"refused: nothing was stored; index version {done.version} is still being served"
    elif done.built:
        yield f"index version {done.version} is being served"
    else:
        yield f"nothing changed; index version {done.version} is still being served"


def _difference(before: Article, after: Article) -> Iterator[str]:
    for name in _SHOWN:
        old, new = _lines(getattr(before, name)), _lines(getattr(after, name))
        if old == new:
            continue
        yield f"    {name}:"
        for line in list(difflib.unified_diff(old, new, lineterm="", n=2))[2:]:
            yield f"      {'…' if line.startswith('@@') else line}"


def _lines(value: object) -> list[str]:
    if value is None or value == ():
        return []
    if isinstance(value, tuple):
        return [getattr(part, "name", None) or str(part) for part in value]
    return str(value).split("\n")


def _as_json(done: _Done) -> str:
    told: dict[str, object] = {
        "dry_run": done.dry_run,
        "version": done.version,
        "built": done.built,
        "pruned": done.plan.pruned,
        "counts": done.plan.counts,
        "entries": [_entry_as_json(entry) for entry in done.plan.entries],
    }
    if done.gate is not None:
        told["gate"] = as_json(done.gate, done.refused is not None)
    return msgspec.json.encode(told).decode()


def _entry_as_json(entry: Entry) -> dict[str, object]:
    told: dict[str, object] = {"kind": entry.kind, "id": entry.article_id, "file": entry.file, "line": entry.line}
    if entry.message:
        told["message"] = entry.message
    if entry.kind in ("changed", "conflicting") and entry.before and entry.after:
        told["diff"] = list(_difference(entry.before, entry.after))
    return told


def _nearby(path: Path) -> Path:
    """The way there from here, where it is short."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def user_name() -> str:
    """Who runs the command, for the audit."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "command line"


if __name__ == "__main__":
    sys.exit(main())
