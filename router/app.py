"""The server as a whole, on one page: which areas there are, what runs by itself, how it starts and how it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any

from aiohttp import web

from database.clock import Clock, SystemClock
from database.errors import DatabaseUnavailable
from kb_index.encoders import NamedEncoder
from router.assembly.analytics import analytics_faces, analytics_jobs
from router.assembly.answers import load_models, wire_answers
from router.assembly.care import rating_follower, wire_care
from router.assembly.clocks import wire_clocks
from router.assembly.continuing import wire_continuing
from router.assembly.exports import with_exports
from router.assembly.ground import lay_ground
from router.assembly.help import wire_help
from router.assembly.knowledge import wire_knowledge
from router.assembly.nodes import Nodes, wire_nodes
from router.assembly.notifications import wire_notifications
from router.assembly.observing import wire_observing
from router.assembly.people import wire_clients, wire_staff
from router.assembly.personal import wire_personal
from router.assembly.reception import wire_reception
from router.assembly.retention import wire_retention
from router.assembly.search import wire_search
from router.assembly.sockets import wire_sockets
from router.assembly.supervision import supervision_faces
from router.assembly.talk import wire_talk
from router.assembly.tasks import wire_tasks
from router.assembly.tickets import wire_drafting, wire_tickets
from router.assembly.trail import wire_trail
from router.assembly.tuning import wire_tuning
from router.assembly.uploads import wire_uploads
from router.assembly.waiting_room import wire_waiting_room
from router.assembly.web import basic_faces, wire_web
from router.clocks.following import Following
from router.conversations.journal import Journal
from router.conversations.records import Committed
from router.doors.descriptors import raise_descriptor_limit
from router.doors.runner import DoorRunner
from router.help.forgetting import Forgetting
from router.observing.stages import Stages
from router.preparing import Preparing
from router.promises.taking_back import TakingBack
from router.settings import Settings
from router.timetable import Job, Timetable
from router.workers.worker import Worker

log = logging.getLogger(__name__)

#: Between two tries to end a loop.
_CANCEL_SECONDS = 0.5
#: Descriptors that are not connections of customers: database, files, notices on their way.
_OTHER_DESCRIPTORS = 300
_TUNING_LOOK_SECONDS = 60


class Desk:
    """A whole support desk in one process: `open` wires it, `prepare` makes it ready, `drain` and `close` end it."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        say: Callable[[str], None] = print,
        *,
        by_itself: bool = True,
        worker: Worker | None = None,
        encoder: NamedEncoder | None = None,
    ) -> None:
        """``by_itself``: whether the timetable runs; without it its owner calls `timetable.run_once`. ``encoder``: the
        configured one, where it is loaded already."""
        self._encoder = encoder
        self._worker = worker or Worker()
        self._settings = settings
        self._clock = clock or SystemClock()
        self._say = say
        self._by_itself = by_itself
        self._tasks: list[asyncio.Task[None]] = []
        self._opened = AsyncExitStack()
        self._nodes: Nodes | None = None

    async def open(self) -> web.Application:
        """Builds every part in order; the database may still be down afterwards. Raises what forbids a start."""
        settings = self._settings
        stages = Stages()
        models = load_models(settings, self._opened, stages, self._encoder)
        self._ground = ground = await lay_ground(
            settings,
            self._clock,
            self._say,
            self._opened,
            stages,
            self._worker,
            colleagues=lambda: self._sockets.seats.colleagues(),
            doubt=lambda: self._nodes.catching_up.doubt() if self._nodes is not None else None,
        )
        self._notifications = notifications = wire_notifications(ground)
        self._answers = answers = wire_answers(ground, models)
        staff = wire_staff(ground)
        work = wire_tasks(ground, ground.calendars.now)
        tickets = wire_drafting(ground)
        journal = Journal(
            ground.database,
            self._clock,
            self._after_commit,
            on_doubt=lambda ids: self._sockets.broadcast.doubt(ids),
            observe=stages.observe,
            followers=(
                rating_follower(ground, work, ground.calendars.now),
                Following(ground.clocks),
                tickets.follow,
                Forgetting(),
                TakingBack(),
                *notifications.followers,
            ),
        )
        clients = wire_clients(ground, journal)
        files = wire_uploads(ground)
        self._retention = retention = wire_retention(ground)
        self._talk = talk = wire_talk(ground, answers, staff, journal, tickets, files, retention.archive)
        self._help = help = wire_help(ground, answers, clients, talk)
        self._reception = reception = wire_reception(ground, models.answerer.wording, talk, work.tasks, files)
        self._ticketing = ticketing = wire_tickets(
            ground,
            clients,
            talk,
            tickets,
            models.answerer.wording,
            help.words,
            reception.cards,
            files,
        )
        care = wire_care(ground, answers, clients, talk, reception.cards, tickets)
        trailing = wire_trail(ground, clients)
        self._sockets = sockets = wire_sockets(
            ground, answers, staff, clients, talk, care, ticketing, reception, help, files, trailing.trails
        )
        self._nodes = wire_nodes(ground, staff, talk, sockets)
        self._timekeeping = timekeeping = wire_clocks(ground, clients, talk, sockets, tickets)
        continuations = wire_continuing(ground, sockets.chat.disconnect_customer)
        close_pages = sockets.chat.disconnect_customer
        personal = wire_personal(ground, clients, talk.journal, retention.archive, files.storage, close_pages)
        self._observing = observing = await wire_observing(
            ground, answers, talk, sockets, files.breakers, self._found_behind
        )
        room = wire_waiting_room(ground, models.answerer, talk, sockets.queue, tickets)
        self._search = search = wire_search(ground, answers, clients)
        self._editing = editing = wire_knowledge(ground, answers, files)
        self._preparing = Preparing(
            ground.database,
            settings.database,
            self._clock,
            ground.readiness,
            staff.first,
            answers.knowledge,
            self._say,
        )
        self.timetable = Timetable(
            [
                *sockets.jobs(),  # signs of life before anybody is missed
                *staff.jobs(),
                *work.jobs(),
                *care.jobs(),
                *ticketing.jobs(),
                *talk.jobs(settings.routing.dispatch_tick_seconds),
                *room.jobs(),
                *search.jobs(),
                *editing.jobs(),
                *help.jobs(),
                *notifications.jobs(),
                *observing.jobs(),
                *files.jobs(),
                *trailing.jobs(),
                *continuations.jobs(),
                *analytics_jobs(ground),
                *personal.jobs(),
                *retention.jobs(),
                Job("follow the calendar", 5, ground.calendars.follow),
                Job("follow the settings", 2, ground.tuning.follow),
                *timekeeping.jobs(),
                Job("follow the index", settings.knowledge.poll_seconds, answers.knowledge.follow),
                Job("tune the encoder", _TUNING_LOOK_SECONDS, answers.knowledge.tune_where_due),
                Job("learn from use", settings.learning.sweep_seconds, answers.harvest.tick),
            ],
            ground.is_ready,
        )
        faces = [
            *basic_faces(ground, answers, staff, clients, talk, sockets, ticketing.store.marks),
            *editing.faces,
            *work.faces,
            *care.faces,
            *ticketing.faces,
            *search.faces,
            *timekeeping.faces,
            *help.faces,
            *notifications.faces,
            *files.faces(care.gate.require_open, ticketing.sees),
            *trailing.faces,
            *continuations.faces,
            *personal.faces,
            *supervision_faces(ground, staff, clients, talk),
            *analytics_faces(ground, clients),
            wire_tuning(ground, answers, talk, timekeeping.figures, care.surveys, editing.runs),
        ]
        every = with_exports(ground, clients, faces)
        app = wire_web(ground, staff, clients, sockets, every, observing.gathering, editing.media.bring)
        notifications.mount(app)
        staff.portraits.mount(app)
        files.serving.mount(app)
        return app

    def _found_behind(self) -> int:
        return 0 if self._nodes is None else self._nodes.catching_up.found

    def runner_of(self, app: web.Application) -> DoorRunner:
        """What listens: behind it nobody stalls and nobody takes all the room."""
        limits = self._settings.limits
        self._ground.doors.connections.most = min(limits.connections, raise_descriptor_limit() - _OTHER_DESCRIPTORS)
        return DoorRunner(
            app,
            self._ground.doors.connections,
            idle_seconds=limits.idle_seconds,
            unread_seconds=limits.unread_seconds,
            shutdown_timeout=1,
        )

    async def prepare(self) -> None:
        """Waits for the database, migrates, makes the first account, loads the index, begins to work; raises what
        cannot be healed."""
        await self._preparing.run()
        await self._retention.partitions.tick()
        await self._ground.calendars.follow()
        await self._ground.tuning.follow()
        await self._help.words.follow()
        await self._notifications.office.webhooks.refresh()  # before the first event that one of them asked for
        self._talk.journal.start()
        self._tasks = [asyncio.create_task(loop()) for loop in self._loops()]
        if self._by_itself:
            self.timetable.start()
        with suppress(DatabaseUnavailable):
            await self._talk.questions.sweep(older_than_seconds=0)

    def _loops(self) -> Sequence[Callable[[], Coroutine[Any, Any, None]]]:
        nodes = self._nodes.loops if self._nodes is not None else ()
        return (*self._sockets.loops, *self._observing.loops, *nodes)

    def is_connected_to(self, others: int) -> bool:
        """Whether so many other nodes are heard at least."""
        return self._nodes is not None and self._nodes.wire.is_whole and self._nodes.wire.peers >= others

    async def drain(self) -> None:
        """No new work; what is being answered is finished, what is not stays owed in the database."""
        talk = self._talk
        self._ground.readiness.draining = True
        self.timetable.stop()
        await talk.questions.drain()
        await talk.listening.drain()
        await talk.company.drain()
        await self._reception.cards.drain()
        await self._help.drain()
        await talk.dispatcher.stop()
        await talk.journal.close()
        await self._ticketing.news.drain()
        await self._editing.runs.drain()
        await self._answers.knowledge.finish()
        if self._nodes is not None:
            await self._nodes.wire.close()

    async def close(self) -> None:
        """Ends everything in the opposite order of its beginning."""
        left = set(self._tasks)
        while left:  # a query under way may swallow a cancellation
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=_CANCEL_SECONDS)
        await self._opened.aclose()

    async def _after_commit(self, news: Sequence[Committed]) -> None:
        self._ground.metrics.count(news)
        self._observing.line.count(news)
        for committed in news:
            for event in committed.events:
                if event.kind == "state":
                    moved = {"conversation_id": str(event.conversation_id), "state": event.state}
                    log.info("conversation moved", extra={**moved, "reason": event.reason})
        self._search.indexing.heard(news)
        self._ticketing.news.after_commit(news)
        self._help.after_commit(news)
        self._reception.cards.hear(news)
        await self._sockets.broadcast.tell(news)
        self._timekeeping.follow(news)
        if self._nodes is not None:
            self._nodes.after_commit(news)
