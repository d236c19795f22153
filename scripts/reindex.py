"""`python -m scripts.reindex`: reads article files, stores what changed and swaps a new index version into running
servers."""

from __future__ import annotations

import argparse
import difflib
import getpass
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from kb_index.articles import Author
from kb_index.plan import Entry, ImportPlan
from kb_index.records import Article
from kb_index.reindexing import Reindexing
from models.loading import load_encoder
from scripts.opening import open_knowledge_base, run, say
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
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    return parser.parse_args(argv)


async def _reindex(options: argparse.Namespace) -> int:
    author = Author(f"reindex ({user_name()})")
    with ProgressBars() as progress:
        async with open_knowledge_base() as base:
            paths = options.paths or [_nearby(base.settings.knowledge.articles or Path("faq"))]
            reindexing = Reindexing(
                base.database, base.articles, base.versions, base.settings.data_dir,
                lambda: load_encoder(base.settings.encoder), author, base.settings.knowledge.articles,
            )  # fmt: skip
            version, built = None, False
            if options.dry_run:
                plan = await reindexing.plan(paths, prune=options.prune, take_file=options.take_file, progress=progress)
                version = await base.versions.serving()
            else:
                outcome = await reindexing.run(
                    paths, prune=options.prune, take_file=options.take_file, progress=progress,
                    on_wait=lambda: say("another reindex is running; waiting for it to finish"),
                )  # fmt: skip
                plan, version, built = outcome.plan, outcome.version, outcome.built
    if options.json:
        sys.stdout.write(_as_json(plan, version, built, options.dry_run) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _as_text(plan, version, built, options.dry_run))
    faults = plan.counts["faulty"]
    if faults:
        say(f"{faults} faulty {'entry was' if faults == 1 else 'entries were'} left out; correct and run again")
    return 1 if faults else 0


def _as_text(plan: ImportPlan, version: int | None, built: bool, dry_run: bool) -> Iterator[str]:
    for entry in plan.entries:
        if entry.kind == "unchanged":
            continue
        place = f"{entry.file}:{entry.line}" if entry.file else "-"
        yield f"{entry.kind:<11} {place}  {entry.article_id or '?'}{f'  {entry.message}' if entry.message else ''}"
        if dry_run and entry.kind in ("changed", "conflicting") and entry.before and entry.after:
            yield from _difference(entry.before, entry.after)
    yield ", ".join(f"{count} {kind}" for kind, count in plan.counts.items())
    if dry_run:
        yield "dry run: nothing was written"
    elif built:
        yield f"index version {version} is being served"
    else:
        yield f"nothing changed; index version {version} is still being served"


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


def _as_json(plan: ImportPlan, version: int | None, built: bool, dry_run: bool) -> str:
    return msgspec.json.encode(
        {
            "dry_run": dry_run,
            "version": version,
            "built": built,
            "pruned": plan.pruned,
            "counts": plan.counts,
            "entries": [_entry_as_json(entry) for entry in plan.entries],
        }
    ).decode()


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
