"""Carries deliveries out: claims what is due, hands it to its channel, records how it went; waits for no receiver."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.notifications.channels.parcel import Channel, Failed, Outcome, Parcel, Refused, Sent
from router.notifications.channels.robots import MOST_MERGED
from router.notifications.schedule import FAILURES_TO_CLOSE, closed_seconds, next_try
from router.notifications.sealed import Inside, Seals
from router.security.sealing import SealBroken

log = logging.getLogger(__name__)

#: Messages on the way to one endpoint at once: one that hangs holds up nobody else.
_PER_ENDPOINT = 4
_AT_ONCE = 64
_LEASE_SECONDS = 180.0
_THREAD_LENGTH = 10
_STOP_SECONDS = 3.0


class Courier:
    """Any number of processes may carry: a row is claimed under a lease, and given back when its holder is gone.

    ``on_gone(endpoint, trouble)`` hears of an endpoint that wants nothing any more.
    """

    def __init__(
        self,
        database: Database,
        seals: Seals,
        clock: Clock,
        channels: Mapping[str, Channel],
        *,
        holder: UUID,
        on_gone: Callable[[str, str], Awaitable[None]],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._seals = seals
        self._clock = clock
        self._channels = channels
        self._holder = holder
        self._on_gone = on_gone
        self._chance = chance
        self._sql = load_queries(__file__)
        self._flying: set[asyncio.Task[None]] = set()
        self._claiming = asyncio.Lock()
        self._closed = False

    async def tick(self) -> None:
        """Gives back what a lost process held, and sends what is due; returns before it has arrived."""
        await self._database.execute(self._sql["release_lost"], self._clock.now())
        await self._claim()

    async def settle(self) -> None:
        """Waits until nothing is on the way."""
        while self._flying:
            await asyncio.wait(self._flying)

    async def close(self) -> None:
        """Waits a moment for what is on the way; the rest goes again, under the same id."""
        self._closed = True
        if self._flying:
            await asyncio.wait(self._flying, timeout=_STOP_SECONDS)
        unfinished = list(self._flying)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        try:
            await self._database.execute(self._sql["release_own"], self._holder)
        except DatabaseUnavailable:
            log.info("leases are left to run out")

    async def _claim(self) -> None:
        async with self._claiming:
            now = self._clock.now()
            for endpoint in await self._database.fetch(self._sql["endpoints_with_work"], now):
                room = min(self._room(endpoint), _AT_ONCE - len(self._flying))
                if room <= 0 or self._closed:
                    continue
                together = endpoint["channel"] == "robot"
                rows = await self._database.fetch(
                    self._sql["claim_together" if together else "claim"],
                    endpoint["name"],
                    now,
                    MOST_MERGED if together else room,
                    now + timedelta(seconds=_LEASE_SECONDS),
                    self._holder,
                )
                rows.sort(key=lambda row: row["position"])
                for batch in [rows] if together and rows else [[row] for row in rows]:
                    task = asyncio.create_task(self._carry(batch))
                    self._flying.add(task)
                    task.add_done_callback(self._flying.discard)

    @staticmethod
    def _room(endpoint: Record) -> int:
        """One at a time for robots, and for what has failed again and again."""
        most = 1 if endpoint["channel"] == "robot" or endpoint["failures"] >= FAILURES_TO_CLOSE else _PER_ENDPOINT
        return most - int(endpoint["flying"])

    async def _carry(self, rows: Sequence[Record]) -> None:
        """One message, from its rows to the record of how it went; then whatever has become possible."""
        try:
            whole, broken = self._opened(rows)
            if broken:
                await self._record(broken, Refused("its seal does not open, or its text was emptied"))
            if not whole:
                return
            rows = [row for row, _ in whole]
            outcome = await self._send(whole)
            await self._record(rows, outcome)
            if not self._closed and not (isinstance(outcome, Failed) and outcome.at_fault):
                await self._claim()
        except DatabaseUnavailable:
            log.info("how a delivery went was not recorded; it goes again")
        except Exception:  # the edge of this task
            log.exception("delivery failed", extra={"endpoint": rows[0]["endpoint"]})

    def _opened(self, rows: Sequence[Record]) -> tuple[list[tuple[Record, Inside]], list[Record]]:
        whole, broken = [], []
        for row in rows:
            try:
                whole.append((row, self._seals.open_notice(row["notice_id"], row["sealed"] or b"")))
            except SealBroken:
                broken.append(row)
        return whole, broken

    async def _send(self, rows: Sequence[tuple[Record, Inside]]) -> Outcome:
        channel = self._channels.get(rows[0][0]["channel"])
        if channel is None:
            return Failed("this channel is not set up any more")
        parcels = await self._parcels(rows)
        try:
            async with asyncio.timeout(channel.timeout_seconds + 5):
                return await channel.send(parcels)
        except TimeoutError:
            return Failed("no answer in time")

    async def _parcels(self, rows: Sequence[tuple[Record, Inside]]) -> list[Parcel]:
        owners = {str(inside.data["owner"]) for _, inside in rows if inside.data.get("owner")}
        names = await self._names(owners)
        return [
            Parcel(
                id=row["id"],
                notice_id=row["notice_id"],
                endpoint=row["endpoint"],
                address=self._seals.open("deliveries", "address", row["id"], row["address_sealed"]) or "",
                kind=row["kind"],
                locale=row["locale"],
                at=row["at"],
                data=_with_owner(row["channel"], inside.data, names),
                earlier=await self._earlier(row),
            )
            for row, inside in rows
        ]

    async def _names(self, owners: set[str]) -> dict[str, str]:
        ids = [UUID(owner) for owner in owners if _is_uuid(owner)]
        if not ids:
            return {}
        return {str(row["id"]): row["name"] for row in await self._database.fetch(self._sql["account_names"], ids)}

    async def _earlier(self, row: Record) -> tuple[UUID, ...]:
        if row["channel"] != "mail" or row["thread"] is None:
            return ()
        found = await self._database.fetch(
            self._sql["mails_before"], row["lane"], row["thread"], row["position"], _THREAD_LENGTH
        )
        return tuple(reversed([before["id"] for before in found]))

    async def _record(self, rows: Sequence[Record], outcome: Outcome) -> None:
        ids, endpoint, now = [row["id"] for row in rows], rows[0]["endpoint"], self._clock.now()
        seen = {"endpoint": endpoint, "deliveries": len(ids)}
        async with self._database.transaction() as connection:
            match outcome:
                case Sent(pause_seconds):
                    pause_until = now + timedelta(seconds=pause_seconds) if pause_seconds else None
                    await connection.execute(self._sql["finish_sent"], ids, self._holder, now)
                    await connection.execute(self._sql["endpoint_works"], endpoint, now, pause_until)
                case Refused(trouble):
                    log.warning("delivery refused", extra={**seen, "trouble": trouble})
                    await connection.execute(self._sql["finish_dead"], ids, self._holder, now, trouble)
                case Failed(trouble, at_fault, after_seconds):
                    log.info("delivery failed", extra={**seen, "trouble": trouble})
                    tries = {row["id"]: self._next_try(row, after_seconds) for row in rows}
                    later = {key: at for key, at in tries.items() if at is not None}
                    dead = [key for key, at in tries.items() if at is None]
                    await connection.execute(
                        self._sql["finish_failed"], list(later), self._holder, list(later.values()), trouble
                    )
                    await connection.execute(self._sql["finish_dead"], dead, self._holder, now, trouble)
                    if at_fault:
                        failures = await connection.fetchval(self._sql["endpoint_fails"], endpoint, now, trouble)
                        if closed := closed_seconds(failures or 0):
                            until = now + timedelta(seconds=max(closed, after_seconds or 0))
                            await connection.execute(self._sql["close_endpoint"], endpoint, until)
        if isinstance(outcome, Refused) and outcome.gone:
            await self._on_gone(endpoint, outcome.trouble)

    def _next_try(self, row: Record, after_seconds: float | None) -> Any:
        return next_try(
            row["channel"],
            row["tries"],
            row["made_at"],
            self._clock.now(),
            chance=self._chance(),
            after_seconds=after_seconds,
        )


def _with_owner(channel: str, data: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """Colleagues read who it is; other systems get the id."""
    if channel == "webhook" or not data.get("owner"):
        return data
    return {**data, "owner_name": names.get(str(data["owner"]), "")}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
