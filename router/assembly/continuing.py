"""Going on with a chat on another device."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from router.assembly.ground import Ground
from router.continuing.continuing import Continuing
from router.continuing.http import ContinuingHttp
from router.routes import Face
from router.timetable import Job


@dataclass(frozen=True, slots=True)
class Continuations:
    continuing: Continuing
    faces: tuple[Face, ...]

    def jobs(self) -> list[Job]:
        return [Job("end devices opened by a code", 60, self.continuing.tick)]


def wire_continuing(ground: Ground, close_pages: Callable[[UUID], Awaitable[None]]) -> Continuations:
    settings, sites = ground.settings.continuing, ground.settings.sites
    continuing = Continuing(
        ground.database,
        ground.clock,
        close_pages,
        token_for=timedelta(minutes=settings.token_minutes),
        device_for=timedelta(hours=settings.device_hours),
        per_hour=settings.per_hour,
    )
    return Continuations(continuing, (ContinuingHttp(continuing, frozenset(sites.names), sites.default),))
