"""Levels and figures over HTTP: agents change a conversation's level, supervisors read how promises are kept."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from router.api import Call, Route
from router.clocks.figures import ClockFigures, Figures
from router.clocks.levelling import Levelling
from router.conversations.http import DESK, colleague_of
from router.errors import Invalid

MANAGERS = frozenset({"admin", "supervisor"})


class ChangeConversation(Struct, kw_only=True):
    """L2: a human, L3: the success manager by name; L1 is the bot's, a conversation comes back to it by a transfer."""

    level: Literal["L1", "L2", "L3"]


class LevelView(Struct, kw_only=True):
    id: UUID
    level: str


class FiguresQuery(Struct, kw_only=True):
    hours: Annotated[float, Meta(gt=0, le=24 * 92)] = 24.0


class ClocksHttp:
    def __init__(self, levelling: Levelling, figures: Figures) -> None:
        self._levelling = levelling
        self._figures = figures

    def routes(self) -> list[Route]:
        v1 = "/api/v1"
        return [
            Route(
                "PATCH", f"{v1}/conversations/{{id}}", self.change, DESK, ChangeConversation, LevelView,
                "Change a conversation's level; no clock is reset",
            ),
            Route(
                "GET", f"{v1}/clocks/figures", self.figures, MANAGERS, None, ClockFigures,
                "How promises were kept in the last hours", query=FiguresQuery,
            ),
        ]  # fmt: skip

    async def change(self, call: Call) -> LevelView:
        body: ChangeConversation = call.body
        if body.level == "L1":
            raise Invalid("L1 is the bot's: transfer the conversation back instead", field="level")
        colleague = colleague_of(call.signed.account)
        await self._levelling.set(colleague, call.path_id, body.level, call.idempotency_key)
        return LevelView(id=call.path_id, level=body.level)

    async def figures(self, call: Call) -> ClockFigures:
        query: FiguresQuery = call.query
        return await self._figures.since(query.hours)
