"""Customers' questions out of the log, with what was known in the conversation and what is known about them today;
reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bot.context import Context
from bot.records import Turn
from database.pool import Database
from database.queries import load_queries
from kb_index.records import Scope
from router.conversations.contexts import context_from_json
from router.knowledge.said import Place
from router.learning.lessons import Label, read_labels
from router.learning.records import normal_form

#: One word of a customer or an agent is enough to call a change better or worse: somebody looks at it anyway.
BELIEVED_FROM = 0.6


@dataclass(frozen=True, slots=True)
class Spot:
    """One time that a question was asked."""

    place: Place
    previous: Place | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was asked `times` times in the same situation."""

    turn: Turn
    times: int
    label: Label | None
    #: Where it stands in the log, and where the question before it does.
    spots: tuple[Spot, ...] = ()

    @property
    def text(self) -> str:
        """What the customer wrote, in one line."""
        return " ".join(" ".join(self.turn.fragments).split())


async def asked_since(database: Database, now: datetime, days: float) -> list[Asked]:
    """Equal questions as one, the most frequent first.

    A question keeps the one before it and the options that were on the table. What had been said or turned down is left
    out, and misses count from zero: that depends on the bot of that time.
    """
    rows = await database.fetch(load_queries(__file__)["asked_since"], now - timedelta(days=days))
    labels = Labels(await read_labels(database, BELIEVED_FROM))
    found: dict[Turn, Asked] = {}
    for row in rows:
        turn = _turn(row, now)
        known = found.get(turn)
        label = labels.of(turn, row["conversation_id"], tuple(row["seqs"]))
        spot = _spot(row)
        found[turn] = (
            replace(known, times=known.times + 1, label=known.label or label, spots=(*known.spots, spot))
            if known
            else Asked(turn, 1, label, (spot,))
        )
    return sorted(found.values(), key=lambda one: -one.times)


class Labels:
    """What is believed about questions; one that leans on the question before it is known only where it stands."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self._by_key = {label.key: label for label in labels}
        self._by_place = {(label.conversation_id, label.question_seqs): label for label in labels}

    def of(self, turn: Turn, conversation_id: UUID, seqs: tuple[int, ...]) -> Label | None:
        """The label of a question, None where nothing is known."""
        here = self._by_place.get((conversation_id, seqs))
        if here is not None or turn.previous_question:
            return here
        text = " ".join(turn.fragments)
        return self._by_key.get(normal_form(text) or text)


def _spot(row: Any) -> Spot:
    previous = row["previous_seqs"]
    conversation_id = row["conversation_id"]
    return Spot((conversation_id, tuple(row["seqs"])), (conversation_id, tuple(previous)) if previous else None)


def _turn(row: Any, now: datetime) -> Turn:
    context = context_from_json(row["context"]) if row["context"] else Context()
    return Turn(
        fragments=tuple(row["texts"]),
        locale=row["locale"] or "zh-CN",
        scope=Scope(site=row["site"], locale=row["locale"], at=now),
        offered=context.offered,
        previous_question=context.previous_question,
        asked_back=context.asked_back,
    )
