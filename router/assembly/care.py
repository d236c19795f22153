"""What customers think of us and what follows from it, and whom nothing is taken from for now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from router.assembly.answers import Answers
from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.assembly.talk import Talk
from router.assembly.tasks import Work
from router.blocks.blocks import Blocks
from router.blocks.gate import Gate
from router.blocks.http import BlocksHttp
from router.cards.cards import Cards
from router.ratings.following import RatingFollower
from router.ratings.http import RatingsHttp
from router.ratings.ratings import Ratings
from router.ratings.surveys import Surveys
from router.ratings.unsolved import Unsolved
from router.routes import Face
from router.tickets.tickets import Tickets
from router.timetable import Job
from router.waiting.hours import Calendar


@dataclass(frozen=True, slots=True)
class Care:
    ratings: Ratings
    surveys: Surveys
    unsolved: Unsolved
    gate: Gate
    faces: tuple[Face, ...]

    def jobs(self) -> list[Job]:
        return [Job("keep the block list", 5, self.gate.tick)]


def rating_follower(ground: Ground, work: Work, calendar: Callable[[], Calendar]) -> RatingFollower:
    """Goes into the journal; ``calendar`` gives the desk's hours of this moment."""
    days = ground.settings.ratings.follow_up_working_days
    return RatingFollower(work.tasks, ground.alerts, calendar, follow_up_working_days=days)


def wire_care(ground: Ground, answers: Answers, clients: Clients, talk: Talk, cards: Cards, tickets: Tickets) -> Care:
    settings, database, clock = ground.settings.ratings, ground.database, ground.clock
    wording = answers.models.answerer.wording
    ratings = Ratings(database, talk.journal, talk.conversations, clients.customers, ground.alerts, wording, clock)
    gate = Gate(database, talk.journal, wording, clock)
    blocks = Blocks(database, ground.audit, ground.alerts, clock)
    return Care(
        ratings=ratings,
        surveys=Surveys(
            database,
            clock,
            share=settings.nps_share,
            every_days=settings.nps_every_days,
            paused=settings.nps_paused,
        ),
        unsolved=Unsolved(database, talk.conversations, clients.customers, cards, tickets, clock),
        gate=gate,
        faces=(RatingsHttp(ratings), BlocksHttp(blocks, gate)),
    )
