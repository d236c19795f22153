"""Tells waiting customers their place: at once when they join, then when it falls, at most every five seconds each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Raw, Struct

from database.clock import Clock
from router.conversations.records import Conversation
from router.payloads.customers import QueuePlace
from router.sockets.gateway import CHAT, Gateway
from router.waiting_room.places import Place, Places
from router.wire.parcels import unpacked
from router.wire.wire import Wire

#: Between two notices to one customer.
PAUSE = timedelta(seconds=5)

PLACE = "place"


class _Told(Struct, frozen=True, array_like=True):
    """A notice to a customer, on the wire."""

    customer_id: UUID
    notice: QueuePlace


class QueueNotices:
    """The one who sends `queue`; what a customer is told counts as shown. Of several nodes one looks after the line."""

    def __init__(
        self,
        gateway: Gateway,
        places: Places,
        clock: Clock,
        leads: Callable[[], Awaitable[bool]],
        wire: Wire | None = None,
        *,
        keep_minutes: int,
    ) -> None:
        """``leads``: whether this node is the one that looks after the line."""
        self._gateway = gateway
        self._places = places
        self._clock = clock
        self._leads = leads
        self._wire = wire
        self._keep_minutes = keep_minutes
        self._told_at: dict[UUID, datetime] = {}
        #: What the pages here were told last.
        self._said: dict[UUID, QueuePlace] = {}
        #: What has to wait for its five seconds: customer and place by conversation.
        self._held_back: dict[UUID, tuple[UUID, Place]] = {}

    async def joined(self, row: Conversation, *, afresh: bool) -> None:
        """Somebody has begun to wait; ``afresh``: a place that stands in the row is the one that they joined with."""
        if self._gateway.is_here(row.customer_id):
            known = self._places.shown(row) if afresh else None
            await self._tell(row.id, row.customer_id, known or await self._places.of(row))
        elif self._wire is not None:
            self._told_at[row.id] = self._clock.now()  # by the node that has the page

    def left(self, conversation_id: UUID) -> None:
        """Somebody waits no more: what was held back is of no use to them."""
        self._held_back.pop(conversation_id, None)
        self._said.pop(conversation_id, None)

    async def shown_elsewhere(self, row: Conversation) -> None:
        """Another node has shown this place; the pages here may not have heard."""
        place = self._places.shown(row)
        if place is not None and self._gateway.is_here(row.customer_id):
            notice = self._notice(row.id, place)
            if self._said.get(row.id) != notice:
                await self._say(row.customer_id, notice)

    async def hear(self, raw: Raw) -> None:
        """What another node tells a customer; raises `msgspec.DecodeError`."""
        told = unpacked(raw, _Told)
        self._told_at[told.notice.conversation_id] = self._clock.now()
        if self._gateway.is_here(told.customer_id):
            await self._say(told.customer_id, told.notice)

    async def welcomed(self, sid: str, row: Conversation) -> None:
        """A page of somebody who waits was opened; only this page hears it."""
        notice = self._notice(row.id, await self._places.of(row))
        if self._wire is not None:
            self._said[row.id] = notice
        await self._gateway.to_socket(CHAT, sid, "queue", notice)

    async def slower(self, row: Conversation, place: Place) -> None:
        """It takes longer than what was told."""
        await self._tell(row.id, row.customer_id, place)

    async def tick(self) -> None:
        """Tells everybody whose place has become smaller."""
        if not await self._leads():
            return
        now = self._clock.now()
        self._told_at = {each: at for each, at in self._told_at.items() if now - at < PAUSE}
        for conversation_id in self._held_back.keys() - self._told_at.keys():
            customer_id, place = self._held_back.pop(conversation_id)
            await self._tell(conversation_id, customer_id, place)
        async for news in self._places.fallen(but=set(self._told_at)):
            for each in news:
                await self._tell(each.conversation_id, each.customer_id, each.place)
                await asyncio.sleep(0)  # sending never waits by itself, and there may be thousands

    async def _tell(self, conversation_id: UUID, customer_id: UUID, place: Place) -> None:
        now = self._clock.now()
        if now - self._told_at.get(conversation_id, now - PAUSE) < PAUSE:
            self._held_back[conversation_id] = (customer_id, place)
            return
        self._told_at[conversation_id] = now
        self._held_back.pop(conversation_id, None)
        notice = self._notice(conversation_id, place)
        await self._say(customer_id, notice)
        if self._wire is not None:
            self._wire.send(PLACE, _Told(customer_id, notice))

    async def _say(self, customer_id: UUID, notice: QueuePlace) -> None:
        if self._wire is not None:
            self._said[notice.conversation_id] = notice
        await self._gateway.to_customer(customer_id, "queue", notice)

    def _notice(self, conversation_id: UUID, place: Place) -> QueuePlace:
        return QueuePlace(
            conversation_id=conversation_id,
            position=place.position,
            eta=place.eta,
            slower=place.slower,
            keep_minutes=self._keep_minutes,
        )
