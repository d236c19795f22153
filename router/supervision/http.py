"""Supervision over HTTP: the floor now, and somebody's presence set by a supervisor, which goes into the audit."""

from __future__ import annotations

from router.agents.presence import PresenceStore
from router.api import Call, Route
from router.security.audit import Audit, AuditEntry
from router.supervision.floor import FloorReader
from router.supervision.records import Floor, PresenceNow, SetPresence
from router.waiting.dispatcher import Dispatcher

SUPERVISORS = frozenset({"supervisor", "admin"})


class SupervisionHttp:
    def __init__(self, floor: FloorReader, presence: PresenceStore, dispatcher: Dispatcher, audit: Audit) -> None:
        self._floor = floor
        self._presence = presence
        self._dispatcher = dispatcher
        self._audit = audit

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET", "/api/v1/supervision", self.now, SUPERVISORS, None, Floor,
                "The floor now: lines, agents, customers who wait for a word",
            ),
            Route(
                "PATCH", "/api/v1/agents/{id}/presence", self.set_presence, SUPERVISORS, SetPresence, PresenceNow,
                "Set a colleague online, away or offline", stores=True,
            ),
        ]  # fmt: skip

    async def now(self, call: Call) -> Floor:
        return await self._floor.now()

    async def set_presence(self, call: Call) -> PresenceNow:
        body: SetPresence = call.body
        after = await self._presence.set_by_supervisor(
            call.connection, call.path_id, body.status, accepting=body.accepting, reason=body.reason
        )
        detail = {"status": after.status, "accepting": after.accepting}
        entry = AuditEntry(call.actor, "presence.set", "account", str(after.account_id), detail)
        await self._audit.record(call.connection, entry)
        call.afterwards.append(lambda: self._presence.told(after))
        call.afterwards.append(self._dispatcher.tick)
        return PresenceNow(id=after.account_id, status=after.status, accepting=after.accepting, reason=after.reason)
