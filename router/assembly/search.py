"""Searching what was said, written and is known."""

from __future__ import annotations

from dataclasses import dataclass

from router.assembly.answers import Answers
from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.routes import Face
from router.search.http import SearchHttp
from router.search.indexing import Indexing
from router.search.searching import Searching
from router.timetable import Job

_EVERY_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Search:
    indexing: Indexing
    http: SearchHttp

    @property
    def faces(self) -> tuple[Face, ...]:
        return (self.http,)

    def jobs(self) -> list[Job]:
        return [Job("make new words searchable", _EVERY_SECONDS, self.indexing.tick)]


def wire_search(ground: Ground, answers: Answers, clients: Clients) -> Search:
    searching = Searching(ground.database, answers.knowledge.listed)
    return Search(Indexing(ground.database, ground.clock), SearchHttp(searching, clients.customers))
