"""What customers do on the page around the chat: kept, shown to colleagues, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.routes import Face
from router.timetable import Job
from router.trail.http import TrailHttp
from router.trail.trail import Trails

_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Trailing:
    trails: Trails
    faces: Sequence[Face]

    def jobs(self) -> list[Job]:
        return [Job("forget old steps of customers", _HOUR, self.trails.forget)]


def wire_trail(ground: Ground, clients: Clients) -> Trailing:
    trails = Trails(ground.database, ground.clock, ground.settings.trail)
    return Trailing(trails, (TrailHttp(trails, clients.customers),))
