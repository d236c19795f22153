"""What helps agents: canned replies, suggestions, briefs, words to mind, promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import faiss

from router.assembly.answers import Answers
from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.assembly.talk import Talk
from router.clocks.replies import is_reply
from router.conversations.records import Committed
from router.help.briefing import Briefing
from router.help.canned import CannedReplies
from router.help.canned_http import CannedHttp
from router.help.cases import Cases
from router.help.filling import Filling
from router.help.http import BriefingHttp
from router.help.minding import MindedWords
from router.help.noticing import Noticing
from router.help.solving import Solving
from router.help.suggesting import Geometry, Suggesting
from router.help.words_http import WordsHttp
from router.knowledge.knowledge import Knowledge
from router.promises.ears import Ears
from router.promises.hearing import Hearing
from router.promises.http import PromisesHttp
from router.promises.listening import PromiseListening
from router.promises.pages import Pages
from router.promises.promises import Promises
from router.promises.reminding import Reminding
from router.routes import Face
from router.timetable import Job


@dataclass(frozen=True, slots=True)
class Help:
    suggesting: Suggesting
    briefing: Briefing
    words: MindedWords
    cases: Cases
    solving: Solving
    noticing: Noticing
    promises: Promises
    promise_listening: PromiseListening
    reminding: Reminding
    ears: Ears
    knowledge: Knowledge
    faces: tuple[Face, ...]

    def jobs(self) -> list[Job]:
        return [
            Job("tell of promises", 5, self.reminding.tick),
            Job("follow words to mind", 5, self.words.follow),
            Job("take in solved cases", 5, self.solving.tick),
            Job("follow solved cases", 5, self.follow_cases),
            Job("follow the ear for promises", 2, self.ears.follow),
        ]

    async def follow_cases(self) -> None:
        serving = self.knowledge.serving
        if serving is not None:
            await self.cases.follow(Geometry(serving))

    def after_commit(self, news: Sequence[Committed]) -> None:
        """Beside the conversation; returns at once."""
        self.noticing.notice(news)
        self.promise_listening.hear(news)

    async def drain(self) -> None:
        await self.noticing.drain()
        await self.promise_listening.drain()


def wire_help(ground: Ground, answers: Answers, clients: Clients, talk: Talk) -> Help:
    settings, database, clock, calendar = ground.settings, ground.database, ground.clock, ground.calendars.now
    knowledge, wording, customers = answers.knowledge, answers.models.answerer.wording, clients.customers
    faiss.omp_set_num_threads(1)  # one question at a time: a second thread would only be waited for
    ears = Ears(lambda: knowledge.serving, settings.encoder.cache_path)
    pages = Pages(ground.pages)
    promises = Promises(
        database,
        talk.journal,
        clock,
        remind=timedelta(minutes=settings.promises.remind_minutes),
        grace=timedelta(minutes=settings.promises.grace_minutes),
    )
    hearing = Hearing(lambda: ears.now, calendar, from_chance=settings.promises.propose_from)
    cases = Cases(database)
    suggesting = Suggesting(database, cases, lambda: knowledge.serving, clock)
    briefing = Briefing(database, suggesting, promises, calendar, wording, clock)
    words = MindedWords(database, clock)
    canned = CannedReplies(database, clock)
    return Help(
        suggesting=suggesting,
        briefing=briefing,
        words=words,
        cases=cases,
        solving=Solving(database, lambda: knowledge.serving),
        noticing=Noticing(database, talk.journal, briefing, words, customers, ground.alerts, clock),
        promises=promises,
        promise_listening=PromiseListening(hearing, promises, pages, clock, is_reply),
        reminding=Reminding(
            database,
            promises,
            pages,
            ground.pages,
            customers,
            ground.alerts,
            ground.outbox,
            calendar,
            wording,
            clock,
        ),
        ears=ears,
        knowledge=knowledge,
        faces=(
            CannedHttp(canned, Filling(database, customers, calendar, wording, clock), talk.handling, ground.audit),
            WordsHttp(words, ground.audit),
            BriefingHttp(briefing, talk.handling),
            PromisesHttp(promises, pages, talk.handling, talk.reading, ground.audit, clock),
        ),
    )
