"""Who has waited too long in one group goes on to the group beside it, where somebody is there; keeps rank and time."""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.records import SYSTEM, Change, Conversation, NewNote
from router.errors import YingdaError
from router.sentences import say
from router.waiting.dispatcher import Dispatcher
from router.waiting.lease import Lease
from router.waiting.raising import widened
from router.waiting.waiting_line import WaitingLine

log = logging.getLogger(__name__)


class Overflow:
    """One round moves at most fifty, so that a crowd does not all run to the same door at once."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        line: WaitingLine,
        dispatcher: Dispatcher,
        lease: Lease,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._line = line
        self._dispatcher = dispatcher
        self._lease = lease
        self._clock = clock
        self._sql = load_queries(Path(__file__))

    async def tick(self) -> None:
        fence = await self._lease.hold()
        if fence is None:
            return
        rows = await self._database.fetch(self._sql["overflowing"], self._clock.now(), self._line.alive_since())
        moved = False
        for found in rows:
            target: UUID = found["overflow_to"]
            group = await self._line.group(target)
            if group is None:
                continue
            note = NewNote("system", SYSTEM, say("note.overflow", group=group.name))

            def widen(row: Conversation, moment: Moment, target: UUID = target, note: NewNote = note) -> Change:
                event, fields = widened(row, target, moment.now)
                return Change(events=(event,), notes=(note,), fields=fields)

            try:
                await self._journal.write(found["id"], widen, fence=fence)
                moved = True
            except YingdaError as error:
                log.info("not moved on: %s", error.code, extra={"conversation_id": str(found["id"])})
        if moved:
            await self._dispatcher.tick()
