"""The HTTP face: routes of every area, health, pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from aiohttp import web

from router.agents.http import AgentsHttp
from router.api import Api
from router.assembly.answers import Answers
from router.assembly.ground import Ground
from router.assembly.people import Clients, Staff
from router.assembly.sockets import Sockets
from router.assembly.talk import Talk
from router.companies.http import CompaniesHttp
from router.conversations.http import ConversationsHttp, TicketMarks
from router.customers.http import CustomersHttp
from router.health import Health
from router.idempotency import Repeats
from router.learning.http import LearningHttp
from router.learning.pairs import Pairs
from router.learning.suggestions import Suggestions
from router.learning.tasks import Tasks as EditorsTasks
from router.middlewares import middlewares
from router.observing.gathering import Gathering
from router.observing.requests import Requests
from router.pages import Pages
from router.routes import Face, mount
from router.sites.chat_page import ChatPage
from router.sites.looks import Looks

_BUILT_PAGES = Path(__file__).resolve().parents[2] / "web" / "dist"


def wire_web(
    ground: Ground,
    staff: Staff,
    clients: Clients,
    sockets: Sockets,
    faces: Sequence[Face],
    gathering: Gathering,
    bring: Callable[[str], Awaitable[Path | None]],
) -> web.Application:
    """``bring`` finds pictures and videos of articles."""
    settings, database, clock = ground.settings, ground.database, ground.clock
    videos = settings.knowledge.video_origins
    chat_page = ChatPage(
        _BUILT_PAGES / "widget", Looks(settings.sites), settings.bot.assistant, settings.bot.brand, videos
    )
    requests = Requests()
    around = None if ground.tracing is None else ground.tracing.around_request
    ground.metrics.registry.register(requests)
    app = web.Application(middlewares=middlewares(ground.doors, requests, around), client_max_size=1024 * 1024)
    sockets.server.attach(app, "/socket.io/")
    mount(
        app,
        Api(
            staff.sessions,
            clients.customers,
            Repeats(database, clock),
            address_of=ground.doors.address_of,
        ),
        faces,
        Health(ground.readiness, gathering),
        Pages(_BUILT_PAGES, chat_page, bring, settings.security.embedding_origins, videos),
    )
    return app


def basic_faces(
    ground: Ground, answers: Answers, staff: Staff, clients: Clients, talk: Talk, sockets: Sockets, marks: TicketMarks
) -> Sequence[Face]:
    """Accounts, customers and companies, conversations, what is learnt from them."""
    database, clock = ground.database, ground.clock
    knowledge, harvest = answers.knowledge, answers.harvest
    suggest = Suggestions(lambda: knowledge.serving).of
    return (
        AgentsHttp(staff.sessions, staff.accounts, staff.groups),
        staff.portraits,
        CustomersHttp(
            clients.customers, clients.search, clients.notes, sockets.chat.disconnect_customer, talk.journal.tell
        ),
        CompaniesHttp(clients.companies, clients.notes),
        ConversationsHttp(talk.reading, talk.handling, clients.customers, marks, ground.clocks),
        LearningHttp(EditorsTasks(database, clock, harvest), Pairs(database, clock, harvest), talk.handling, suggest),
    )
