"""What managers read, and what counts it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from router.analytics.counting import Counting
from router.analytics.dashboard import Dashboards, Measures
from router.analytics.http import AnalyticsHttp
from router.analytics.listing import Listing
from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.routes import Face
from router.security.audit import AuditActor, AuditEntry
from router.timetable import Job


def analytics_faces(ground: Ground, clients: Clients) -> Sequence[Face]:
    def measures() -> Measures:
        settings = ground.tuning.settings
        bot = settings.levels.bot
        return Measures(
            reply_seconds=settings.clocks.live_chat.average_seconds,
            bot_seconds=60 * bot.within_minutes,
            back_within=timedelta(hours=bot.not_asked_again_hours),
            tiers=tuple(sorted(settings.tiers, key=lambda tier: settings.routing.head_start.tiers[tier])),
            sites=settings.sites.names,
            topics=settings.topics,
        )

    async def record(actor: AuditActor, days: str) -> None:
        async with ground.database.transaction() as connection:
            await ground.audit.record(connection, AuditEntry(actor, "dashboard.exported", "dashboard", days))

    dashboards = Dashboards(ground.database, ground.clock, lambda: ground.calendars.now().zone, measures)
    listing = Listing(ground.database, ground.clock, clients.customers.cards, measures)
    return (AnalyticsHttp(dashboards, listing, record),)


def analytics_jobs(ground: Ground) -> list[Job]:
    """What is counted ahead of the managers."""
    return [Job("count conversations", 10, Counting(ground.database).tick)]
