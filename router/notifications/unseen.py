"""Agents' replies to customers who are not there: told outside once they have stayed away; ticket messages are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.records import Committed, Statement
from router.notifications.outbox import Outbox
from router.notifications.records import Customer, Notice

if TYPE_CHECKING:
    from database.pool import PooledConnection

_LOOK_SECONDS = 30.0
_AT_ONCE = 100
#: A page that stays open so long is asleep; nobody is told of words that old.
_FORGET_HOURS = 24.0


class UnseenReplies:
    """Notes each word of an agent's, and looks from time to time whether its customer has read it or stays away."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        clock: Clock,
        customers_here: Callable[[], Set[UUID]],
        *,
        away_minutes: float,
        is_on: bool,
    ) -> None:
        """``customers_here``: who has a page open at this process; ``is_on``: whether any channel would tell a customer
        of a reply."""
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._customers_here = customers_here
        self._away = timedelta(minutes=away_minutes)
        self._is_on = is_on
        self._sql = load_queries(__file__)

    def follow(self, committed: Committed, moment: Moment) -> Iterable[Statement]:
        """A journal follower."""
        if not self._is_on:
            return
        row = committed.conversation
        for event in committed.events:
            if event.kind == "message" and event.actor.kind == "agent" and not isinstance(event.number, str):
                look_at = moment.now + timedelta(seconds=_LOOK_SECONDS)
                yield Statement(self._sql["note_unseen"], (row.id, row.customer_id, event.seq, moment.now, look_at))

    async def tick(self) -> None:
        """Looks at everything that is due."""
        now = self._clock.now()
        here = self._customers_here()
        if here:
            later, sleeping = now + timedelta(seconds=_LOOK_SECONDS), now - timedelta(hours=_FORGET_HOURS)
            await self._database.execute(self._sql["put_off_those_here"], list(here), later, sleeping)
        async with self._database.transaction() as connection:
            for row in await connection.fetch(self._sql["claim_unseen"], now, _AT_ONCE):
                if max(row["customer_read_seq"], row["spoke_seq"]) >= row["last_seq"]:
                    await connection.execute(self._sql["forget_unseen"], row["conversation_id"])
                elif row["customer_id"] in here:
                    await self._look_later(connection, row, None, now)
                elif now - (row["away_since"] or now) >= self._away:
                    await self._tell(connection, row)
                else:
                    await self._look_later(connection, row, row["away_since"] or now, now)

    async def _look_later(
        self, connection: PooledConnection, row: Record, away_since: datetime | None, now: datetime
    ) -> None:
        if now - row["noted_at"] > timedelta(hours=_FORGET_HOURS):
            await connection.execute(self._sql["forget_unseen"], row["conversation_id"])
            return
        later = now + timedelta(seconds=_LOOK_SECONDS)
        if away_since is not None:
            later = max(now, min(later, away_since + self._away))
        await connection.execute(self._sql["put_off_unseen"], row["conversation_id"], later, away_since)

    async def _tell(self, connection: PooledConnection, row: Record) -> None:
        conversation_id, first, last = row["conversation_id"], row["first_seq"], row["last_seq"]
        read = max(row["customer_read_seq"], row["spoke_seq"])
        words = await connection.fetch(self._sql["unseen_texts"], conversation_id, max(first, read + 1), last)
        if words:
            data = {
                "text": "\n\n".join(word["text"] for word in words),
                "agent": words[-1]["actor_name"] or "",
                "conversation_id": str(conversation_id),
                "locale": row["locale"],
            }
            notice = Notice("agent_replied", Customer(row["customer_id"]), data, f"unseen:{conversation_id}:{last}")
            await self._outbox.put(notice, connection)
        await connection.execute(self._sql["forget_unseen"], conversation_id)
