"""Rows on their way into tables by COPY, as text; values are written as Postgres reads them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from database.pool import AnyConnection

#: How COPY writes what is not there.
NULL = "\\N"

COLUMNS: dict[str, tuple[str, ...]] = {
    "accounts": ("id", "username", "password_hash", "name", "public_name", "roles", "capacity", "created_at"),
    "groups": ("id", "name", "created_at"),
    "group_members": ("group_id", "account_id"),
    "customers": ("id", "tier", "locale", "created_at", "seen_at"),
    "visitors": ("token_hash", "customer_id", "created_at", "seen_at"),
    "conversations": (
        "id", "customer_id", "site", "channel", "state", "reason", "owner", "last_seq", "answered_seq", "question_seq",
        "last_note_seq", "last_text", "last_kind", "started_at", "last_at", "group_id", "handoff_reason", "topic",
        "joined_at", "rank_at", "handed_off_at", "assigned_at", "first_reply_at", "closed_at", "resolved", "wrap_up",
        "level", "tier",
    ),
    "events": ("conversation_id", "seq", "kind", "at", "actor_kind", "actor_id", "actor_name", "reply_to_seq", "body"),
    "notes": ("conversation_id", "note_seq", "after_seq", "kind", "at", "actor_kind", "actor_id", "actor_name", "text"),
    "sends": ("sender", "client_id", "conversation_id", "answer", "at"),
    "ratings": ("conversation_id", "customer_id", "agent_id", "group_id", "site", "csat", "resolved", "first_at", "at"),
    "clocks": (
        "subject_kind", "subject_id", "kind", "level", "group_id", "started_at", "stints", "spent_seconds",
        "target_seconds", "met_at", "ended_at",
    ),
    "l1_verdicts": ("conversation_id", "solved", "reason", "seconds", "decided_at"),
    "promises": (
        "id", "conversation_id", "seq", "from_char", "chars", "owner", "state", "is_dated", "due_at", "created_at",
        "settled_at",
    ),
    "tickets": (
        "id", "number", "customer_id", "conversation_id", "status", "text", "title", "group_id", "created_at",
        "updated_at", "solved_at", "closed_at",
    ),
    "solved_cases": (
        "conversation_id", "ticket_id", "question_seqs", "reply_seq", "encoder", "vector", "language", "solved_at",
    ),
    "learning_tasks": (
        "id", "kind", "conversation_id", "question_seqs", "question_key", "answer_seq", "actor_kind", "at",
    ),
    "learning_pairs": (
        "id", "source", "conversation_id", "question_seqs", "answer_seq", "evidence_seq", "reply_seq", "article_id",
        "is_right", "weight", "actor_kind", "at",
    ),
    "learning_progress": ("until",),
    "searchable_conversations": ("conversation_id", "seq", "note_seq", "at", "words", "scope"),
    "searchable_tickets": ("ticket_id", "version", "at", "words"),
}  # fmt: skip


class Rows:
    """Lines for each table, in the order of their columns; values hold neither tabs nor backslashes of their own."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {table: [] for table in COLUMNS}

    def add(self, table: str, *values: object) -> None:
        self.lines[table].append("\t".join([NULL if value is None else str(value) for value in values]))

    async def copy(self, connection: AnyConnection) -> None:
        """Writes them all, in the order in which tables refer to each other."""
        for table, lines in self.lines.items():
            if lines:
                source = io.BytesIO(("\n".join(lines) + "\n").encode())
                await connection.copy_to_table(table, source=source, columns=COLUMNS[table])


def moment(at: datetime) -> str:
    return at.isoformat()


def array(values: Sequence[object]) -> str:
    return "{" + ",".join(str(value) for value in values) + "}"
