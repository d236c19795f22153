"""What does not work any more: told to supervisors once an outage; webhooks that fail for days are switched off."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.notifications.alerts import Alerts
from router.notifications.outbox import Outbox
from router.notifications.records import Notice, Supervisors
from router.notifications.webhooks import Webhooks
from router.notifications.words import Words
from router.payloads.desk import Alert
from router.sentences import say


class Trouble:
    """Looks at the endpoints; the console hears of it at once, the channels that work as well."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        alerts: Alerts,
        webhooks: Webhooks,
        words: Words,
        clock: Clock,
        *,
        locale: str,
        trouble_minutes: float,
        disable_after_hours: float,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._alerts = alerts
        self._webhooks = webhooks
        self._words = words
        self._locale = locale
        self._clock = clock
        self._trouble_after = timedelta(minutes=trouble_minutes)
        self._disable_after = timedelta(hours=disable_after_hours)
        self._sql = load_queries(__file__)

    async def tick(self) -> None:
        now = self._clock.now()
        shown: list[Alert] = []
        async with self._database.transaction() as connection:
            for row in await connection.fetch(self._sql["failing_endpoints"], now - self._trouble_after, now):
                await self._outbox.put(_failing(row), connection)
                shown.append(self._alert("outbox_trouble", _label(row), row["last_failure"], now))
            hopeless = await connection.fetch(self._sql["hopeless_webhooks"], now - self._disable_after)
        for alert in shown:
            await self._alerts.show(alert, owner=None)
        for row in hopeless:
            await self._switch_off(row["id"], row["last_failure"] or "", row["failing_since"])

    async def gone(self, endpoint: str, trouble: str) -> None:
        """A receiver said that it wants nothing any more."""
        await self._switch_off(UUID(endpoint.removeprefix("webhook:")), trouble, self._clock.now())

    async def _switch_off(self, webhook_id: UUID, trouble: str, since: datetime) -> None:
        now = self._clock.now()
        async with self._database.transaction() as connection:
            url = await self._webhooks.disable(connection, webhook_id, trouble)
            if url is None:
                return
            host = urlsplit(url).hostname or ""
            data = {"url": host, "since": since.isoformat(), "trouble": trouble}
            notice = Notice("webhook_disabled", Supervisors(), data, f"webhook_disabled:{webhook_id}:{now.isoformat()}")
            await self._outbox.put(notice, connection)
        await self._alerts.show(self._alert("webhook_disabled", f"webhook:{host}", trouble, now), owner=None)
        await self._webhooks.refresh()

    def _alert(self, kind: str, endpoint: str, trouble: str | None, now: datetime) -> Alert:
        values = self._words.values({"endpoint": endpoint, "trouble": trouble or ""}, self._locale)
        return Alert(
            kind=kind, at=now, text=say("alert.trouble", endpoint=values["endpoint_name"], trouble=values["trouble"])
        )


def _label(row: Record) -> str:
    """The endpoint as people know it: a webhook by its host, since its id tells nobody anything."""
    return f"webhook:{urlsplit(row['url']).hostname}" if row["url"] else str(row["name"])


def _failing(row: Record) -> Notice:
    since = row["failing_since"].isoformat()
    data = {
        "endpoint": _label(row),
        "trouble": row["last_failure"] or "",
        "since": since,
        "count": str(row["waiting"]),
    }
    return Notice("outbox_trouble", Supervisors(), data, f"outbox_trouble:{row['name']}:{since}")
