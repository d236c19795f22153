"""Listens to what agents write, beside the conversation: proposes promises, and asks whether one has been kept; nobody
waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any
from uuid import UUID

from database.clock import Clock
from database.errors import DatabaseUnavailable
from models.batching import QuestionNotEncoded
from router.conversations.records import Committed, text_of
from router.errors import YingdaError
from router.payloads.log import Event
from router.promises.hearing import Hearing
from router.promises.pages import Pages
from router.promises.promises import Promises

log = logging.getLogger(__name__)

#: Messages heard at once; while so many are under way a new one goes unheard.
_AT_ONCE = 64


class PromiseListening:
    """A proposal is a help, not a record: what is lost in a crash, the agent writes down by hand."""

    def __init__(
        self, hearing: Hearing, promises: Promises, pages: Pages, clock: Clock, is_reply: Callable[[str], bool]
    ) -> None:
        """``is_reply``: whether words answer something; a greeting keeps no promise."""
        self._hearing = hearing
        self._promises = promises
        self._pages = pages
        self._clock = clock
        self._is_reply = is_reply
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, news: Sequence[Committed]) -> None:
        """Everything that was committed; returns at once."""
        for committed in news:
            for event in committed.events:
                if event.actor.kind != "agent" or event.actor.id is None:
                    continue
                if event.kind == "message":
                    self._start(self._hear(committed, event, event.actor.id))
                elif event.kind == "redact" and isinstance(event.target_seq, int):
                    self._start(self._forget(event.conversation_id, event.target_seq))

    async def drain(self) -> None:
        """Waits for what is being heard; the rest goes unheard."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1)
        for task in self._tasks:
            task.cancel()

    def _start(self, errand: Coroutine[Any, Any, None]) -> None:
        if len(self._tasks) >= _AT_ONCE:
            errand.close()
            return
        task = asyncio.create_task(_at_the_edge(errand))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hear(self, committed: Committed, event: Event, agent_id: UUID) -> None:
        text, row = text_of(event), committed.conversation
        heard = await self._hearing.promise_in(text, self._clock.now())
        if heard is not None:
            ticket = event.number if isinstance(event.number, str) else None
            promise = await self._promises.propose(row.id, event.seq, text, ticket, agent_id, heard)
            if promise is not None:
                await self._pages.show(promise)
        elif self._is_reply(text):
            for promise in await self._promises.answered(row.customer_id, row.id, event.seq):
                await self._pages.show(promise)

    async def _forget(self, conversation_id: UUID, seq: int) -> None:
        """What was taken back has ended with the change itself; the pages only hear of it."""
        promise = await self._promises.of_message(conversation_id, seq)
        if promise is not None:
            await self._pages.show(promise)


async def _at_the_edge(errand: Coroutine[Any, Any, None]) -> None:
    try:
        await errand
    except (YingdaError, DatabaseUnavailable, QuestionNotEncoded) as error:
        log.warning("a message was not heard: %s", type(error).__name__)
    except Exception:  # the edge of this task
        log.exception("hearing a message failed")
