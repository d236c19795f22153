"""Everything that speaks Socket.IO: the server, the gateway, who sits where, what everybody hears."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from router.assembly.answers import Answers
from router.assembly.care import Care
from router.assembly.ground import Ground
from router.assembly.help import Help
from router.assembly.people import Clients, Staff
from router.assembly.reception import Reception
from router.assembly.talk import Talk
from router.assembly.tickets import Ticketing
from router.assembly.uploads import Files
from router.doors.rates import Rate
from router.knowledge.public import PublicArticles
from router.sites.looks import Looks
from router.sockets.agent import AgentNamespace, AgentParts
from router.sockets.broadcast import Broadcast
from router.sockets.clock_board import ClockBoard
from router.sockets.customer import ChatNamespace, ChatParts, TicketParts
from router.sockets.errands import Errands
from router.sockets.gateway import Gateway
from router.sockets.greeting import Greeting
from router.sockets.limits import SocketLimits
from router.sockets.line_board import LineBoard
from router.sockets.offers import Offers
from router.sockets.queue_notices import QueueNotices
from router.sockets.seats import Seats
from router.sockets.server import SocketServer
from router.timetable import Job
from router.trail.trail import Trails
from router.transcripts.transcripts import Transcripts


@dataclass(frozen=True, slots=True)
class Sockets:
    server: SocketServer
    gateway: Gateway
    broadcast: Broadcast
    errands: Errands
    board: LineBoard
    clock_board: ClockBoard
    queue: QueueNotices
    seats: Seats
    chat: ChatNamespace
    agents: AgentNamespace

    @property
    def loops(self) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
        """What runs from the start to the end."""
        return (self.errands.run, self.board.run, self.clock_board.run)

    def jobs(self) -> list[Job]:
        return [
            Job("tell what may not have been told", 1, self.broadcast.tell_doubted),
            Job("tell places in line", 5, self.queue.tick),
            Job("agents' signs of life", 5, self.agents.heartbeat),
            Job("follow sessions, groups and roles", 5, self.agents.refresh_rights),
        ]


def wire_sockets(
    ground: Ground,
    answers: Answers,
    staff: Staff,
    clients: Clients,
    talk: Talk,
    care: Care,
    ticketing: Ticketing,
    reception: Reception,
    helping: Help,
    files: Files,
    trails: Trails,
) -> Sockets:
    settings, clock = ground.settings, ground.clock
    wording, knowledge = answers.models.answerer.wording, answers.knowledge
    server, gateway = ground.server, ground.gateway
    seats = Seats(staff.sessions, talk.reading, gateway)
    offers = Offers(talk.reading, clients.customers, clock, helping.briefing.lines)
    board = LineBoard(ground.database, clients.customers, gateway, seats.colleagues, clock, ground.clocks)
    clock_board = ClockBoard(ground.database, ground.clocks, gateway, board, ground.wire)
    keep_minutes = round(settings.waiting.keep_minutes)
    queue = QueueNotices(gateway, talk.places, clock, talk.leads, ground.wire, keep_minutes=keep_minutes)
    around = None if ground.tracing is None else ground.tracing.around_event
    chat = ChatNamespace(
        ChatParts(
            conversations=talk.conversations,
            feedback=talk.feedback,
            cards=reception.cards,
            callbacks=reception.callbacks,
            questions=talk.questions,
            reading=talk.reading,
            customers=clients.customers,
            ratings=care.ratings,
            surveys=care.surveys,
            unsolved=care.unsolved,
            gate=care.gate,
            identities=clients.identities,
            ticketing=TicketParts(ticketing.messages_left, ticketing.own, ticketing.answering),
            greeting=Greeting(
                clock,
                ground.calendars.now,
                lambda: knowledge.current,
                settings.knowledge.suggestions,
                wording,
                lambda: ground.tuning.settings.privacy,
                Looks(settings.sites),
            ),
            articles=PublicArticles(clock, lambda: knowledge.current),
            transcripts=Transcripts(
                ground.database,
                talk.journal,
                talk.conversations,
                ground.outbox,
                ground.sealer,
                clock,
                settings.transcripts,
                talk.archive,
                can_mail=settings.notifications.reach.mail,
            ),
            trails=trails,
            queue=queue,
            gateway=gateway,
            pages=ground.pages,
            is_ready=ground.is_ready,
            sites=frozenset(settings.sites.names),
            default_site=settings.sites.default,
        ),
        SocketLimits(Rate(settings.server.events_per_second, settings.server.events_burst), ground.doors),
        ground.stages.observe,
        around,
    )
    agents = AgentNamespace(
        AgentParts(
            sessions=staff.sessions,
            presence=staff.presence,
            handling=talk.handling,
            passing_on=talk.passing_on,
            supervising=talk.supervising,
            cards=reception.cards,
            conversations=talk.conversations,
            feedback=talk.feedback,
            reading=talk.reading,
            customers=clients.customers,
            ratings=care.ratings,
            dispatcher=talk.dispatcher,
            board=board,
            offers=offers,
            creating=ticketing.creating,
            tickets=ticketing.store.marks,
            words=helping.words,
            suggesting=helping.suggesting,
            clocks=ground.clocks,
            seats=seats,
            gateway=gateway,
            pages=ground.pages,
            is_ready=ground.is_ready,
            show_read_marks=settings.customers.show_read_marks,
            topics={first: list(seconds) for first, seconds in settings.topics.items()},
        ),
        SocketLimits(Rate(settings.server.agent_events_per_second, settings.server.agent_events_burst), ground.doors),
        ground.stages.observe,
        around,
    )
    server.register_namespace(chat)
    server.register_namespace(agents)
    errands = Errands()
    broadcast = Broadcast(gateway, board, queue, offers, seats, talk.reading, ground.alerts, files.links, errands)
    return Sockets(server, gateway, broadcast, errands, board, clock_board, queue, seats, chat, agents)
