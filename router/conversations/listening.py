"""Reads what customers write to humans or while waiting, beside the conversation: nothing is lost without it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

from bot import abuse
from bot.signals import Signals
from database.clock import Clock
from database.errors import DatabaseUnavailable
from models.batching import QuestionNotEncoded
from router.conversations import tongue
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.moods import Heard, after, while_human
from router.conversations.records import NOTHING, SYSTEM, Change, Conversation, NewNote, text_of
from router.errors import YingdaError
from router.payloads.log import Event
from router.sentences import say
from router.waiting.head_start import HeadStarts
from router.waiting.raising import raised_by_signals

log = logging.getLogger(__name__)

#: Messages read at once; while so many are under way a new one is left unread.
_AT_ONCE = 64


class Listening:
    """Keeps signals up to date, notes when a human conversation sours, moves who waits by what has become urgent."""

    def __init__(
        self,
        journal: Journal,
        read: Callable[[str], Awaitable[Signals]],
        clock: Clock,
        head_starts: HeadStarts,
        *,
        sour_at: float,
    ) -> None:
        self._journal = journal
        self._read = read
        self._clock = clock
        self._head_starts = head_starts
        self._sour_at = sour_at
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, conversation_id: UUID, message: Event) -> None:
        """A committed message of a customer to a human, or to nobody yet; returns at once."""
        if len(self._tasks) >= _AT_ONCE:
            return
        task = asyncio.create_task(self._hear(conversation_id, message.seq, text_of(message)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Waits for what is being read; the rest stays unread."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1)
        for task in self._tasks:
            task.cancel()

    async def _hear(self, conversation_id: UUID, seq: int, text: str) -> None:
        try:
            written_in = tongue.said_in(text, None)
            heard = Heard.from_signals(seq, await self._read(text), abuse.detect(text), written_in)
            await self._journal.write(conversation_id, lambda row, moment: self._keep(row, moment, heard))
        except (YingdaError, DatabaseUnavailable, QuestionNotEncoded) as error:
            log.warning("a message was not read: %s", type(error).__name__)
        except Exception:  # the edge of this task
            log.exception("reading a message failed", extra={"conversation_id": str(conversation_id)})

    def _keep(self, row: Conversation, moment: Moment, heard: Heard) -> Change:
        if row.state == "waiting":
            known = after(row.signals, heard)
            fields = {"signals": known} | raised_by_signals(row, known, self._head_starts)
            return NOTHING if known == row.signals else Change(fields=fields)
        if row.state != "human":
            return NOTHING
        signals, soured = while_human(row.signals, heard, self._sour_at, moment.now)
        if signals == row.signals:
            return NOTHING
        notes = (NewNote("system", SYSTEM, say("note.soured")),) if soured else ()
        return Change(notes=notes, fields={"signals": signals})
