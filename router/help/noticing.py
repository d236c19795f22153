"""Beside the conversation: writes down what happened before when a human is called, keeps that note true when a message
is taken back, and tells supervisors of abuse. Nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any
from uuid import UUID, uuid5

from bot import abuse
from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.conversations.journal import Journal
from router.conversations.records import NOTHING, SYSTEM, Change, Committed, Conversation, NewNote, text_of
from router.customers.customers import Customers
from router.errors import YingdaError
from router.help.briefing import Briefing
from router.help.minding import MindedWords
from router.notifications.alerts import Alerts
from router.payloads.desk import Alert, CustomerCard
from router.payloads.log import Event

log = logging.getLogger(__name__)

#: Errands under way at once; more are dropped, since agents get the same when they open the conversation.
_AT_ONCE = 64
#: Whoever is waiting for their acknowledgement has the database first.
_AFTER_SECONDS = 0.01
_NAMESPACE = UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
_LONGEST = 200  # characters of what was said, in an alert


class Noticing:
    """Given everything that was committed, in order."""

    def __init__(
        self, database: Database, journal: Journal, briefing: Briefing, words: MindedWords, customers: Customers,
        alerts: Alerts, clock: Clock,
    ) -> None:  # fmt: skip
        self._database = database
        self._journal = journal
        self._briefing = briefing
        self._words = words
        self._customers = customers
        self._alerts = alerts
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._sql = load_queries(__file__)

    def notice(self, news: Sequence[Committed]) -> None:
        """Returns at once."""
        for committed in news:
            before, after = committed.before, committed.conversation
            if before.state == "bot" and after.state in ("waiting", "human"):
                self._start(self._summarise(after))
            for event in committed.events:
                if event.kind == "redact" and after.last_note_seq > 0:
                    self._start(self._summarise_again(after))
                elif event.kind == "message" and event.actor.kind == "customer" and after.state in ("waiting", "human"):
                    self._look_for_abuse(after, event)

    async def drain(self) -> None:
        """Waits for what is under way; the rest is left."""
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

    async def _summarise(self, row: Conversation) -> None:
        await asyncio.sleep(_AFTER_SECONDS)
        text = (await self._briefing.summary(row)).text()
        if text:
            note = NewNote("summary", SYSTEM, text)
            key = uuid5(_NAMESPACE, f"{row.id}:{row.handed_off_at}")
            await self._journal.write(
                row.id, lambda now, _: Change(notes=(note,)) if now.is_open else NOTHING, sender=row.id, client_id=key
            )  # fmt: skip

    async def _summarise_again(self, row: Conversation) -> None:
        """What was taken back must not stand in a note either."""
        text = (await self._briefing.summary(row)).text()
        await self._database.execute(self._sql["rewrite_summaries"], row.id, text)

    def _look_for_abuse(self, row: Conversation, event: Event) -> None:
        text = text_of(event)
        why = {"insult"} if abuse.detect(text) else {str(met.rule.id) for met in self._words.incoming(text)}
        for each in why:
            self._start(self._tell(row, event, each))

    async def _tell(self, row: Conversation, event: Event, why: str) -> None:
        """Once for each agent's stretch of a conversation and each reason: a flood of insults is one alert."""
        cards = await self._customers.cards({row.customer_id})
        alert = Alert(
            kind="abuse", at=self._clock.now(), conversation_id=row.id, owner=row.owner,
            customer=cards.get(row.customer_id) or CustomerCard(id=row.customer_id), text=text_of(event)[:_LONGEST],
        )  # fmt: skip
        await self._alerts.tell(alert, owner=None, group_id=row.group_id, key=f"abuse:{row.id}:{row.version}:{why}")


async def _at_the_edge(errand: Coroutine[Any, Any, None]) -> None:
    try:
        await errand
    except (YingdaError, DatabaseUnavailable) as error:
        log.warning("nothing was noticed: %s", type(error).__name__)
    except Exception:  # the edge of this task
        log.exception("noticing failed")
