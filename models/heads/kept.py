"""Heads fitted once for each encoder and each set of labelled messages, and kept beside the prepared models."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from models.encoder import Encoder
from models.heads.examples import SHIPPED, read_examples
from models.heads.heads import Heads, UnusableHeads
from models.topics.shipped import shipped

# Grows whenever the same messages would give other heads: the code of features or fitting has changed.
_RECIPE = 9
_KEPT = 8  # files; older ones go


def heads_for(
    encoder: Encoder,
    cache: Path,
    folders: Sequence[Path] = (),
    progress: Callable[[str, int, int], None] | None = None,
) -> Heads:
    """The heads for this encoder from the shipped messages and those in `folders`; fitted where they are not kept yet.

    Raises `FaultyExamples` for messages that cannot be read. Two processes at once do the work once.
    """
    places = [SHIPPED, *folders]
    path = path_of(encoder.fingerprint, cache, folders)
    with contextlib.suppress(FileNotFoundError, UnusableHeads):
        return Heads.load(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _lock(path.parent):
        with contextlib.suppress(FileNotFoundError, UnusableHeads):  # by the process we waited for
            return Heads.load(path)
        from models.heads.fitting import fit_heads  # SciPy: only when there is work for it

        heads = fit_heads(read_examples(places), encoder, progress)
        heads.save(path)
        _forget_old(path.parent)
    return heads


def path_of(fingerprint: str, cache: Path, folders: Sequence[Path] = ()) -> Path:
    """Where the heads for an encoder are kept once they are fitted."""
    return cache / "heads" / f"{fingerprint}-{_digest([SHIPPED, *folders])}.npz"


def _digest(folders: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{_RECIPE} {shipped().digest}".encode())
    for folder in folders:
        for file in sorted(folder.glob("*.jsonl")):
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        digest.update(b"/")
    return digest.hexdigest()[:16]


def _forget_old(folder: Path) -> None:
    newest = sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in newest[_KEPT:]:
        file.unlink(missing_ok=True)
    for lock in folder.glob("*-*.lock"):  # former versions made one for each
        lock.unlink(missing_ok=True)


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One for all: fitting is rare, and whoever waits for other heads only waits longer."""
    with (folder / "fitting.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
