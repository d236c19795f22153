"""What reading files gives: articles with the place they came from, and faults that name file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb_index.records import Article


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a file that keeps one entry, or the whole file, from being read."""

    file: str
    line: int
    message: str
    article_id: str | None = None  # where known: such an article is faulty, not missing

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: `shown` is how people know it, `source` its path from `root` (the folder of articles) on."""

    path: Path
    root: Path
    shown: str
    source: str


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One article as written, before anything was checked; `lines` tells where each field stands."""

    fields: Mapping[str, object]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawFile:
    """The entries of one file and what in it could not be read at all."""

    entries: tuple[RawEntry, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """A sound article and its place; `picture_files` are the local files behind `article.pictures`."""

    article: Article
    file: str
    line: int
    source: str
    picture_files: Mapping[str, Path] = field(default_factory=dict)  # sha256 -> file


@dataclass(frozen=True, slots=True)
class ReadResult:
    """Everything that was read from a set of paths."""

    articles: tuple[ReadArticle, ...]
    faults: tuple[Fault, ...]
    files: tuple[SourceFile, ...]
    folders: tuple[str, ...]  # the folders that were read whole, as sources begin: what they do not hold is missing
