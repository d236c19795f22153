"""The waiting line as agents watch it: changes in numbered steps, each agent seeing the groups they belong to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.conversations.colleague import Colleague
from router.conversations.records import Conversation
from router.customers.customers import Customers
from router.events import CustomerCard, HeadStart, WaitingChange, WaitingItem, WaitingLineAck
from router.sockets.gateway import Gateway
from router.waiting.head_start import seconds_of

log = logging.getLogger(__name__)

#: Changes of this time travel together, in seconds.
_GATHER_SECONDS = 0.1


class LineBoard:
    """``version`` grows by one with every step sent; whoever misses one asks for the whole line."""

    def __init__(
        self,
        database: Database,
        customers: Customers,
        gateway: Gateway,
        colleagues: Callable[[], Iterable[Colleague]],
    ) -> None:
        self._database = database
        self._customers = customers
        self._gateway = gateway
        self._colleagues = colleagues
        conversations = Path(__file__).parent.parent / "conversations"
        self._by_id = load_queries(conversations)["conversations_by_id"]
        self._line = load_queries(Path(__file__).parent.parent / "waiting")
        self._touched: set[UUID] = set()
        self._groups: dict[UUID, UUID] = {}  # the group in which a waiting conversation was shown last
        self._version = 0
        self._changed = asyncio.Event()

    def touch(self, conversation_id: UUID) -> None:
        """Something about this conversation's place in the line may have changed."""
        self._touched.add(conversation_id)
        self._changed.set()

    async def run(self) -> None:
        """Sends steps until cancelled."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            self._changed.clear()
            touched, self._touched = self._touched, set()
            try:
                await self._send(touched)
            except DatabaseUnavailable:
                self._touched |= touched
                self._changed.set()
                await asyncio.sleep(1)
            except Exception:  # the edge of this task
                log.exception("the line could not be shown")

    async def _send(self, touched: set[UUID]) -> None:
        rows = await self._database.fetch(self._by_id, list(touched))
        items = await self._items([Conversation.from_row(row) for row in rows if row["state"] == "waiting"])
        waiting = {item.conversation_id for item in items}
        self._version += 1
        for colleague in self._colleagues():
            upsert = [item for item in items if _sees(colleague, item.group_id)]
            shown = {item.conversation_id for item in upsert}
            remove = [gone for gone in touched - shown if self._was_shown(colleague, gone)]
            change = WaitingChange(version=self._version, upsert=upsert, remove=remove)
            await self._gateway.to_agent(colleague.ref.id, "waiting", change)
        for item in items:
            self._groups[item.conversation_id] = item.group_id
        for gone in touched - waiting:
            self._groups.pop(gone, None)

    def _was_shown(self, colleague: Colleague, conversation_id: UUID) -> bool:
        group_id = self._groups.get(conversation_id)
        return group_id is not None and _sees(colleague, group_id)

    async def whole_line(self, colleague: Colleague) -> WaitingLineAck:
        """The line as this agent may see it, in order, with the step it belongs to."""
        version = self._version
        rows = await self._database.fetch(self._line["line"])
        items = await self._items([Conversation.from_row(row) for row in rows])
        return WaitingLineAck(version=version, items=[item for item in items if _sees(colleague, item.group_id)])

    async def _items(self, rows: list[Conversation]) -> list[WaitingItem]:
        cards = await self._customers.cards({row.customer_id for row in rows}) if rows else {}
        items = []
        for row in sorted(rows, key=lambda row: (row.rank_at, row.id)):
            assert row.rank_at is not None
            assert row.joined_at is not None
            assert row.group_id is not None
            items.append(
                WaitingItem(
                    conversation_id=row.id,
                    rank_at=row.rank_at,
                    joined_at=row.joined_at,
                    priority=seconds_of(row.head_start),
                    explanation=explanation(row),
                    reason=row.handoff_reason or row.reason or "asked",
                    level="L2",
                    topic=row.topic or "",
                    customer=cards.get(row.customer_id) or CustomerCard(id=row.customer_id),
                    group_id=row.group_id,
                    last_text=row.last_text,
                )
            )
        return items


def explanation(row: Conversation) -> list[HeadStart]:
    """Why a conversation stands where it stands."""
    return [HeadStart(reason=part["reason"], seconds=part["seconds"], label=part["label"]) for part in row.head_start]


def _sees(colleague: Colleague, group_id: UUID) -> bool:
    return colleague.is_supervisor or group_id in colleague.group_ids
