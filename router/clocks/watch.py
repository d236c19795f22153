"""Finds clocks that have become due and does what follows, each once: in SQL, whatever process looks, however late.

Due rows are claimed with `for update skip locked`, together with their conversation or ticket; warning, breach,
escalation, audit, note and notices commit in one transaction, and pages are told after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.calendar.calendars import Calendars
from router.clocks.reckoning import look
from router.clocks.records import ClockRow, SubjectKind
from router.clocks.settings import ClockSettings
from router.clocks.steps import Due, Steps
from router.conversations.journal import Journal
from router.conversations.records import Committed
from router.notifications.alerts import Alerts
from router.payloads.desk import Alert, CustomerCard

if TYPE_CHECKING:
    from database.pool import PooledConnection

_AT_ONCE = 100
#: What another transaction holds is asked for again so often, after so long.
_TRIES = 5
_PAUSE_SECONDS = 0.02


@dataclass(slots=True)
class _Outcome:
    """What is told after the COMMIT."""

    claimed: int = 0
    news: tuple[Committed, ...] = ()
    alerts: list[tuple[Alert, UUID | None]] = field(default_factory=list)
    conversations: set[UUID] = field(default_factory=set)
    moved: bool = False


class Watch:
    """One tick looks at everything that is due; ``show`` puts conversations' clocks on the pages."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        calendars: Calendars,
        steps: Steps,
        alerts: Alerts,
        settings: ClockSettings,
        clock: Clock,
        *,
        cards: Callable[[set[UUID]], Any],
        show: Callable[[set[UUID]], None],
        dispatch: Callable[[], Any],
    ) -> None:
        self._database = database
        self._journal = journal
        self._calendars = calendars
        self._steps = steps
        self._alerts = alerts
        self._settings = settings
        self._clock = clock
        self._cards = cards
        self._show = show
        self._dispatch = dispatch
        self._sql = load_queries(__file__)
        self._reckoned_by: int | None = None

    async def tick(self) -> None:
        """Everything that is due by now."""
        await self._follow_calendar()
        moved, held = False, 0
        while held < _TRIES:
            now = self._clock.now()
            customers = await self._database.fetch(self._sql["due_customers"], now, 2 * _AT_ONCE)
            if not customers:
                break
            ids = {row["customer_id"] for row in customers} - {None}
            cards: Mapping[UUID, CustomerCard] = await self._cards(ids) if ids else {}
            outcomes = [await self._round(kind, now, cards) for kind in ("conversation", "ticket")]
            moved = moved or any(outcome.moved for outcome in outcomes)
            if not any(outcome.claimed for outcome in outcomes):
                held += 1  # by somebody who is about to let go, or the next tick finds it
                await asyncio.sleep(_PAUSE_SECONDS)
        if moved:
            await self._dispatch()

    async def _follow_calendar(self) -> None:
        """Another calendar: every open clock is reckoned anew."""
        revision = self._calendars.revision
        if revision == self._reckoned_by:
            return
        status = await self._database.execute(self._sql["look_again"], revision, self._clock.now(), 10 * _AT_ONCE)
        if status == "UPDATE 0":
            self._reckoned_by = revision

    async def _round(self, kind: SubjectKind, now: datetime, cards: Mapping[UUID, CustomerCard]) -> _Outcome:
        outcome = _Outcome()
        async with self._database.transaction() as connection:
            claimed = await connection.fetch(self._sql[f"claim_{kind}s"], now, _AT_ONCE)
            outcome.claimed = len(claimed)
            due = [self._due(record, now, cards) for record in claimed]
            await connection.executemany(self._sql["store_clock"], [_stored(each.looked.row) for each in due])
            await self._take_steps(connection, kind, [each for each in due if each.matters], now, outcome)
        if outcome.news:
            await self._journal.tell(outcome.news)
        for alert, owner in outcome.alerts:
            await self._alerts.show(alert, owner=owner)
        if outcome.conversations:
            self._show(outcome.conversations)
        return outcome

    def _due(self, record: Record, now: datetime, cards: Mapping[UUID, CustomerCard]) -> Due:
        row = ClockRow.from_row(record)
        since = row.stints[-1] if row.stints else row.started_at
        calendar = self._calendars.of(row.subject.group_id, row.subject.tier, since)
        looked = look(row, calendar, self._calendars.revision, now, self._settings)
        return Due(
            looked=looked,
            owner=record["owner"],
            state=record["state"],
            group_id=record["present_group"],
            overflow_to=record["overflow_to"],
            number=record["number"],
            conversation_id=record["conversation_id"],
            customer=cards.get(record["customer_id"]),
        )

    async def _take_steps(
        self, connection: PooledConnection, kind: SubjectKind, due: list[Due], now: datetime, outcome: _Outcome
    ) -> None:
        taken = await self._steps.take(connection, due, now)
        outcome.alerts = taken.alerts
        outcome.moved = taken.moved
        if taken.decisions:
            outcome.news = await self._journal.write_within(connection, taken.decisions)
        if kind == "conversation":
            outcome.conversations = {each.looked.row.subject.id for each in due}


def _stored(row: ClockRow) -> tuple[Any, ...]:
    return (
        row.id,
        row.calendar,
        list(row.stints),
        row.spent_seconds,
        row.due_at,
        row.warn_at,
        row.next_at,
        row.warned_at,
        row.breached_at,
        list(row.escalations),
    )
