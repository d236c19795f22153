"""Clocks as statements that commit with a change: start, answer, pause, meet, end; it decides no deadline twice.

Pure and fast: whoever holds a conversation's or a ticket's lock asks for statements and runs them in the same
transaction. Times are handed in. What became due is found by `watch`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from database.pool import Database
from database.queries import load_queries
from router.calendar.calendars import Calendars
from router.clocks.reckoning import deadline
from router.clocks.records import KINDS, ClockRow, Subject, SubjectKind
from router.clocks.settings import ClockSettings, Kind
from router.conversations.records import Statement
from router.payloads.clocks import ClockState

if TYPE_CHECKING:
    from database.pool import PooledConnection

REPLIES: tuple[Kind, ...] = ("first_reply", "next_reply")
RESOLUTION: tuple[Kind, ...] = ("resolution",)


class Clocks:
    """Repeating a statement is harmless; a clock that runs is never started anew."""

    def __init__(self, database: Database, calendars: Calendars, settings: ClockSettings) -> None:
        self._database = database
        self._calendars = calendars
        self._settings = settings
        self._sql = load_queries(__file__)

    def retune(self, settings: ClockSettings) -> None:
        """What starts from now on has other targets; what runs keeps what was promised."""
        self._settings = settings

    # Statements ------------------------------------------------------------------------------------------------

    def start(self, subject: Subject, kinds: Iterable[Kind], at: datetime) -> tuple[Statement, ...]:
        """They run from ``at`` on, or from opening; ``at`` may lie in the past, so that nothing is reset."""
        calendar = self._calendars.of(subject.group_id, subject.tier, at)
        statements = []
        for kind in kinds:
            target = self._settings.target_seconds(kind, subject.level, subject.tier)
            due = deadline(calendar, at, target, 0.0, self._settings.warn_at_share)
            arguments = (
                subject.kind, subject.id, kind, subject.level, subject.tier, subject.group_id,
                self._calendars.revision, at, target, due.due_at, due.warn_at, due.warn_at,
            )  # fmt: skip
            statements.append(Statement(self._sql["start_clock"], arguments))
        return tuple(statements)

    def replied(self, subject: Subject, at: datetime) -> tuple[Statement, ...]:
        """We answered: both replies are met, and the customer has the next word."""
        return (*self.meet(subject, REPLIES, at), *self.pause(subject, RESOLUTION, at))

    def customer_spoke(self, subject: Subject, at: datetime) -> tuple[Statement, ...]:
        """After our first reply the customer spoke again: the next one is owed, and the matter goes on."""
        return (*self.start(subject, ("next_reply",), at), *self.resume(subject, RESOLUTION, at))

    def meet(self, subject: Subject, kinds: Collection[Kind], at: datetime) -> tuple[Statement, ...]:
        return (Statement(self._sql["meet_clocks"], (subject.kind, subject.id, list(kinds), at)),)

    def pause(self, subject: Subject, kinds: Collection[Kind], at: datetime) -> tuple[Statement, ...]:
        return (Statement(self._sql["pause_clocks"], (subject.kind, subject.id, list(kinds), at)),)

    def resume(self, subject: Subject, kinds: Collection[Kind], at: datetime) -> tuple[Statement, ...]:
        return (Statement(self._sql["resume_clocks"], (subject.kind, subject.id, list(kinds), at)),)

    def end(self, subject: Subject, at: datetime, *, met: Collection[Kind] = ()) -> tuple[Statement, ...]:
        """Whatever still runs is over; of the kinds in ``met`` it was met, the rest was not."""
        return (Statement(self._sql["end_clocks"], (subject.kind, subject.id, at, list(met))),)

    def relevel(self, subject: Subject, at: datetime) -> tuple[Statement, ...]:
        """The subject has another level: no clock is reset, and a deadline may only come nearer."""
        return tuple(
            Statement(
                self._sql["relevel_clock"],
                (
                    subject.kind,
                    subject.id,
                    kind,
                    subject.level,
                    self._settings.target_seconds(kind, subject.level, subject.tier),
                    at,
                ),
            )
            for kind in KINDS
        )

    def reopen(self, subject: Subject, at: datetime) -> tuple[Statement, ...]:
        """The matter is not settled after all: its clock goes on where it stopped."""
        return (Statement(self._sql["reopen_clock"], (subject.kind, subject.id, "resolution", at)),)

    # Reading ---------------------------------------------------------------------------------------------------

    async def of(
        self, kind: SubjectKind, ids: Collection[UUID], connection: PooledConnection | None = None
    ) -> dict[UUID, list[ClockState]]:
        """The open clocks of some subjects, as consoles count them down."""
        if not ids:
            return {}
        reader = connection or self._database
        found: dict[UUID, list[ClockState]] = {}
        for record in await reader.fetch(self._sql["open_clocks"], kind, list(ids)):
            row = ClockRow.from_row(record)
            found.setdefault(row.subject.id, []).append(row.state(self._live_target(row)))
        return found

    def _live_target(self, row: ClockRow) -> datetime | None:
        """Until when the desk wants to have answered a live chat."""
        if row.kind != "first_reply" or row.subject.kind != "conversation":
            return None
        calendar = self._calendars.of(row.subject.group_id, row.subject.tier, row.started_at)
        return calendar.after(row.started_at, timedelta(seconds=self._settings.live_chat.average_seconds))
