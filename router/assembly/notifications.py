"""What leaves the house: mail, SMS, group chats, other systems; and the followers that notice what is to be told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from aiohttp import web

from router.assembly.ground import Ground
from router.conversations.batch import Follower
from router.metrics import Metrics
from router.notifications.contacts import Contacts
from router.notifications.http import NotificationsHttp
from router.notifications.office import House, Office, open_office
from router.notifications.pages import UnsubscribePage
from router.notifications.sealed import Seals
from router.routes import Face
from router.timetable import Job

#: Every process looks each second whether a page is open there.
_OTHERS_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Notifications:
    office: Office
    metrics: Metrics
    face: NotificationsHttp
    page: UnsubscribePage

    @property
    def faces(self) -> tuple[Face, ...]:
        return (self.face,)

    @property
    def followers(self) -> tuple[Follower, ...]:
        return (self.office.unseen.follow, self.office.happenings.follow)

    def mount(self, app: web.Application) -> None:
        self.page.mount(app)

    def jobs(self) -> list[Job]:
        office = self.office
        return [
            Job("follow webhooks", 5, office.webhooks.refresh),
            Job("look at replies nobody has seen", 15, office.unseen.tick),
            Job("send notices", 1, office.tick),
            Job("tell what cannot be sent", 30, office.trouble.tick),
            Job("count notices", 30, self._count),
            Job("empty old notices", 3600, office.deliveries.empty),
        ]

    async def _count(self) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        for row in await self.office.deliveries.endpoints():
            for state in ("waiting", "dead"):
                counts[row["channel"], state] += row[state]
        for labels, count in counts.items():
            self.metrics.notices.labels(*labels).set(count)


def wire_notifications(ground: Ground) -> Notifications:
    """Needs a running loop; what is on its way is waited for or given back when ``ground.opened`` closes."""
    settings, seals = ground.settings, Seals(ground.sealer)
    house = House(
        database=ground.database,
        sealer=ground.sealer,
        clock=ground.clock,
        audit=ground.audit,
        outbox=ground.outbox,
        alerts=ground.alerts,
        is_here=ground.gateway.is_here,
        customers_here=ground.gateway.customers_here,
        brand=settings.bot.brand,
        zone=ground.calendars.now().zone,
        others_seconds=0.0 if ground.wire is None else _OTHERS_SECONDS,
    )
    office = open_office(house, settings.notifications, ground.opened)
    contacts = Contacts(ground.database, seals, ground.audit)
    face = NotificationsHttp(
        settings.notifications, office.deliveries, office.webhooks, contacts, ground.outbox, office.words
    )
    return Notifications(office, ground.metrics, face, UnsubscribePage(office.unsubscribing, settings.bot.brand))
