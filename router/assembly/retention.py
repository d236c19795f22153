"""What is kept how long: the parts of the log, its archive, what is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from database.clock import Clock
from router.assembly.ground import Ground
from router.retention.archive import Archive
from router.retention.archiving import Archiving
from router.retention.forgetting import Forgetting
from router.retention.partitions import Partitions
from router.retention.seldom import Seldom
from router.timetable import Job
from router.uploads.storage import open_store

#: Parts are made months before anything comes into them, and old months are in no hurry.
_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Retention:
    partitions: Partitions
    archive: Archive
    archiving: Archiving
    forgetting: Forgetting

    clock: Clock

    def jobs(self) -> list[Job]:
        works = {
            "make the coming months' parts of the log": self.partitions.tick,
            "archive old months": self.archiving.tick,
            "forget old client ids and visitors": self.forgetting.tick,
        }
        every, apart = _EVERY.total_seconds(), _EVERY * 0.9  # two ticks may come a little closer
        return [Job(name, every, Seldom(self.clock, apart, work)) for name, work in works.items()]


def wire_retention(ground: Ground) -> Retention:
    settings, database, clock = ground.settings, ground.database, ground.clock
    storage = open_store(settings.retention.archive_url, settings.uploads, settings.data_dir / "archive")
    working = settings.data_dir / "archiving"
    working.mkdir(mode=0o700, parents=True, exist_ok=True)
    partitions = Partitions(database, clock)
    return Retention(
        partitions,
        Archive(database, storage),
        Archiving(database, storage, working, partitions, clock, settings.retention),
        Forgetting(database, clock, settings.retention),
        clock,
    )
