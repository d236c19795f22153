"""What changed between two versions of an article, field by field, as pieces that stayed, went and came; Chinese is
compared by characters, other words whole."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from kb_index.records import Article

Op = Literal["same", "gone", "new"]

_TOKEN = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
_FINE = 3_000  # tokens on both sides together; longer stretches are shown as replaced
_LINES_ALIKE = 0.3  # lines less alike than this have nothing to do with each other

#: In the order in which people read them.
FIELDS = (
    "question", "variants", "answer", "category", "tags", "locale", "site", "status", "visibility", "audience",
    "editions", "valid_from", "valid_to", "answer_at", "pictures",
)  # fmt: skip


class Piece(Struct, kw_only=True):
    """A stretch of text and what became of it."""

    op: Op
    text: str


class FieldChange(Struct, kw_only=True):
    """A field that reads differently; its pieces in their order make up both versions."""

    name: str
    pieces: list[Piece]


def changes_between(before: Article | None, after: Article | None) -> list[FieldChange]:
    """Every field that differs; where one side is not there, all of the other."""
    changes: list[FieldChange] = []
    for name in FIELDS:
        old, new = ("" if side is None else _shown(getattr(side, name)) for side in (before, after))
        if old != new:
            changes.append(FieldChange(name=name, pieces=list(_merged(_pieces(old, new)))))
    return changes


def _pieces(old: str, new: str) -> Iterator[Piece]:
    """By lines first, so that a long answer stays quick; within lines that were rewritten by words."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for op, a0, a1, b0, b1 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, came = "".join(before[a0:a1]), "".join(after[b0:b1])
        if op == "equal":
            yield Piece(op="same", text=gone)
        else:
            yield from _fine(gone, came)


def _fine(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if not before or not after or len(before) + len(after) > _FINE or matcher.ratio() < _LINES_ALIKE:
        yield from _replaced(old, new)
        return
    for op, a0, a1, b0, b1 in matcher.get_opcodes():
        if op == "equal":
            yield Piece(op="same", text="".join(before[a0:a1]))
        else:
            yield from _replaced("".join(before[a0:a1]), "".join(after[b0:b1]))


def _replaced(old: str, new: str) -> Iterator[Piece]:
    if old:
        yield Piece(op="gone", text=old)
    if new:
        yield Piece(op="new", text=new)


def _merged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and last.op == piece.op:
            last = Piece(op=last.op, text=last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(getattr(part, "name", None) or str(part) for part in value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
