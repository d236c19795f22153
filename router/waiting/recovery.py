"""Conversations whose agent vanished or keeps silent go back into the line, at its head or at their old place.

Whom two agents one after another have let wait stands at the head, and gets neither of them again by itself.
Refuses to act while another process holds the dispatcher's lease, and on what changed since it was found.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.journal import Fence, Journal
from router.conversations.records import SYSTEM, Change, Conversation, NewNote, Statement
from router.conversations.transitions import require, state_event, to_waiting
from router.errors import Conflict, YingdaError
from router.payloads.desk import Alert
from router.sentences import say
from router.waiting.dispatcher import Dispatcher
from router.waiting.head_start import rank
from router.waiting.lease import Lease
from router.waiting.order import FIRST

log = logging.getLogger(__name__)


class Tells(Protocol):
    """Tells supervisors and the owner; see `router.notifications.alerts`."""

    def statement(self, alert: Alert, *, group_id: UUID | None, key: str | None = None) -> Statement: ...

    async def show(self, alert: Alert, *, owner: UUID | None) -> None: ...


class Recovery:
    """Agents without a sign of life, and customers without a word."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        dispatcher: Dispatcher,
        lease: Lease,
        alerts: Tells,
        clock: Clock,
        *,
        agent_lost_seconds: float,
        silent_minutes: float,
        silent: Callable[[UUID], Awaitable[None]],
    ) -> None:
        """``silent`` hears of each agent from whom a customer was taken for their silence."""
        self._database = database
        self._journal = journal
        self._dispatcher = dispatcher
        self._lease = lease
        self._alerts = alerts
        self._clock = clock
        self._lost_after = timedelta(seconds=agent_lost_seconds)
        self._silent = silent
        self._silent_after = timedelta(minutes=silent_minutes)
        self._sql = load_queries(Path(__file__))
        self._started_at = clock.now()

    async def from_lost_agents(self) -> None:
        """Puts the conversations of agents who vanished back at the head of the line."""
        fence = await self._lease.hold()
        alive_since = self._clock.now() - self._lost_after
        if fence is None or self._started_at > alive_since:
            return  # after a restart of ours the agents get the same time to come back
        rows = await self._database.fetch(self._sql["owned_by_lost"], alive_since)
        await self._put_back(rows, "agent_lost", "note.lost", fence, alive_since)

    async def from_silence(self) -> None:
        """Puts back who has waited too long for a word of their agent; a promised time pauses this."""
        fence = await self._lease.hold()
        if fence is None:
            return
        now = self._clock.now()
        since = now - self._silent_after
        rows = await self._database.fetch(self._sql["silent_agents"], since, now)
        await self._put_back(rows, "agent_silent", "note.silent", fence, since)

    async def _put_back(self, rows: Iterable[Record], reason: str, words: str, fence: Fence, since: datetime) -> None:
        moved = False
        for found in rows:
            owner: UUID = found["owner"]
            silent = [*(each for each in found["silent_before"] if each != owner), owner]
            minutes = f"{self._silent_after.total_seconds() / 60:g}"
            text = say("note.silent_again" if len(silent) > 1 else words, count=len(silent), minutes=minutes)
            alert = Alert(kind=reason, at=self._clock.now(), conversation_id=found["id"], owner=owner, text=text)

            def back(
                row: Conversation,
                moment: Moment,
                owner: UUID = owner,
                alert: Alert = alert,
                text: str = text,
                silent: Sequence[UUID] = silent,
            ) -> Change:
                require(row, "human")
                if (
                    row.owner != owner
                    or row.group_id is None
                    or (reason == "agent_silent" and _spoke(row, since, moment.now))
                ):
                    raise Conflict
                told = self._alerts.statement(alert, group_id=row.group_id)
                return Change(
                    events=(state_event("waiting", reason),),
                    notes=(NewNote("system", SYSTEM, text),),
                    fields=_waits_again(row, reason, moment.now, row.group_id, silent),
                    also=(told,),
                )

            try:
                await self._journal.write(found["id"], back, fence=fence)
            except YingdaError as error:
                log.info("not put back: %s", error.code, extra={"conversation_id": str(found["id"])})
                continue
            moved = True
            await self._alerts.show(alert, owner=owner)
            if reason == "agent_silent":
                await self._silent(owner)
        if moved:
            await self._dispatcher.tick()


def _spoke(row: Conversation, since: datetime, now: datetime) -> bool:
    """Whether the agent said something, or promised a time, since it was found."""
    held = row.held_until is not None and row.held_until > now
    return row.unanswered_since is None or row.unanswered_since > since or held


def _waits_again(
    row: Conversation, reason: str, now: datetime, group_id: UUID, silent: Sequence[UUID]
) -> dict[str, Any]:
    """``silent``: who let this customer wait one after another, the owner last; the second time is once too often."""
    joined_at = row.joined_at or now
    lost = reason == "agent_lost"
    fields = to_waiting(
        row,
        reason,
        now=now,
        group_id=group_id,
        rank_at=FIRST if lost or len(silent) > 1 else rank(joined_at, row.head_start),
        joined_at=joined_at,
        head_start=row.head_start,
    )
    if not lost:
        fields["declined_by"] = list(silent)  # somebody else's turn
    return fields
