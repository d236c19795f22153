"""What every other part stands on: settings, clock, database, keys, audit, the way to pages, notices and alerts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from database.clock import Clock
from database.ids import uuid7
from database.opening import open_database
from database.pool import Database
from router.calendar.calendars import Calendars
from router.clocks.clocks import Clocks
from router.conversations.colleague import Colleague
from router.customers.tiers import Tiers
from router.doors.doors import Doors
from router.health import Readiness
from router.metrics import Metrics
from router.notifications.alerts import Alerts
from router.notifications.outbox import Outbox
from router.observing.stages import Stages
from router.security.audit import Audit
from router.security.sealing import Sealer
from router.security.secrets import Secrets, load_secrets
from router.settings import Settings
from router.sockets.gateway import Gateway
from router.sockets.server import SocketServer
from router.tuning.tuning import Tuning
from router.wire.connecting import connect
from router.wire.everywhere import Everywhere
from router.wire.wire import Wire
from router.workers.worker import Worker

if TYPE_CHECKING:
    from router.observing.tracing import Tracing


@dataclass(frozen=True, slots=True)
class Ground:
    """Whatever is entered into ``opened`` is closed at the end, last in first out."""

    settings: Settings
    clock: Clock
    say: Callable[[str], None]
    opened: AsyncExitStack
    worker: Worker
    database: Database
    readiness: Readiness
    metrics: Metrics
    doors: Doors
    stages: Stages
    #: None where nobody asked for traces.
    tracing: Tracing | None
    secrets: Secrets
    sealer: Sealer
    audit: Audit
    tiers: Tiers
    server: SocketServer
    gateway: Gateway
    #: Where there are several nodes: Redis, and what they tell each other.
    redis: Redis | None
    wire: Wire | None
    #: The pages of all nodes.
    pages: Everywhere
    outbox: Outbox
    alerts: Alerts
    calendars: Calendars
    clocks: Clocks
    tuning: Tuning

    @property
    def is_ready(self) -> Callable[[], bool]:
        return lambda: self.readiness.is_ready


async def lay_ground(
    settings: Settings,
    clock: Clock,
    say: Callable[[str], None],
    opened: AsyncExitStack,
    stages: Stages,
    worker: Worker,
    colleagues: Callable[[], Iterable[Colleague]],
    doubt: Callable[[], None],
) -> Ground:
    """Opens the database, which may still be down afterwards. ``colleagues``: who has a page open here; ``doubt`` hears
    that pages here may have missed what another node did."""
    database, embedded = await open_database(
        settings.database, settings.data_dir, on_status=say, wait=False, clock=clock
    )
    if embedded is not None:
        opened.push_async_callback(embedded.stop)
    opened.push_async_callback(database.close)
    security = settings.security
    secrets = load_secrets(
        settings.data_dir / "secrets",
        token_key=security.token_key,
        sealing_keys=security.sealing_keys,
        lookup_key=security.lookup_key,
    )
    sealer = Sealer(secrets.sealing_keys, secrets.lookup_key)
    doors = Doors(settings.limits, settings.server.trusted_proxies)
    server = SocketServer(
        max_frame_bytes=settings.server.max_frame_bytes,
        ping_seconds=settings.server.ping_seconds,
        pong_seconds=settings.server.ping_timeout_seconds,
        connect_seconds=settings.limits.connect_seconds,
        address_of=doors.key_of,
    )
    gateway = Gateway(server)
    redis = wire = None
    if settings.redis.url is not None:
        redis = connect(settings.redis.url)
        opened.push_async_callback(redis.aclose)
        wire = Wire(redis, settings.redis.channel, uuid7(), doubt)
    pages = Everywhere(gateway, wire, colleagues)
    outbox = Outbox(database, sealer, clock)
    audit = Audit(clock)
    calendars = Calendars(
        database,
        audit,
        clock,
        base=settings.hours.calendar(),
        file=settings.hours.calendar_file,
        tiers=settings.tiers,
    )
    return Ground(
        settings=settings,
        clock=clock,
        say=say,
        opened=opened,
        worker=worker,
        database=database,
        readiness=Readiness(database),
        metrics=Metrics(CollectorRegistry()),
        doors=doors,
        stages=stages,
        tracing=_traced(settings, worker, stages, opened),
        secrets=secrets,
        sealer=sealer,
        audit=audit,
        tiers=Tiers(settings.routing.head_start.tiers, settings.customers.default_tier),
        server=server,
        gateway=gateway,
        redis=redis,
        wire=wire,
        pages=pages,
        outbox=outbox,
        alerts=Alerts(pages, outbox),
        calendars=calendars,
        clocks=Clocks(database, calendars, settings.clocks),
        tuning=Tuning(database, audit, clock, settings),
    )


def _traced(settings: Settings, worker: Worker, stages: Stages, opened: AsyncExitStack) -> Tracing | None:
    """Where nobody asks for traces nothing of them is loaded."""
    if settings.telemetry.otlp_url is None:
        return None
    from router.observing.tracing import Tracing

    tracing = Tracing(settings.telemetry, worker)
    stages.listener = tracing.stage
    opened.push_async_callback(asyncio.to_thread, tracing.close)
    return tracing
