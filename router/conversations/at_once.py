"""Turns of the bot that commit in one statement: a question and its answer, decided on the row as it was last seen.

Refuses whatever else a decision does; what has moved on meanwhile is not stored, and decided anew under the lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from database.clock import Clock
from router.conversations.batch import Decide, Follower, Moment
from router.conversations.log import as_event
from router.conversations.records import Change, Committed, Conversation
from router.errors import YingdaError

if TYPE_CHECKING:
    from database.pool import PooledConnection

#: All that a turn decides about its conversation, and where and when it stands then.
_DECIDED = ("question_seq", "answered_seq", "misses", "last_text", "last_kind", "idle_warned_at", "signals")
_MOVED = (*_DECIDED, "last_seq", "last_at")
_moved = attrgetter(*_MOVED)
_ONLY = frozenset(_DECIDED)


class _Turn(Struct, frozen=True):
    client_id: UUID
    change: Change
    committed: Committed


class AtOnce:
    """The turns of one batch, one for each conversation at the most."""

    def __init__(self, sql: Mapping[str, str], clock: Clock, followers: tuple[Follower, ...]) -> None:
        self._sql = sql
        self._followers = followers
        self._moment = Moment(clock.now(), {}, {})
        self._turns: dict[UUID, _Turn] = {}

    def take(self, seen: Conversation | None, decide: Decide, key: tuple[UUID, UUID] | None) -> bool:
        """Whether that is a plain turn, which `store` will store if the row still stands as it was ``seen``."""
        if seen is None or key is None:
            return False
        try:
            change = decide(seen, self._moment)
        except YingdaError:
            return False  # the row says whether that still holds
        if not _is_plain(seen, change, key[0]):
            return False
        now = self._moment.now
        after = structs.replace(seen, last_seq=seen.last_seq + 2, last_at=now, **change.fields)
        events = tuple(as_event(seen.id, seq, now, new) for seq, new in enumerate(change.events, seen.last_seq + 1))
        committed = Committed(seen, after, events, (), msgspec.to_builtins(change.answer))
        if any(True for follower in self._followers for _ in follower(committed, self._moment)):
            return False
        self._turns[seen.id] = _Turn(key[1], change, committed)
        return True

    async def store(self, connection: PooledConnection) -> dict[UUID, Committed]:
        """What was done, by conversation, with the rows as they are now; the others are as if never taken."""
        columns = zip(*map(_columns, self._turns.values()), strict=True)
        rows = await connection.fetch(self._sql["append_turns"], self._moment.now, *columns)
        return {row.id: self._done(row) for row in map(Conversation.from_row, rows)}

    def _done(self, row: Conversation) -> Committed:
        """Both rows bear what others changed beside the talk since it was seen: that was not this turn's doing."""
        committed = self._turns[row.id].committed
        return structs.replace(
            committed,
            before=structs.replace(row, **dict(zip(_MOVED, _moved(committed.before), strict=True))),
            conversation=row,
        )


def _is_plain(seen: Conversation, change: Change, sender: UUID) -> bool:
    """A customer's words to the bot and the bot's to them, nothing else; the statement looks at the row again."""
    if seen.state != "bot" or seen.owes_an_answer or seen.level == "L3" or seen.signals is None:
        return False
    if len(change.events) != 2 or change.notes or change.also or change.counted is not None:
        return False
    asked, said = change.events
    seq = seen.last_seq + 1
    return (
        sender == seen.customer_id == asked.actor.id
        and (asked.kind, asked.actor.kind, asked.actor.name, asked.reply_to_seq) == ("message", "customer", None, None)
        and (said.kind, said.actor.kind, said.actor.id, said.reply_to_seq) == ("message", "bot", None, seq)
        and change.fields.get("question_seq") == change.fields.get("answered_seq") == seq
        and change.fields.keys() <= _ONLY
        and change.fields.get("last_kind") == "bot"
        and "idle_warned_at" in change.fields
    )


def _columns(turn: _Turn) -> tuple[Any, ...]:
    before, after = turn.committed.before, turn.committed.conversation
    asked, said = turn.change.events
    return (
        before.id, before.customer_id, turn.client_id, before.version, before.last_seq, after.misses, after.last_text,
        after.signals, turn.committed.answer, asked.body, said.body, said.actor.name,
    )  # fmt: skip
