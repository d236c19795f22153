"""Answers of the bot as they go into the log, made once: many customers are told the same; refuses nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from bot.context import Context
from bot.records import Answer, Decision
from database.ids import uuid7
from router.conversations.log import as_event
from router.conversations.messages import bot_message
from router.conversations.records import NewEvent
from router.payloads.log import Event

_REMEMBERED = 4_096


class _Saying(Struct, frozen=True):
    decision: Decision
    remains: Context
    body: Mapping[str, Any]
    event: Event


class Sayings:
    """By the decision itself: the bot gives the same one to all who ask the same."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, _Saying] = OrderedDict()

    def of(self, decision: Decision, reply_to_seq: int, remains: Context) -> NewEvent:
        """The bot's decision as a message; ``remains``: what it leaves for the next question."""
        if not isinstance(decision, Answer):
            return bot_message(decision, reply_to_seq, remains)
        known = self._known.get(id(decision))
        if known is None or known.decision is not decision or known.remains != remains:
            new = bot_message(decision, reply_to_seq, remains)
            nowhere = as_event(UUID(int=0), 0, datetime.min.replace(tzinfo=UTC), new)
            known = self._known[id(decision)] = _Saying(decision, remains, new.body, nowhere)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        actor = known.event.actor
        return NewEvent("message", actor, {**known.body, "id": uuid7()}, reply_to_seq, like=known.event)
