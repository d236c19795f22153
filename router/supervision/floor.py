"""The floor at one moment: who waits where, who is there with how much, whose customers are owed a word; reads only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.clocks.clocks import Clocks
from router.conversations.moods import soured_at
from router.conversations.records import Conversation
from router.payloads.clocks import ClockState
from router.payloads.desk import CustomerCard
from router.supervision.records import AgentNow, Floor, GroupNow, OpenNow, OwedAWord
from router.waiting.items import waiting_items

#: So many of each group's line are shown; the whole line is `waiting_line` on the socket.
_HEADS = 30
_MOST_UNANSWERED = 200

Cards = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, CustomerCard]]]


class FloorReader:
    """``cards`` finds customers as agents see them; ``alive_since`` the time of an agent's oldest sign of life."""

    def __init__(
        self, database: Database, cards: Cards, clocks: Clocks, alive_since: Callable[[], datetime], clock: Clock
    ) -> None:
        self._database = database
        self._cards = cards
        self._clocks = clocks
        self._alive_since = alive_since
        self._clock = clock
        self._sql = load_queries(Path(__file__))

    async def now(self) -> Floor:
        now = self._clock.now()
        groups, agents, owed, states = await asyncio.gather(
            self._database.fetch(self._sql["groups_now"], _HEADS),
            self._database.fetch(self._sql["agents_now"], self._alive_since(), now),
            self._conversations("unanswered_now", now, _MOST_UNANSWERED),
            self._database.fetch(self._sql["states_now"]),
        )
        heads = await self._conversations("conversations_now", [each for row in groups for each in row["heads"]])
        waiting = [row for row in heads if row.state == "waiting"]
        customers = {row.customer_id for row in (*owed, *waiting)}
        cards = await self._cards(customers) if customers else {}
        clocks = await self._clocks.of("conversation", {row.id for row in (*owed, *waiting)})
        counts = {row["state"]: row["conversations"] for row in states}
        return Floor(
            at=now,
            open=OpenNow(bot=counts.get("bot", 0), waiting=counts.get("waiting", 0), human=counts.get("human", 0)),
            groups=[_group(row, waiting, agents, cards, clocks) for row in groups],
            agents=[_agent(row) for row in agents],
            unanswered=[_owed(row, cards, clocks) for row in owed],
        )

    async def _conversations(self, statement: str, *arguments: Any) -> list[Conversation]:
        return [Conversation.from_row(row) for row in await self._database.fetch(self._sql[statement], *arguments)]


def _group(
    row: Record,
    waiting: list[Conversation],
    agents: list[Record],
    cards: Mapping[UUID, CustomerCard],
    clocks: Mapping[UUID, list[ClockState]],
) -> GroupNow:
    there = [agent for agent in agents if row["id"] in agent["groups"] and _takes(agent)]
    return GroupNow(
        id=row["id"],
        name=row["name"],
        assignment=row["assignment"],
        overflow_to=row["overflow_to"],
        waiting=row["waiting"],
        longest_since=row["longest_since"],
        agents=len(there),
        free=sum(max(0, agent["capacity"] - agent["load"] - agent["offered"]) for agent in there),
        line=waiting_items([each for each in waiting if each.group_id == row["id"]], cards, clocks),
    )


def _takes(agent: Record) -> bool:
    return bool(agent["status"] == "online" and agent["accepting"] and agent["is_there"])


def _agent(row: Record) -> AgentNow:
    return AgentNow(
        id=row["id"],
        name=row["public_name"],
        staff_number=row["staff_number"],
        groups=row["groups"],
        status=row["status"],
        accepting=row["accepting"],
        reason=row["reason"],
        since=row["changed_at"],
        is_there=row["is_there"],
        capacity=row["capacity"],
        load=row["load"],
        offered=row["offered"],
        last_assigned_at=row["last_assigned_at"],
        unanswered=row["unanswered"],
        unanswered_since=row["unanswered_since"],
    )


def _owed(row: Conversation, cards: Mapping[UUID, CustomerCard], clocks: Mapping[UUID, list[ClockState]]) -> OwedAWord:
    return OwedAWord(
        conversation_id=row.id,
        customer=cards.get(row.customer_id) or CustomerCard(id=row.customer_id),
        owner=row.owner,
        clocks=clocks.get(row.id, []),
        group_id=row.group_id,
        since=row.unanswered_since,
        held_until=row.held_until,
        level=row.level,
        last_text=row.last_text,
        soured=soured_at(row) is not None,
    )
