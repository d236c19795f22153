"""Clocks, levels and the calendar: what looks at them, and how consoles change and read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.assembly.sockets import Sockets
from router.assembly.talk import Talk
from router.calendar.http import CalendarHttp
from router.clocks.figures import Figures
from router.clocks.http import ClocksHttp
from router.clocks.levelling import Levelling
from router.clocks.steps import Steps
from router.clocks.verdicts import Verdicts
from router.clocks.watch import Watch
from router.conversations.records import Committed
from router.routes import Face
from router.sockets.clock_board import ClockBoard
from router.tickets.tickets import Tickets
from router.timetable import Job


@dataclass(frozen=True, slots=True)
class Timekeeping:
    watch: Watch
    levelling: Levelling
    verdicts: Verdicts
    figures: Figures
    board: ClockBoard
    faces: tuple[Face, ...]

    def follow(self, news: Sequence[Committed]) -> None:
        """What was committed, for pages and for rules about levels."""
        self.board.follow(news)
        self.levelling.follow(news)

    def jobs(self) -> list[Job]:
        return [
            Job("raise levels", 1, self.levelling.tick),
            Job("watch the clocks", 1, self.watch.tick),
            Job("judge what the bot settled", 60, self.verdicts.tick),
            Job("measure the clocks", 15, self.figures.tick),
        ]


def wire_clocks(ground: Ground, clients: Clients, talk: Talk, sockets: Sockets, tickets: Tickets) -> Timekeeping:
    settings, database, clock = ground.settings, ground.database, ground.clock

    steps = Steps(
        ground.calendars, ground.alerts, ground.outbox, ground.audit, talk.line.head_starts, tickets.note_statement
    )
    watch = Watch(
        database,
        talk.journal,
        ground.calendars,
        steps,
        ground.alerts,
        settings.clocks,
        clock,
        cards=clients.customers.cards,
        show=sockets.clock_board.looked_at,
        dispatch=talk.dispatcher.tick,
    )
    levelling = Levelling(database, talk.journal, talk.named_owner, tickets, ground.audit, clock, settings.levels)
    figures = Figures(database, clock, settings.clocks.live_chat, settings.levels.bot, ground.metrics.registry)
    return Timekeeping(
        watch,
        levelling,
        Verdicts(database, clock, settings.levels.bot),
        figures,
        sockets.clock_board,
        (ClocksHttp(levelling, figures), CalendarHttp(ground.calendars, clock)),
    )
