"""The waiting line as agents watch it: changes in numbered steps, each agent seeing the groups they belong to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.clocks.clocks import Clocks
from router.conversations.colleague import Colleague
from router.conversations.records import Conversation
from router.customers.customers import Customers
from router.payloads.desk import WaitingChange, WaitingItem, WaitingLineAck
from router.sockets.gateway import Gateway
from router.waiting.items import waiting_items

log = logging.getLogger(__name__)

#: Changes of this time travel together, in seconds: long enough for those of one commit, too short to be felt.
_GATHER_SECONDS = 0.002
#: A step that takes longer waits for a server that is no more, and is begun anew.
_LONGEST_SECONDS = 5.0

#: Conversations with the groups in which they stood or stand.
_Touched = dict[UUID, set[UUID]]


class LineBoard:
    """``version`` grows by one with every step sent; whoever misses one asks for the whole line.

    It begins at the clock's milliseconds, so that no number of an earlier life of the server seems to go before it.
    """

    def __init__(
        self,
        database: Database,
        customers: Customers,
        gateway: Gateway,
        colleagues: Callable[[], Iterable[Colleague]],
        clock: Clock,
        clocks: Clocks,
    ) -> None:
        self._database = database
        self._clocks = clocks
        self._customers = customers
        self._gateway = gateway
        self._colleagues = colleagues
        conversations = Path(__file__).parent.parent / "conversations"
        self._by_id = load_queries(conversations)["conversations_by_id"]
        self._line = load_queries(Path(__file__).parent.parent / "waiting")
        self._touched: _Touched = {}
        self._saw: dict[UUID, Colleague] = {}
        self._version = int(clock.now().timestamp() * 1000)
        self._changed = asyncio.Event()

    def touch(self, conversation_id: UUID, *group_ids: UUID | None) -> None:
        """Its place in line may have changed; whoever sees one of these groups may have had it on the page so far."""
        self._touched.setdefault(conversation_id, set()).update(
            group_id for group_id in group_ids if group_id is not None
        )
        self._changed.set()

    def rights_changed(self, before: Colleague) -> None:
        """This agent, as they were, sees other groups from now on: the next step brings what came and what went."""
        self._saw.setdefault(before.ref.id, before)
        self._changed.set()

    async def run(self) -> None:
        """Sends steps until cancelled."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            self._changed.clear()
            touched, self._touched = self._touched, {}
            saw, self._saw = self._saw, {}
            try:
                async with asyncio.timeout(_LONGEST_SECONDS):
                    await self._send(touched, saw)
            except (DatabaseUnavailable, TimeoutError):
                for conversation_id, group_ids in touched.items():
                    self.touch(conversation_id, *group_ids)
                for before in saw.values():
                    self._saw[before.ref.id] = before
                self._changed.set()
                await asyncio.sleep(1)
            except Exception:  # the edge of this task
                log.exception("the line could not be shown")

    async def _send(self, touched: _Touched, saw: dict[UUID, Colleague]) -> None:
        rows = await self._database.fetch(self._by_id, list(touched))
        items = await self._items([Conversation.from_row(row) for row in rows if row["state"] == "waiting"])
        line = await self._whole() if saw else []
        self._version += 1
        alike: dict[frozenset[UUID] | None, list[UUID]] = {}
        for colleague in self._colleagues():
            before = saw.get(colleague.ref.id)
            if before is not None:
                change = self._change(colleague, before, touched, line)
                await self._gateway.to_agents([colleague.ref.id], "waiting", change)
            else:
                alike.setdefault(None if colleague.is_supervisor else colleague.group_ids, []).append(colleague.ref.id)
        for group_ids, agent_ids in alike.items():  # who sees the same is told the same, made once
            upsert = [item for item in items if group_ids is None or item.group_id in group_ids]
            gone = {each for each, stood in touched.items() if group_ids is None or not stood.isdisjoint(group_ids)}
            gone -= {item.conversation_id for item in upsert}
            change = WaitingChange(version=self._version, upsert=upsert, remove=sorted(gone))
            await self._gateway.to_agents(agent_ids, "waiting", change)

    def _change(
        self, colleague: Colleague, before: Colleague, touched: _Touched, line: list[WaitingItem]
    ) -> WaitingChange:
        """For somebody whose rights have changed: everything they see now, without everything they saw."""
        upsert = [item for item in line if _sees(colleague, item.group_id)]
        gone = {each for each, stood in touched.items() if any(_sees(before, group_id) for group_id in stood)}
        gone |= {item.conversation_id for item in line if _sees(before, item.group_id)}
        gone -= {item.conversation_id for item in upsert}
        return WaitingChange(version=self._version, upsert=upsert, remove=sorted(gone))

    async def whole_line(self, colleague: Colleague) -> WaitingLineAck:
        """The line as this agent may see it, in order, with the step it belongs to."""
        version = self._version
        line = await self._whole()
        return WaitingLineAck(version=version, items=[item for item in line if _sees(colleague, item.group_id)])

    async def _whole(self) -> list[WaitingItem]:
        rows = await self._database.fetch(self._line["line"])
        return await self._items([Conversation.from_row(row) for row in rows])

    async def _items(self, rows: list[Conversation]) -> list[WaitingItem]:
        if not rows:
            return []
        cards, clocks = await asyncio.gather(
            self._customers.cards({row.customer_id for row in rows}),
            self._clocks.of("conversation", [row.id for row in rows]),
        )
        return waiting_items(rows, cards, clocks)


def _sees(colleague: Colleague, group_id: UUID | None) -> bool:
    """Nobody owns what waits."""
    return colleague.may_see(group_id, None)
