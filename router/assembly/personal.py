"""What a person may ask for: a copy of what is known of them, and that it is erased."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.conversations.journal import Journal
from router.notifications.sealed import Seals
from router.personal.copying import Copying
from router.personal.erasing import Erasing
from router.personal.http import PersonalHttp
from router.personal.sweeping import Sweeping
from router.retention.archive import Archive
from router.routes import Face
from router.timetable import Job
from router.uploads.storage import Storage


@dataclass(frozen=True, slots=True)
class Personal:
    sweeping: Sweeping
    faces: tuple[Face, ...]

    def jobs(self) -> list[Job]:
        return [Job("empty what erased customers left", 5, self.sweeping.tick)]


def wire_personal(
    ground: Ground,
    clients: Clients,
    journal: Journal,
    archive: Archive,
    storage: Storage,
    close_pages: Callable[[UUID], Awaitable[None]],
) -> Personal:
    database, audit, clock, sealer = ground.database, ground.audit, ground.clock, ground.sealer
    copying = Copying(database, storage, archive, sealer, audit, clock, clients.customers.get)
    sweeping = Sweeping(database, journal, archive, Seals(sealer), ground.outbox, audit, clock)
    return Personal(sweeping, (PersonalHttp(Erasing(database, audit, clock), copying, close_pages),))
