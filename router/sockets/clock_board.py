"""The clocks of conversations on agents' pages: sent whenever they may have changed, to the owner and supervisors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from uuid import UUID

from msgspec import Raw

from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.clocks.clocks import Clocks
from router.conversations.records import Committed
from router.payloads.clocks import ClocksChange
from router.sockets.gateway import Gateway
from router.sockets.line_board import LineBoard
from router.wire.parcels import Ids, unpacked
from router.wire.wire import Wire

log = logging.getLogger(__name__)

#: Changes of this time travel together, in seconds.
_GATHER_SECONDS = 0.1
CLOCKS = "clocks"
_LIVE = ("waiting", "human")


class ClockBoard:
    """The line's own items bring the clocks of what waits."""

    def __init__(
        self, database: Database, clocks: Clocks, gateway: Gateway, line: LineBoard, wire: Wire | None = None
    ) -> None:
        self._database = database
        self._clocks = clocks
        self._gateway = gateway
        self._line = line
        self._wire = wire
        self._places = load_queries(Path(__file__).parent.parent / "conversations")["places_of_conversations"]
        self._touched: dict[UUID, bool] = {}
        self._changed = asyncio.Event()

    def follow(self, news: Sequence[Committed]) -> None:
        """What was committed may have started, met or paused a clock."""
        for committed in news:
            before, after = committed.before, committed.conversation
            live = before.state in _LIVE or after.state in _LIVE
            if live and (committed.events or before.level != after.level or before.owner != after.owner):
                self.touch((after.id,))

    def looked_at(self, conversation_ids: Collection[UUID]) -> None:
        """Their clocks have changed without a change of theirs, which no other node would hear of."""
        self.touch(conversation_ids, in_line=True)
        if self._wire is not None:
            self._wire.send(CLOCKS, Ids(list(conversation_ids)))

    async def hear(self, raw: Raw) -> None:
        """What another node has looked at; raises `msgspec.DecodeError`."""
        self.touch(unpacked(raw, Ids).ids, in_line=True)

    def touch(self, conversation_ids: Iterable[UUID], *, in_line: bool = False) -> None:
        """Their clocks may have changed; ``in_line``: without a change of theirs, so that the line does not know."""
        for conversation_id in conversation_ids:
            self._touched[conversation_id] = self._touched.get(conversation_id, False) or in_line
        if self._touched:
            self._changed.set()

    async def run(self) -> None:
        """Sends what changed until cancelled."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            self._changed.clear()
            touched, self._touched = self._touched, {}
            try:
                await self._send(touched)
            except DatabaseUnavailable:
                for conversation_id, in_line in touched.items():
                    self.touch((conversation_id,), in_line=in_line)
                await asyncio.sleep(1)
            except Exception:  # the edge of this task
                log.exception("the clocks could not be shown")

    async def _send(self, touched: dict[UUID, bool]) -> None:
        states = await self._clocks.of("conversation", list(touched))
        for row in await self._database.fetch(self._places, list(touched)):
            change = ClocksChange(conversation_id=row["id"], clocks=states.get(row["id"], []))
            await self._gateway.to_supervisors("clocks", change, and_agent=row["owner"])
            if touched[row["id"]]:
                self._line.touch(row["id"], row["group_id"])
