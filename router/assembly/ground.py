"""What every other part stands on: settings, clock, database, keys, audit, the way to pages, notices and alerts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry

from database.clock import Clock
from database.opening import open_database
from database.pool import Database
from router.calendar.calendars import Calendars
from router.clocks.clocks import Clocks
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
from router.sockets.engine import make_socket_server
from router.sockets.gateway import Gateway
from router.tuning.tuning import Tuning


@dataclass(frozen=True, slots=True)
class Ground:
    """Whatever is entered into ``opened`` is closed at the end, last in first out."""

    settings: Settings
    clock: Clock
    say: Callable[[str], None]
    opened: AsyncExitStack
    database: Database
    readiness: Readiness
    metrics: Metrics
    doors: Doors
    stages: Stages
    secrets: Secrets
    sealer: Sealer
    audit: Audit
    tiers: Tiers
    server: Any
    gateway: Gateway
    outbox: Outbox
    alerts: Alerts
    calendars: Calendars
    clocks: Clocks
    tuning: Tuning

    @property
    def is_ready(self) -> Callable[[], bool]:
        return lambda: self.readiness.is_ready


async def lay_ground(
    settings: Settings, clock: Clock, say: Callable[[str], None], opened: AsyncExitStack, stages: Stages
) -> Ground:
    """Opens the database, which may still be down afterwards."""
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
    server = make_socket_server(
        allowed_origins="*",
        max_frame_bytes=settings.server.max_frame_bytes,
        ping_interval=settings.server.ping_seconds,
        ping_timeout=settings.server.ping_timeout_seconds,
        connect_seconds=settings.limits.connect_seconds,
    )
    gateway = Gateway(server)
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
        database=database,
        readiness=Readiness(database),
        metrics=Metrics(CollectorRegistry()),
        doors=Doors(settings.limits, settings.server.trusted_proxies),
        stages=stages,
        secrets=secrets,
        sealer=sealer,
        audit=audit,
        tiers=Tiers(settings.routing.head_start.tiers, settings.customers.default_tier),
        server=server,
        gateway=gateway,
        outbox=outbox,
        alerts=Alerts(gateway, outbox),
        calendars=calendars,
        clocks=Clocks(database, calendars, settings.clocks),
        tuning=Tuning(database, audit, clock, settings),
    )
