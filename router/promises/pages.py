"""Shows promises on the pages that have them open: who has to keep them, who watches the conversation, supervisors."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from msgspec import Struct

from router.promises.records import Promise


class Desk(Protocol):
    """The way to agents' pages; `router.sockets.gateway.Gateway` fits."""

    async def to_watchers(self, conversation_id: UUID, event: str, payload: Struct) -> None: ...
    async def to_supervisors(self, event: str, payload: Struct, *, and_agent: UUID | None = None) -> None: ...


class Pages:
    """A page may hear the same twice: it keeps one by its id."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, promise: Promise) -> None:
        news = promise.news()
        await self._desk.to_watchers(promise.conversation_id, "promise", news)
        await self._desk.to_supervisors("promise", news, and_agent=promise.keeper)
