"""Labelled pairs and tasks as rows: frozen records, and how far each kind of evidence is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from asyncpg import Record

from kb_index.text import canonical

Source = Literal["rating", "option", "none_fits", "agent", "solved", "flag", "editor"]
Kind = Literal["flagged", "unanswered"]
Outcome = Literal["article", "nobodys", "dismissed"]

#: Probability that a piece of evidence is true. An editor decides; customers mean well and misclick; that a
#: conversation ended well after an answer says little about that answer.
TRUST: Mapping[tuple[Source, bool], float] = MappingProxyType(
    {
        ("editor", True): 0.98,
        ("editor", False): 0.98,
        ("flag", True): 0.90,
        ("flag", False): 0.90,
        ("option", True): 0.80,
        ("none_fits", False): 0.75,
        ("rating", True): 0.75,
        ("rating", False): 0.65,  # also said of a right answer that one does not like
        ("agent", True): 0.75,
        ("solved", True): 0.60,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """That an article answers a question or does not; of the question only its place in the log is kept."""

    source: Source
    conversation_id: UUID | None
    question_seqs: tuple[int, ...] | None
    article_id: str | None  # None: no article does
    is_right: bool
    actor_kind: str
    actor_id: UUID | None
    at: datetime
    question: str | None = None  # typed by an editor
    answer_seq: int | None = None
    evidence_seq: int | None = None
    reply_seq: int | None = None  # the agent's message that answered it
    index_version: int | None = None
    task_id: UUID | None = None

    @property
    def weight(self) -> float:
        """Probability that it is true."""
        return TRUST[self.source, self.is_right]

    @classmethod
    def from_row(cls, row: Record, source: Source) -> Pair:
        """From one of the statements that read the log."""
        return cls(
            source=source, conversation_id=row["conversation_id"], question_seqs=tuple(row["question_seqs"]),
            answer_seq=row["answer_seq"], evidence_seq=row["evidence_seq"], article_id=row["article_id"],
            index_version=row["index_version"], is_right=row["is_right"], actor_kind=row["actor_kind"],
            actor_id=row["actor_id"], at=row["at"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an editor should look at, with the texts as the log has them now."""

    id: UUID
    kind: Kind
    conversation_id: UUID
    question_seqs: tuple[int, ...]
    question_key: bytes
    answer_seq: int
    article_id: str | None
    proposed_id: str | None
    comment: str | None
    outcome: Outcome | None

    @classmethod
    def from_row(cls, row: Record) -> Task:
        return cls(
            id=row["id"], kind=row["kind"], conversation_id=row["conversation_id"],
            question_seqs=tuple(row["question_seqs"]), question_key=row["question_key"], answer_seq=row["answer_seq"],
            article_id=row["article_id"], proposed_id=row["proposed_id"], comment=row["comment"],
            outcome=row["outcome"],
        )  # fmt: skip


def normal_form(question: str) -> str:
    """Two questions of one normal form are one question: written form, case, spaces and closing marks do not count."""
    return "".join(character for character in canonical(question) if character.isalnum())


def key_of(question: str) -> bytes:
    """Hash of the normal form, 16 bytes."""
    return hashlib.sha256((normal_form(question) or question).encode()).digest()[:16]
