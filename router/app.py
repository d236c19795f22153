"""The table of contents of the server, and the only file that constructs and wires its parts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from aiohttp import web
from prometheus_client import CollectorRegistry

from bot import classifiers
from bot.answering import Answerer
from bot.signals import SignalReader
from database.clock import Clock, SystemClock
from database.errors import DatabaseUnavailable
from database.ids import uuid7
from database.opening import open_database
from kb_index.articles import Articles
from kb_index.encoders import Encoders
from kb_index.search import KnowledgeIndex
from kb_index.versions import IndexVersions
from models.batching import BatchedEncoder
from router.agents.accounts import Accounts
from router.agents.groups import Groups
from router.agents.http import AgentsHttp
from router.agents.presence import PresenceStore
from router.agents.sessions import Sessions
from router.agents.store import AgentStore
from router.api import Api
from router.conversations.conversations import Conversations
from router.conversations.feedback import Feedback
from router.conversations.hand_off import HandOff
from router.conversations.handling import Handling
from router.conversations.http import ConversationsHttp
from router.conversations.idling import Idling
from router.conversations.journal import Journal
from router.conversations.listening import Listening
from router.conversations.questions import Questions
from router.conversations.reading import Reading
from router.conversations.records import Committed
from router.customers.customers import Customers
from router.customers.http import CustomersHttp
from router.customers.search import CustomerSearch
from router.customers.store import CustomerStore
from router.health import Health, Readiness
from router.idempotency import Repeats
from router.knowledge.building import Building
from router.knowledge.heads import KeptHeads
from router.knowledge.http import KnowledgeHttp
from router.knowledge.knowledge import Knowledge
from router.learning.harvest import Harvest
from router.learning.http import LearningHttp
from router.learning.pairs import Pairs
from router.learning.suggestions import Suggestions
from router.learning.tasks import Tasks
from router.metrics import Metrics
from router.middlewares import middlewares
from router.pages import Pages
from router.preparing import FirstAccount, Preparing
from router.routes import api_routes, mount
from router.security.addresses import ClientAddresses
from router.security.audit import Audit
from router.security.identity import IdentityReader
from router.security.passwords import Passwords
from router.security.sealing import Sealer
from router.security.secrets import load_secrets
from router.security.throttle import SignInThrottle
from router.security.tokens import AccessTokens, RefreshTokens
from router.settings import Settings
from router.sockets.agent import AgentNamespace, AgentParts
from router.sockets.broadcast import Broadcast
from router.sockets.customer import ChatNamespace, ChatParts
from router.sockets.engine import make_socket_server
from router.sockets.gateway import Gateway
from router.sockets.greeting import Greeting
from router.sockets.limits import RateLimit
from router.sockets.line_board import LineBoard
from router.sockets.offers import Offers
from router.sockets.seats import Seats
from router.tickets.messages_left import MessagesLeft
from router.timetable import Job, Timetable
from router.waiting.dispatcher import Dispatcher
from router.waiting.head_start import HeadStarts
from router.waiting.waiting_line import WaitingLine

log = logging.getLogger(__name__)

_BUILT_PAGES = Path(__file__).resolve().parent.parent / "web" / "dist"
_SENDS_KEPT_DAYS = 8


class Desk:
    """A whole support desk in one process: `open` wires it, `prepare` makes it ready, `drain` and `close` end it."""

    def __init__(self, settings: Settings, clock: Clock | None = None, say: Callable[[str], None] = print) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._say = say
        self._tasks: list[asyncio.Task[None]] = []
        self._opened = AsyncExitStack()

    async def open(self) -> web.Application:
        """Builds every part in order; the database may still be down afterwards. Raises what forbids a start."""
        settings, clock = self._settings, self._clock
        encoders = Encoders(settings.encoder, settings.data_dir)
        encoder = encoders.load()  # first, since it is what is most often missing
        others = classifiers.load(settings.signals, settings.topic_names)
        for classifier in others.values():
            self._opened.callback(classifier.close)
        self._database, embedded = await open_database(
            settings.database, settings.data_dir, on_status=self._say, wait=False, clock=clock
        )
        if embedded is not None:
            self._opened.push_async_callback(embedded.stop)
        database = self._database
        self._opened.push_async_callback(database.close)
        self._readiness = Readiness(database)
        self._metrics = Metrics(CollectorRegistry())

        # Models and the bot
        batched = BatchedEncoder(encoder, settings.encoder.cache_size, settings.encoder.batch)
        answerer = Answerer(
            settings.bot,
            batched,
            signals=SignalReader(settings.signals, others=others, topics=settings.topic_names),
            signal_settings=settings.signals,
        )
        wording = answerer.wording
        self._knowledge = Knowledge(
            database,
            Articles(database, clock),
            IndexVersions(database, settings.data_dir, settings.index, clock),
            Building(database.dsn, settings.data_dir, settings.encoder, settings.index),
            encoders,
            batched,
            answerer.swap,
            KeptHeads(settings.encoder, settings.signals, self._say, lambda: self._readiness.draining).of,
            settings.knowledge.articles,
        )
        self._opened.push_async_callback(self._knowledge.close)

        # Security, accounts, customers
        security, routing = settings.security, settings.routing
        secrets = load_secrets(
            settings.data_dir / "secrets",
            token_key=security.token_key,
            sealing_keys=security.sealing_keys,
            lookup_key=security.lookup_key,
        )
        audit = Audit(clock)
        store = AgentStore()
        self._passwords = Passwords()
        self._opened.callback(self._passwords.close)
        accounts = Accounts(
            database, store, self._passwords, audit, clock, default_capacity=settings.routing.default_capacity
        )
        groups = Groups(database, store, audit, clock)
        sessions = Sessions(
            database,
            store,
            self._passwords,
            AccessTokens(secrets.token_key, clock, lifetime_seconds=int(security.access_minutes * 60)),
            RefreshTokens(secrets.token_key),
            SignInThrottle(
                clock,
                attempts=security.sign_in_attempts,
                attempts_per_address=security.sign_in_attempts_per_address,
                window_seconds=security.sign_in_window_seconds,
            ),
            audit,
            clock,
            lifetime_seconds=int(security.refresh_days * 86_400),
            grace_seconds=security.refresh_grace_seconds,
        )
        presence = PresenceStore(database, store, clock, lost_after_seconds=settings.routing.agent_lost_seconds)
        first = FirstAccount(
            store,
            accounts,
            groups,
            routing.default_group,
            sorted(set(settings.bot.always_human.values())),
            settings.admin.password,
            settings.data_dir / "admin-password",
        )
        self._preparing = Preparing(
            database, settings.database, clock, self._readiness, first, self._knowledge, self._say
        )
        sealer = Sealer(secrets.sealing_keys, secrets.lookup_key)
        customer_store = CustomerStore(sealer)
        self._journal = Journal(database, clock, self._after_commit, on_doubt=lambda ids: self._broadcast.doubt(ids))
        customers = Customers(
            database, customer_store, self._journal, audit, clock, default_tier=settings.customers.default_tier
        )

        # The line and the conversations
        calendar = settings.hours.calendar()
        line = WaitingLine(
            database,
            clock,
            calendar,
            HeadStarts(**dict(routing.head_start)),
            assignment=routing.assignment,
            sign_of_life_seconds=routing.agent_away_seconds,
        )
        reading = Reading(database)
        server = make_socket_server(allowed_origins="*", max_frame_bytes=settings.server.max_frame_bytes)
        gateway = Gateway(server)
        seats = Seats(sessions, reading, gateway)
        offers = Offers(reading, customers, clock)
        board = LineBoard(database, customers, gateway, seats.colleagues, clock)
        self._broadcast = Broadcast(gateway, board, line, offers, seats, reading)
        self._dispatcher = Dispatcher(
            database,
            self._journal,
            line,
            clock,
            holder=uuid7(),
            assignment=routing.assignment,
            offer_seconds=routing.offer_seconds,
            longest_waiter_every=routing.longest_waiter_every,
            agent_lost_seconds=routing.agent_lost_seconds,
        )
        hand_off = HandOff(database, line, wording, clock)
        self._questions = Questions(
            database,
            self._journal,
            answerer,
            hand_off,
            clock,
            fragment_wait_seconds=settings.bot.fragment_wait_seconds,
            group_name=routing.default_group,
        )
        self._listening = Listening(self._journal, answerer.read_signals, clock, sour_at=settings.signals.sour_at)
        conversations = Conversations(
            database, self._journal, self._questions, hand_off, line, self._dispatcher, self._listening, clock
        )
        feedback = Feedback(
            database,
            self._journal,
            conversations,
            self._questions,
            hand_off,
            misses_before_handoff=settings.bot.misses_before_handoff,
        )
        handling = Handling(database, self._journal, line, self._dispatcher)
        idling = Idling(
            database,
            self._journal,
            wording,
            clock,
            warn_minutes=settings.idle.warn_minutes,
            close_minutes=settings.idle.close_minutes,
            bot_minutes=settings.idle.bot_minutes,
        )

        # Learning from use
        harvest = Harvest(database, clock, lambda: self._knowledge.current)
        suggest = Suggestions(lambda: self._knowledge.serving).of
        learning = LearningHttp(Tasks(database, clock, harvest), Pairs(database, clock, harvest), handling, suggest)

        # Sockets
        chat = ChatNamespace(
            ChatParts(
                conversations=conversations,
                feedback=feedback,
                questions=self._questions,
                reading=reading,
                customers=customers,
                identities=IdentityReader(security.identity_secrets, settings.tiers, clock),
                messages_left=MessagesLeft(conversations, hand_off, wording, sealer, clock, calendar.zone),
                greeting=Greeting(
                    clock,
                    calendar,
                    calendar.zone,
                    lambda: self._knowledge.current,
                    settings.knowledge.suggestions,
                    wording,
                ),
                line=line,
                gateway=gateway,
                is_ready=lambda: self._readiness.is_ready,
                sites=frozenset(settings.sites.names),
                default_site=settings.sites.default,
            ),
            RateLimit(settings.server.events_per_second, settings.server.events_burst),
        )
        agents = AgentNamespace(
            AgentParts(
                sessions=sessions,
                presence=presence,
                handling=handling,
                conversations=conversations,
                feedback=feedback,
                reading=reading,
                customers=customers,
                dispatcher=self._dispatcher,
                board=board,
                offers=offers,
                seats=seats,
                gateway=gateway,
                is_ready=lambda: self._readiness.is_ready,
                show_read_marks=settings.customers.show_read_marks,
                topics={first: list(seconds) for first, seconds in settings.topics.items()},
            ),
            RateLimit(settings.server.agent_events_per_second, settings.server.agent_events_burst),
        )
        server.register_namespace(chat)
        server.register_namespace(agents)
        self._namespaces = (chat, agents)
        self._loops = (self._broadcast.run, board.run)

        # Routes
        app = web.Application(middlewares=middlewares(), client_max_size=1024 * 1024)
        server.attach(app, socketio_path="socket.io")
        routes = api_routes(
            AgentsHttp(sessions, accounts, groups),
            CustomersHttp(customers, CustomerSearch(database, customer_store), chat.disconnect_customer),
            ConversationsHttp(reading, handling, customers),
            KnowledgeHttp(self._knowledge),
            learning,
        )
        mount(
            app,
            Api(
                sessions,
                customers,
                Repeats(database, clock),
                address_of=ClientAddresses(settings.server.trusted_proxies).of,
            ),
            routes,
            Health(self._readiness, self._metrics.registry, self._collect),
            Pages(_BUILT_PAGES, settings.data_dir / "pictures", security.embedding_origins),
        )
        self._timetable = Timetable(
            [
                Job("hand out the line", routing.dispatch_tick_seconds, self._dispatcher.tick),
                Job("follow the index", settings.knowledge.poll_seconds, self._knowledge.follow),
                Job("finish owed answers", 2, self._questions.sweep),
                Job("tell what may not have been told", 1, self._broadcast.tell_doubted),
                Job("tell places in line", 5, self._broadcast.tell_places),
                Job("agents' signs of life", 5, agents.heartbeat),
                Job("follow sessions, groups and roles", 5, agents.refresh_rights),
                Job("recover from lost agents", 5, self._dispatcher.recover_from_lost_agents),
                Job("end what is idle", 15, idling.tick),
                Job("learn from use", settings.learning.sweep_seconds, harvest.tick),
                Job("forget old client ids", 3600, lambda: conversations.forget_old_sends(_SENDS_KEPT_DAYS)),
            ],
            lambda: self._readiness.is_ready,
        )
        return app

    async def prepare(self) -> None:
        """Waits for the database, migrates, makes the first account, loads the index, begins to work; raises what
        cannot be healed."""
        await self._preparing.run()
        self._journal.start()
        self._tasks = [asyncio.create_task(loop()) for loop in self._loops]
        self._timetable.start()
        with suppress(DatabaseUnavailable):
            await self._questions.sweep(older_than_seconds=0)

    async def drain(self) -> None:
        """No new work; what is being answered is finished, what is not stays owed in the database."""
        self._readiness.draining = True
        self._timetable.stop()
        await self._questions.drain()
        await self._listening.drain()
        await self._dispatcher.stop()
        await self._journal.close()
        await self._knowledge.finish()

    async def close(self) -> None:
        """Ends everything in the opposite order of its beginning."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._opened.aclose()

    async def _after_commit(self, news: Sequence[Committed]) -> None:
        self._metrics.count(news)
        for committed in news:
            for event in committed.events:
                if event.kind == "state":
                    moved = {"conversation_id": str(event.conversation_id), "state": event.state}
                    log.info("conversation moved", extra={**moved, "reason": event.reason})
        await self._broadcast.tell(news)

    def _collect(self) -> None:
        chat, agents = self._namespaces
        self._metrics.sockets.labels("chat").set(chat.connected)
        self._metrics.sockets.labels("agent").set(agents.connected)
        self._metrics.ready.set(1 if self._readiness.is_ready else 0)
        index: KnowledgeIndex | None = self._knowledge.current
        self._metrics.index_failed.set(0 if self._knowledge.failure is None else 1)
        self._metrics.index_version.set(index.version if index else 0)
