"""Half a sentence that was answered but may have been the beginning of what comes next; remembered for some seconds.

In memory; where other processes answer too, what one of them may have answered is looked up in the log.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from database.pool import Database
from database.queries import load_queries
from router.conversations.records import Conversation, text_of
from router.payloads.log import Event

_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class _LooseEnd:
    text: str
    at: datetime


class LooseEnds:
    """``awaits_more``: whether a text sounds as if more came; ``alone``: no other process answers."""

    def __init__(
        self, database: Database, awaits_more: Callable[[str], bool], *, within_seconds: float, alone: bool
    ) -> None:
        self._database = database
        self._awaits_more = awaits_more
        self._within = timedelta(seconds=within_seconds)
        self._alone = alone
        self._sql = load_queries(Path(__file__))
        self._known: OrderedDict[UUID, _LooseEnd] = OrderedDict()

    async def before(self, row: Conversation, first: Event) -> str | None:
        """What belongs before this message, if anything."""
        known = self._known.get(row.id)
        if known is None and not self._alone and first.seq > 1:
            said = await self._database.fetchrow(
                self._sql["loose_end_before"], row.id, first.seq, first.at - self._within
            )
            if said is not None and self._awaits_more(said["text"]):
                known = _LooseEnd(said["text"], said["at"])
        return known.text if known is not None and first.at - known.at < self._within else None

    def keep(self, conversation_id: UUID, messages: list[Event], *, settled: bool) -> None:
        """These were answered; ``settled``: by words that leave nothing open."""
        self._known.pop(conversation_id, None)
        texts = " ".join(text_of(message) for message in messages)
        if settled or not self._awaits_more(texts):
            return
        self._known[conversation_id] = _LooseEnd(texts, messages[-1].at)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def forget(self, conversation_id: UUID) -> None:
        """Words were taken back."""
        self._known.pop(conversation_id, None)
