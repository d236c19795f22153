"""What waiting customers see and may do: company in the line, news of the wait, places given up."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering import Answerer
from bot.waiting_words import WaitingWords
from router.assembly.ground import Ground
from router.assembly.talk import Talk
from router.sockets.queue_notices import QueueNotices
from router.tickets.tickets import Tickets
from router.timetable import Job
from router.waiting_room.absence import Absence
from router.waiting_room.lateness import Lateness
from router.waiting_room.reaching import via_of


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    lateness: Lateness
    absence: Absence

    def jobs(self) -> list[Job]:
        return [
            Job("say that it takes longer", 5, self.lateness.tick),
            Job("give up the places of those who left", 10, self.absence.tick),
            Job("forget pages of those who wait no more", 3600, self.absence.forget),
        ]


def wire_waiting_room(
    ground: Ground, answerer: Answerer, talk: Talk, queue: QueueNotices, tickets: Tickets
) -> WaitingRoom:
    settings, database, clock = ground.settings, ground.database, ground.clock
    keep_minutes, reach = settings.waiting.keep_minutes, settings.notifications.reach
    words = WaitingWords(answerer.wording, round(keep_minutes))
    return WaitingRoom(
        Lateness(
            database,
            talk.journal,
            talk.line,
            talk.places,
            talk.hand_off,
            words,
            queue.slower,
            clock,
            via=via_of(reach),
        ),
        Absence(
            database,
            talk.journal,
            talk.line,
            talk.hand_off,
            tickets,
            words,
            ground.gateway.customers_here,
            clock,
            keep_minutes=keep_minutes,
            reach=reach,
        ),
    )
