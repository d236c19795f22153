"""The conversations behind a number: the same rows that were counted, so that the list is as long as the number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.analytics.dashboard import Measures
from router.analytics.period import Stretch
from router.analytics.records import Counted, CountedList, ListQuery
from router.payloads.desk import CustomerCard

Cards = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, CustomerCard]]]

#: Which column of a conversation a segment is about.
_VALUES = {
    "replied": "first_reply", "replied_in_target": "first_reply", "replied_late": "first_reply",
    "settled": "resolution", "csat": "csat", "csat_good": "csat", "csat_bad": "csat", "taken": "first_reply",
}  # fmt: skip


class Listing:
    """An unknown segment counts nothing."""

    def __init__(self, database: Database, clock: Clock, cards: Cards, measures: Callable[[], Measures]) -> None:
        self._database = database
        self._clock = clock
        self._cards = cards
        self._measures = measures
        self._sql = load_queries(Path(__file__))

    async def read(self, query: ListQuery) -> CountedList:
        skipped = int(query.cursor or 0)
        rows = await self._rows(query, query.limit, skipped)
        cards = await self._cards({row["customer_id"] for row in rows}) if rows else {}
        named = {row["owner"] for row in rows} | {row["group_id"] for row in rows}
        names = {row["id"]: row["name"] for row in await self._database.fetch(self._sql["names"], list(named - {None}))}
        total = rows[0]["total"] if rows else await self._total(query, skipped)
        reached = skipped + len(rows)
        return CountedList(
            items=[_counted(row, cards, names, query.segment) for row in rows],
            total=total,
            next=str(reached) if rows and reached < total else None,
        )

    async def _total(self, query: ListQuery, skipped: int) -> int:
        """Of a page beyond the end."""
        first = await self._rows(query, 1, 0) if skipped else []
        return first[0]["total"] if first else 0

    async def _rows(self, query: ListQuery, limit: int, skipped: int) -> list[Record]:
        measures, moment = self._measures(), self._clock.now()
        kind = query.segment.split(".")[0]
        if query.segment == "waiting":
            asked: tuple[Any, ...] = (moment, *measures.filters(query), list(measures.tiers))
            return await self._taking_time("list_waiting", *asked, limit, skipped)
        asked = measures.arguments(Stretch(query.since, query.until), moment, query)
        statement, narrowed = _STATEMENTS.get(kind, ("list_conversations", _of_conversations))
        return await self._taking_time(statement, *asked, *narrowed(query), limit, skipped)

    async def _taking_time(self, statement: str, *asked: Any) -> list[Record]:
        async with self._database.transaction() as connection:
            await connection.execute(self._sql["take_time"])
            rows: list[Record] = await connection.fetch(self._sql[statement], *asked)
            return rows


def _of_conversations(query: ListQuery) -> tuple[Any, ...]:
    return (query.segment, query.agent_id, query.category, query.article_id)


_STATEMENTS: dict[str, tuple[str, Callable[[ListQuery], tuple[Any, ...]]]] = {
    "promises": ("list_promises", lambda query: (query.segment, query.agent_id)),
    "target": ("list_clocks", lambda query: (query.segment,)),
    "nps": ("list_surveys", lambda query: (query.segment,)),
    "questions": ("list_questions", lambda query: (query.task_id,)),
}


def _counted(row: Record, cards: Mapping[UUID, CustomerCard], names: Mapping[UUID, str], segment: str) -> Counted:
    if "value" in row:
        value = row["value"]
    else:
        column = _VALUES.get(segment)
        value = None if column is None or row[column] is None else float(row[column])
    return Counted(
        conversation_id=row["conversation_id"],
        at=row["at"],
        customer=cards.get(row["customer_id"]) or CustomerCard(id=row["customer_id"]),
        state=row["state"],
        agent=names.get(row["owner"]),
        group=names.get(row["group_id"]),
        topic=row["topic"],
        text=row["text"],
        reason=row["reason"],
        value=value,
        late=row["late"],
        ticket=row["ticket"],
    )
