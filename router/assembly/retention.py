"""What is kept how long."""

from __future__ import annotations

from dataclasses import dataclass

from router.assembly.ground import Ground
from router.retention.partitions import EVERY, Partitions
from router.timetable import Job


@dataclass(frozen=True, slots=True)
class Retention:
    partitions: Partitions

    def jobs(self) -> list[Job]:
        return [Job("make the coming months' parts of the log", EVERY.total_seconds(), self.partitions.tick)]


def wire_retention(ground: Ground) -> Retention:
    return Retention(Partitions(ground.database, ground.clock))
