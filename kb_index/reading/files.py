"""From paths to articles: finds the files, reads each by its kind, checks every entry; one fault never stops the
others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kb_index.errors import KnowledgeError
from kb_index.reading.decoding import Undecodable, decode
from kb_index.reading.fields import check, stated_id
from kb_index.reading.jsonl import read_jsonl
from kb_index.reading.markdown import read_markdown
from kb_index.reading.pictures import ANY_VIDEOS, Videos, find_pictures
from kb_index.reading.records import Fault, RawEntry, RawFile, ReadArticle, ReadResult, SourceFile
from kb_index.reading.tables import read_csv, read_xlsx

KINDS = (".md", ".markdown", ".csv", ".xlsx", ".jsonl")
LARGEST_FILE = 50 * 1024 * 1024
CHINA = timedelta(hours=8)  # dates in article files are days in China


class NoSuchPath(KnowledgeError):
    """A path that was given does not exist or is no article file."""


def read_files(
    paths: Sequence[Path],
    progress: Callable[[str, int, int], None] | None = None,
    zone_offset: timedelta = CHINA,
    root: Path | None = None,
    videos: Videos = ANY_VIDEOS,
) -> ReadResult:
    """Every article below the paths; ``root`` is the folder that holds all articles, where a path may be a part of it;
    ``videos``: which ones answers may have.

    Raises `NoSuchPath` for a path that was given and is not there.
    """
    files = _files(paths, root)
    found: list[ReadArticle] = []
    faults: list[Fault] = []
    for number, file in enumerate(files):
        raw = _read(file)
        faults += raw.faults
        for entry in raw.entries:
            article, wrong = _checked(entry, file, zone_offset, videos)
            faults += wrong
            if article is not None:
                found.append(article)
        if progress:
            progress("reading files", number + 1, len(files))
    articles, doubles = _without_doubles(found)
    order = {file.shown: number for number, file in enumerate(files)}
    faults = sorted([*faults, *doubles], key=lambda fault: (order.get(fault.file, len(order)), fault.line))
    return ReadResult(tuple(articles), tuple(faults), tuple(files), _folders(paths, root))


def _root_of(path: Path, root: Path | None) -> Path:
    """The folder of articles that a path belongs to: the known one, else the given folder or the file's own."""
    if root is not None and path.resolve().is_relative_to(root.resolve()):
        return root.resolve()
    return path.resolve() if path.is_dir() else path.resolve().parent


def _source(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root.parent).as_posix()


def _folders(paths: Sequence[Path], root: Path | None) -> tuple[str, ...]:
    return tuple(f"{_source(path, _root_of(path, root))}/" for path in paths if path.is_dir())


def _files(paths: Sequence[Path], root: Path | None) -> list[SourceFile]:
    files: dict[Path, SourceFile] = {}
    for path in paths:
        base = _root_of(path, root)
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                relative = inner.relative_to(path)
                hidden = any(part.startswith((".", "~$", "_")) for part in relative.parts)
                if (
                    inner.suffix.lower() in KINDS
                    and inner.is_file()
                    and not hidden
                    and inner.name.lower() != "readme.md"
                ):
                    files.setdefault(inner.resolve(), SourceFile(inner, base, str(inner), _source(inner, base)))
        elif not path.exists():
            raise NoSuchPath(f"{path}: no such file or folder")
        elif path.suffix.lower() not in KINDS:
            raise NoSuchPath(f"{path}: not an article file ({', '.join(KINDS)})")
        else:
            files.setdefault(path.resolve(), SourceFile(path, base, str(path), _source(path, base)))
    return list(files.values())


def _read(file: SourceFile) -> RawFile:
    try:
        if file.path.stat().st_size > LARGEST_FILE:
            return RawFile((), (Fault(file.shown, 1, f"larger than {LARGEST_FILE // 1024 // 1024} MB"),))
        if file.path.suffix.lower() == ".xlsx":
            return read_xlsx(file.path, file.shown)
        text = decode(file.path.read_bytes())
    except Undecodable as error:
        return RawFile((), (Fault(file.shown, error.line, str(error)),))
    except OSError as error:
        return RawFile((), (Fault(file.shown, 1, f"cannot be read: {error.strerror or error}"),))
    match file.path.suffix.lower():
        case ".csv":
            return read_csv(text, file.shown)
        case ".jsonl":
            return read_jsonl(text, file.shown)
        case _:
            return read_markdown(text, file.shown)


def _checked(
    entry: RawEntry, file: SourceFile, zone_offset: timedelta, videos: Videos
) -> tuple[ReadArticle | None, list[Fault]]:
    named = stated_id(entry)
    article, wrong = check(entry, zone_offset)
    if article is None:
        return None, [Fault(file.shown, line, message, named) for line, message in wrong]
    pictures, missing = find_pictures(article.answer, file.path.parent, file.root, videos)
    if missing:
        first = entry.lines.get("answer", entry.line)
        in_table = "answer" not in entry.lines
        return None, [
            Fault(file.shown, first if in_table else first + offset, message, named) for offset, message in missing
        ]
    article = replace(article, pictures=tuple(pictures))
    sources = {picture.sha256: path for picture, path in pictures.items()}
    return ReadArticle(article, file.shown, entry.line, file.source, sources), []


def _without_doubles(found: Sequence[ReadArticle]) -> tuple[list[ReadArticle], list[Fault]]:
    """An id belongs to its first entry; every later one is a fault that names it."""
    first: dict[str, ReadArticle] = {}
    faults: list[Fault] = []
    for read in found:
        held = first.setdefault(read.article.id, read)
        if held is not read:
            message = f"the id {read.article.id} is taken by {held.file}:{held.line}"
            faults.append(Fault(read.file, read.line, message, read.article.id))
    return list(first.values()), faults
