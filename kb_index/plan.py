"""What importing files would do to the stored articles, entry by entry; decides only, writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from kb_index.articles import StoredArticle, content_hash
from kb_index.reading.records import ReadArticle, ReadResult
from kb_index.records import Article

Kind = Literal["added", "changed", "removed", "unchanged", "conflicting", "faulty"]
KINDS: tuple[Kind, ...] = ("added", "changed", "removed", "unchanged", "conflicting", "faulty")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of the files or of the database and what becomes of it."""

    kind: Kind
    article_id: str | None
    file: str | None  # None: no longer in any file that was read
    line: int | None
    message: str = ""
    before: Article | None = None
    after: Article | None = None  # with its new revision's number
    source: str | None = None  # the file to remember
    moved: bool = False  # unchanged, but in another file than before


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All entries in the order of the files, then those that no file has."""

    entries: tuple[Entry, ...]
    pruned: bool  # whether removed entries are removed indeed, or only listed
    picture_files: Mapping[str, Path]  # path below the data folder -> file

    def of(self, *kinds: Kind) -> list[Entry]:
        """The entries of these kinds."""
        return [entry for entry in self.entries if entry.kind in kinds]

    @property
    def counts(self) -> dict[str, int]:
        """How many entries there are of each kind."""
        counted = Counter(entry.kind for entry in self.entries)
        return {kind: counted[kind] for kind in KINDS}

    def result(self, stored: Sequence[StoredArticle]) -> list[Article]:
        """The articles of the knowledge base once the plan is carried out."""
        articles = {known.article.id: known.article for known in stored if not known.removed}
        for entry in self.of("added", "changed"):
            if entry.after is not None:
                articles[entry.after.id] = entry.after
        if self.pruned:
            for entry in self.of("removed"):
                articles.pop(entry.article_id or "", None)
        return list(articles.values())


def plan_import(
    read: ReadResult, stored: Sequence[StoredArticle], *, prune: bool = False, take_file: bool = False
) -> ImportPlan:
    """Compares what was read with what is stored. An article last changed at the desk conflicts unless `take_file`."""
    known = {one.article.id: one for one in stored}
    entries = [_entry(found, known.get(found.article.id), take_file) for found in read.articles]
    entries += [Entry("faulty", fault.article_id, fault.file, fault.line, fault.message) for fault in read.faults]
    order = {file.shown: number for number, file in enumerate(read.files)}
    entries.sort(key=lambda entry: (order.get((entry.file or "").split("[")[0], len(order)), entry.line or 0))
    entries += _missing(read, stored, prune)
    pictures = {
        picture.path: found.picture_files[picture.sha256]
        for found in read.articles
        for picture in found.article.pictures
    }
    return ImportPlan(tuple(entries), prune, pictures)


def _entry(found: ReadArticle, known: StoredArticle | None, take_file: bool) -> Entry:
    article = found.article
    place = (article.id, found.file, found.line)
    if known is None:
        return Entry("added", *place, after=replace(article, revision=1), source=found.source)
    if known.removed:
        after = replace(article, revision=known.newest + 1)
        return Entry("added", *place, message="was removed before", after=after, source=found.source)
    if content_hash(article) == known.content_hash and not (take_file and known.origin == "desk"):
        moved = known.origin == "file" and known.source != found.source
        return Entry("unchanged", *place, before=known.article, after=known.article, source=found.source, moved=moved)
    after = replace(article, revision=known.newest + 1)
    if known.origin == "desk" and not take_file:
        changed = f"{known.at:%Y-%m-%d %H:%M} UTC" + (f" by {known.author}" if known.author else "")
        message = f"changed at the desk on {changed}; --take-file overwrites it"
        return Entry("conflicting", *place, message=message, before=known.article, after=after)
    return Entry("changed", *place, before=known.article, after=after, source=found.source)


def _missing(read: ReadResult, stored: Sequence[StoredArticle], prune: bool) -> list[Entry]:
    """Articles that the given files and folders no longer hold; those of other files are none of their business.

    What stands in a file with faults is not missing: it may be there and merely unreadable.
    """
    there = {found.article.id for found in read.articles} | {fault.article_id for fault in read.faults}
    faulty = {fault.file.split("[")[0] for fault in read.faults}
    unreadable = {file.source for file in read.files if file.shown in faulty}
    given = {file.source for file in read.files}

    def was_there(source: str | None) -> bool:
        return source is not None and (source in given or source.startswith(read.folders))

    missing: list[Entry] = []
    for known in stored:
        gone = known.origin == "file" and not known.removed and known.article.id not in there
        if gone and known.source not in unreadable and was_there(known.source):
            message = f"no longer in {known.source}" + ("" if prune else "; kept, --prune removes it")
            missing.append(Entry("removed", known.article.id, None, None, message, before=known.article))
    return missing
