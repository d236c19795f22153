"""The endpoints of other systems: who is told of which events; addresses are checked, secrets are sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.errors import Invalid, NotFound
from router.notifications.channels.webhooks import Target, new_secret
from router.notifications.kinds import EVENT_TYPES, matches
from router.notifications.sealed import Seals
from router.security.audit import Audit, AuditActor, AuditEntry

if TYPE_CHECKING:
    from database.pool import PooledConnection

_OLD_SECRET = timedelta(hours=24)
_MOST_LENGTH = 2_000
_FAMILIES = frozenset({"*", *(f"{name.split('.')[0]}.*" for name in EVENT_TYPES)})


class Webhooks:
    """Changed by administrators, with audit; ``allow_http``: whether an address may do without TLS."""

    def __init__(self, database: Database, seals: Seals, audit: Audit, clock: Clock, *, allow_http: bool) -> None:
        self._database = database
        self._seals = seals
        self._audit = audit
        self._clock = clock
        self._allow_http = allow_http
        self._sql = load_queries(__file__)
        self._wanted: frozenset[str] = frozenset()

    def wanted(self, event_type: str) -> bool:
        """Whether any endpoint asked for it when it was last looked."""
        return bool(self._wanted) and matches(event_type, self._wanted)

    async def refresh(self) -> None:
        """Looks which events are asked for."""
        rows = await self._database.fetch(self._sql["webhooks_on"])
        self._wanted = frozenset(name for row in rows for name in row["events"])

    async def all(self) -> list[Record]:
        return await self._database.fetch(self._sql["webhooks"], None)

    async def one(self, webhook_id: UUID, connection: PooledConnection | None = None) -> Record:
        """Raises `NotFound`."""
        fetch = self._database.fetchrow if connection is None else connection.fetchrow
        row = await fetch(self._sql["webhooks"], webhook_id)
        if row is None:
            raise NotFound("there is no such webhook")
        return row

    async def create(
        self, connection: PooledConnection, actor: AuditActor, url: str, events: list[str], description: str
    ) -> Record:
        """The new endpoint, with a secret of its own. Raises `Invalid`."""
        webhook_id = uuid7()
        await connection.execute(
            self._sql["insert_webhook"],
            webhook_id,
            self._checked_url(url),
            _checked_events(events),
            description.strip(),
            self._seals.seal("webhooks", "secret", webhook_id, new_secret()),
            self._clock.now(),
        )
        await self._record(connection, actor, "webhook.created", webhook_id, {"host": _host(url), "events": events})
        return await self.one(webhook_id, connection)

    async def change(
        self,
        connection: PooledConnection,
        actor: AuditActor,
        webhook_id: UUID,
        *,
        url: str | None = None,
        events: list[str] | None = None,
        description: str | None = None,
        enabled: bool | None = None,
    ) -> Record:
        """None leaves a field; switched on again it begins without its old failures. Raises `Invalid`, `NotFound`."""
        before = await self.one(webhook_id, connection)
        disabled_at, reason = before["disabled_at"], before["disabled_reason"]
        if enabled is True:
            disabled_at, reason = None, None
            await connection.execute(self._sql["forget_failures"], f"webhook:{webhook_id}")
        elif enabled is False and disabled_at is None:
            disabled_at, reason = self._clock.now(), "by hand"
        await connection.execute(
            self._sql["update_webhook"],
            webhook_id,
            before["url"] if url is None else self._checked_url(url),
            before["events"] if events is None else _checked_events(events),
            before["description"] if description is None else description.strip(),
            disabled_at,
            reason,
        )
        changed: dict[str, Any] = {"enabled": disabled_at is None}
        if url is not None:
            changed["host"] = _host(url)
        if events is not None:
            changed["events"] = events
        await self._record(connection, actor, "webhook.changed", webhook_id, changed)
        return await self.one(webhook_id, connection)

    async def secret(self, actor: AuditActor, webhook_id: UUID) -> str:
        """The secret that signs now; the look at it is recorded. Raises `NotFound`."""
        async with self._database.transaction() as connection:
            sealed = await connection.fetchval(self._sql["webhook_secret"], webhook_id)
            opened = self._seals.open("webhooks", "secret", webhook_id, sealed)
            if opened is None:
                raise NotFound("there is no such webhook")
            await self._record(connection, actor, "webhook.secret_shown", webhook_id, {})
            return opened

    async def rotate(self, connection: PooledConnection, actor: AuditActor, webhook_id: UUID) -> Record:
        """A new secret; for a day both sign, so that the receiver can change over. Raises `NotFound`."""
        await self.one(webhook_id, connection)
        sealed = await connection.fetchval(self._sql["webhook_secret"], webhook_id)
        opened = self._seals.open("webhooks", "secret", webhook_id, sealed)
        await connection.execute(
            self._sql["rotate_webhook_secret"],
            webhook_id,
            self._seals.seal("webhooks", "secret", webhook_id, new_secret()),
            self._seals.seal("webhooks", "old_secret", webhook_id, opened),
            self._clock.now() + _OLD_SECRET,
        )
        await self._record(connection, actor, "webhook.secret_rotated", webhook_id, {})
        return await self.one(webhook_id, connection)

    async def remove(self, connection: PooledConnection, actor: AuditActor, webhook_id: UUID) -> None:
        """Raises `NotFound`."""
        url = await connection.fetchval(self._sql["delete_webhook"], webhook_id)
        if url is None:
            raise NotFound("there is no such webhook")
        await self._record(connection, actor, "webhook.removed", webhook_id, {"host": _host(url)})

    async def disable(self, connection: PooledConnection, webhook_id: UUID, reason: str) -> str | None:
        """The address of the endpoint that was switched off; None where it was so already. What waits is given up."""
        now = self._clock.now()
        url: str | None = await connection.fetchval(self._sql["disable_webhook"], webhook_id, now, reason)
        if url is not None:
            trouble = "the webhook was switched off"
            await connection.execute(self._sql["give_up_endpoint"], f"webhook:{webhook_id}", now, trouble)
            await self._record(connection, AuditActor("system"), "webhook.disabled", webhook_id, {"host": _host(url)})
        return url

    async def target(self, webhook_id: UUID) -> Target | None:
        """Where to send to, as of now."""
        row = await self._database.fetchrow(self._sql["webhook_target"], webhook_id)
        if row is None:
            return None
        found = [self._seals.open("webhooks", "secret", webhook_id, row["secret_sealed"])]
        if row["old_secret_until"] is not None and row["old_secret_until"] > self._clock.now():
            found.append(self._seals.open("webhooks", "old_secret", webhook_id, row["old_secret_sealed"]))
        return Target(row["url"], tuple(secret for secret in found if secret))

    def _checked_url(self, url: str) -> str:
        try:
            parts = urlsplit(url.strip())
            usable = bool(parts.hostname) and parts.port != 0
        except ValueError as fault:
            raise Invalid("this is not an address like https://crm.example.com/hooks", field="url") from fault
        schemes = ("https", "http") if self._allow_http else ("https",)
        if not usable or parts.scheme not in schemes or parts.username or parts.password or parts.fragment:
            raise Invalid("this is not an address like https://crm.example.com/hooks", field="url")
        if len(url) > _MOST_LENGTH or any(char.isspace() for char in url.strip()):
            raise Invalid("this is not an address like https://crm.example.com/hooks", field="url")
        return url.strip()

    async def _record(
        self, connection: PooledConnection, actor: AuditActor, action: str, webhook_id: UUID, detail: dict[str, Any]
    ) -> None:
        await self._audit.record(connection, AuditEntry(actor, action, "webhook", str(webhook_id), detail))


def _checked_events(events: list[str]) -> list[str]:
    unknown = [name for name in events if name not in EVENT_TYPES and name not in _FAMILIES]
    if unknown or not events:
        raise Invalid("name events like ticket.created, ticket.* or *", field="events", unknown=unknown)
    return sorted(set(events))


def _host(url: str) -> str:
    """What of an address may stand in the audit log: paths and queries may hold secrets."""
    return urlsplit(url).hostname or ""
