"""The labelled messages that ship with the program and those of an operator: JSONL in, examples out; refuses a line
that is not one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from models.heads.labels import NO_TOPIC, Emotion, Example, Urgency

#: Written for this project, see docs/developers.md.
SHIPPED = Path(__file__).resolve().parent / "data"


class FaultyExamples(ValueError):
    """A file of labelled messages cannot be used; the message names file and line."""


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    emotion: Emotion | None = None
    urgency: Urgency | None = None
    topic: str | msgspec.UnsetType | None = msgspec.UNSET
    open: bool | None = None
    wants_human: bool = False
    language: str | None = None


def read_examples(folders: Sequence[Path]) -> list[Example]:
    """Every line of every JSONL file; a topic of null says that there is none, a missing one that it is not known.

    Raises `FaultyExamples` for what is not such a line, and for a folder without a file.
    """
    return [example for folder in folders for path in _files(folder) for example in _read(path)]


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.jsonl"))
    if not found:
        raise FaultyExamples(f"{folder} holds no .jsonl file of labelled messages")
    return found


def _read(path: Path) -> list[Example]:
    examples = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            one = msgspec.json.decode(line, type=_Line)
        except msgspec.DecodeError as error:
            raise FaultyExamples(f"{path}:{number}: {error}") from error
        topic = None if one.topic is msgspec.UNSET else one.topic or NO_TOPIC
        examples.append(Example(one.text, one.emotion, one.urgency, topic, one.open, one.wants_human))
    return examples
