"""Messages that make up one question: which stand for themselves, which are only its beginning or its files."""

from __future__ import annotations

from dataclasses import dataclass

from router.conversations.records import files_of, text_of
from router.payloads.log import Event


@dataclass(frozen=True, slots=True)
class Question:
    messages: list[Event]
    unfinished: bool


def only_files(messages: list[Event]) -> bool:
    """Pictures without a word: the word may follow."""
    return all(files_of(message) and not text_of(message).strip() for message in messages)


def is_whole(message: Event) -> bool:
    """A choice among offered options stands for itself."""
    return chosen(message) is not None


def chosen(message: Event) -> str | None:
    return message.option_id if isinstance(message.option_id, str) else None
