"""Sentences that no support desk's knowledge base answers, to learn from what being out of scope looks like."""

from __future__ import annotations

from pathlib import Path

_FILE = Path(__file__).with_name("negatives.txt")


def _read() -> tuple[str, ...]:
    lines = (line.strip() for line in _FILE.read_text(encoding="utf-8").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


NEGATIVES: tuple[str, ...] = _read()
