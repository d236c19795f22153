"""What a backup says of itself: when and of what it was made, its rows and its files; it refuses what does not fit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

FORMAT = 1
MANIFEST = "manifest.json"
#: As ``sha256sum --check`` reads it.
SUMS = "SHA256SUMS"
DUMP = "database.dump"
SECRETS = "secrets.sealed"

Progress = Callable[[str, int, int], None]


class BackupUnusable(Exception):
    """A backup that cannot be made, is not whole, or does not belong here; the message says which and what to do."""


class Kept(msgspec.Struct, frozen=True):
    """One file of a backup; ``path`` counts from its folder."""

    path: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """Everything about a backup but its contents. ``tables``: rows of each table at the moment of the dump."""

    format: int
    made_at: datetime
    migration: int
    postgres: str
    serving: int | None
    tables: dict[str, int]
    files: list[Kept]
    has_secrets: bool

    def below(self, folder: str) -> Iterator[Kept]:
        """The files of one folder."""
        return (each for each in self.files if each.path.startswith(f"{folder}/"))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"
    (folder / MANIFEST).write_bytes(text)
    sums = [f"{each.sha256}  {each.path}" for each in manifest.files]
    sums.append(f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}")
    (folder / SUMS).write_text("\n".join(sums) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises `BackupUnusable` for a folder that is no backup, or one of another format."""
    try:
        text = (folder / MANIFEST).read_bytes()
        sums = (folder / SUMS).read_text(encoding="utf-8")
        manifest = msgspec.json.decode(text, type=Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BackupUnusable(f"{folder}: this is no backup, or not a whole one") from error
    if manifest.format != FORMAT:
        raise BackupUnusable(f"{folder}: a backup of format {manifest.format}; this program reads {FORMAT}")
    if f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}" not in sums.splitlines():
        raise BackupUnusable(f"{folder / MANIFEST}: it was changed after the backup")
    return manifest


def check_files(folder: Path, manifest: Manifest, progress: Progress) -> None:
    """Raises `BackupUnusable` where a file is missing or not what it was."""
    whole, done = sum(each.bytes for each in manifest.files), 0
    for each in manifest.files:
        path = folder / each.path
        if not path.is_file():
            raise BackupUnusable(f"{path}: it is missing")
        if sha256_of(path) != each.sha256:
            raise BackupUnusable(f"{path}: it is not what it was")
        done += each.bytes
        progress("checking files", done, whole)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept(folder: Path, path: Path) -> Kept:
    return Kept(path.relative_to(folder).as_posix(), path.stat().st_size, sha256_of(path))
