"""What is kept how long: the parts of the log, its archive, what is forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from router.assembly.ground import Ground
from router.retention.archive import Archive
from router.retention.archiving import Archiving
from router.retention.forgetting import Forgetting
from router.retention.partitions import EVERY, Partitions
from router.timetable import Job
from router.uploads.storage import open_store

_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Retention:
    partitions: Partitions
    archive: Archive
    archiving: Archiving
    forgetting: Forgetting

    def jobs(self) -> list[Job]:
        return [
            Job("make the coming months' parts of the log", EVERY.total_seconds(), self.partitions.tick),
            Job("archive old months", _HOUR, self.archiving.tick),
            Job("forget old client ids and visitors", _HOUR, self.forgetting.tick),
        ]


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
    )
