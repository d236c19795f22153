"""Clocks and levels: what looks at them, and how consoles change and read them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.assembly.sockets import Sockets
from router.assembly.talk import Talk
from router.clocks.steps import Steps
from router.clocks.watch import Watch
from router.tickets.tickets import Tickets
from router.timetable import Job


@dataclass(frozen=True, slots=True)
class Timekeeping:
    watch: Watch

    def jobs(self) -> list[Job]:
        return [Job("watch the clocks", 1, self.watch.tick)]


def wire_clocks(ground: Ground, clients: Clients, talk: Talk, sockets: Sockets, tickets: Tickets) -> Timekeeping:
    def show(conversation_ids: set[UUID]) -> None:
        sockets.clock_board.touch(conversation_ids, in_line=True)

    steps = Steps(
        ground.calendars,
        ground.alerts,
        ground.outbox,
        ground.audit,
        talk.line.head_starts,
        tickets.note_statement,
    )
    watch = Watch(
        ground.database,
        talk.journal,
        ground.calendars,
        steps,
        ground.alerts,
        ground.settings.clocks,
        ground.clock,
        cards=clients.customers.cards,
        show=show,
        dispatch=talk.dispatcher.tick,
    )
    return Timekeeping(watch)
