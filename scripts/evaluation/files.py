"""Labelled questions and messages out of JSONL files; refuses a line that is not what the file is for, with its
number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from bot.records import Emotion, Urgency
from kb_index.errors import KnowledgeError
from router.knowledge.said import Place


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file; `expected` is None out of scope."""

    text: str
    expected: str | None
    style: str | None = None  # how it is written, as the file says: 口语, 错别字 …
    language: str | None = None
    place: Place | None = None  # in the log, where a customer asked it


class Message(msgspec.Struct, frozen=True):
    """One line of a message file; a label that is left out is not measured. `topic` None: belongs to none."""

    text: str
    emotion: Emotion | None = None
    urgency: Urgency | None = None
    topic: str | UnsetType | None = UNSET
    wants_human: bool | None = None
    language: str | None = None


class _QuestionLine(msgspec.Struct):
    text: str
    faq_id: str | None = None
    style: str | None = None
    language: str | None = None


_Line = TypeVar("_Line")


def read_questions(paths: Sequence[Path], *, in_scope: bool) -> list[Question]:
    """`{"text", "faq_id", "style"?, "language"?}` a line; out of scope `{"text"}`, and an id is not looked at.

    Raises `KnowledgeError` for a bad line or a file without any, OSError for one that cannot be read.
    """
    questions = []
    for path in paths:
        for number, line in _lines(path, _QuestionLine):
            if in_scope and line.faq_id is None:
                raise KnowledgeError(f"{path}:{number}: `faq_id` is missing")
            questions.append(Question(line.text, line.faq_id if in_scope else None, line.style, line.language))
    return questions


def read_kept_questions(paths: Sequence[Path]) -> list[Question]:
    """Both kinds in one file: a line without `faq_id` should not be answered. Raises as `read_questions` does."""
    return [
        Question(line.text, line.faq_id, line.style, line.language)
        for path in paths
        for _, line in _lines(path, _QuestionLine)
    ]


def read_messages(paths: Sequence[Path]) -> list[Message]:
    """`{"text", "emotion"?, "urgency"?, "topic"?, "wants_human"?}` a line. Raises as `read_questions` does."""
    return [line for path in paths for _, line in _lines(path, Message)]


def _lines(path: Path, kind: type[_Line]) -> Iterator[tuple[int, _Line]]:
    empty = True
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        empty = False
        try:
            yield number, msgspec.json.decode(line, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise KnowledgeError(f"{path}:{number}: {error}") from error
    if empty:
        raise KnowledgeError(f"{path}: there are no questions")
