"""What each conversation leaves for its next question: in memory, and with the bot's words in the log, whence it comes
back after a restart; none outlives a change of state.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from bot.context import Context
from database.pool import Database
from database.queries import load_queries
from router.conversations.records import Conversation
from router.payloads.log import Event

#: So many, and none whose last answer is so much older than the newest: whoever comes back later is read from the log.
_REMEMBERED = 10_000
_REMEMBERED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Known:
    """A context, and where the conversation stood when it was left."""

    version: int
    answered_seq: int
    last_seq: int
    context: Context
    row: Conversation

    def holds_for(self, row: Conversation, first_seq: int) -> bool:
        """Whether nothing happened between that and a message that another process may have to do with."""
        same = (self.version, self.answered_seq) == (row.version, row.answered_seq)
        return same and first_seq - 1 <= self.last_seq


class Contexts:
    """The contexts of the conversations that a bot talks in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries(Path(__file__))
        self._known: OrderedDict[UUID, _Known] = OrderedDict()

    async def of(self, row: Conversation, first_seq: int) -> Context:
        """What came before the message at ``first_seq``; a human who took over, or came and went, ends it."""
        known = self._known.get(row.id)
        if known is not None and known.holds_for(row, first_seq):
            return known.context
        if first_seq == 1:
            return Context()
        said = await self._database.fetchrow(self._sql["context_before"], row.id, first_seq)
        if said is None or said["context"] is None:
            return Context()
        turned_down = await self._database.fetch(self._sql["turned_down"], row.id, said["seq"])
        return _refused(context_from_json(said["context"]), [each["article_id"] for each in turned_down])

    def row_of(self, conversation_id: UUID | None) -> Conversation | None:
        """The conversation as the bot's last words left it, if they were said here."""
        known = None if conversation_id is None else self._known.get(conversation_id)
        return None if known is None else known.row

    def remember(self, row: Conversation, context: Context) -> None:
        """What the bot's words in ``row``, as it is now, leave behind."""
        self._known[row.id] = _Known(row.version, row.answered_seq, row.last_seq, context, row)
        self._known.move_to_end(row.id)
        oldest = next(iter(self._known.values()))
        if len(self._known) > _REMEMBERED or row.last_at - oldest.row.last_at > _REMEMBERED_FOR:
            del self._known[oldest.row.id]

    def refuse(self, conversation_id: UUID, target: Event) -> None:
        """What a message of the bot said did not help."""
        known = self._known.get(conversation_id)
        if known is None or isinstance(target.sources, msgspec.UnsetType):
            return
        refused = _refused(known.context, [source.article_id for source in target.sources])
        self._known[conversation_id] = replace(known, context=refused)

    def forget_words(self, conversation_id: UUID) -> None:
        """Words were taken back: nothing leans on them any more."""
        known = self._known.get(conversation_id)
        if known is not None:
            self._known[conversation_id] = replace(known, context=replace(known.context, previous_question=""))


def _refused(context: Context, article_ids: list[str]) -> Context:
    refused = tuple(dict.fromkeys((*context.refused_article_ids, *article_ids)))
    return replace(context, refused_article_ids=refused)


def context_to_json(context: Context) -> dict[str, Any]:
    """As it stands in the log, beside the message that made it."""
    kept: dict[str, Any] = msgspec.to_builtins(context)
    return {name: value for name, value in kept.items() if value}


def context_from_json(stored: Mapping[str, Any]) -> Context:
    """What `context_to_json` wrote; what an older program wrote is left aside."""
    try:
        return msgspec.convert(stored, Context)
    except msgspec.ValidationError:
        return Context()
