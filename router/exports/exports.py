"""Reads a list as its caller would, page by page through the list's own route, and writes it down; it can show nothing
that the list would not show them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.api import Call, Route, read_query
from router.errors import Forbidden, NotFound
from router.exports.columns import Exported
from router.exports.lists import LISTS
from router.exports.sheets import Book, Heading
from router.exports.words import NOTE, Locale, said
from router.paging import PageQuery
from router.payloads.desk import CustomerCard
from router.security.audit import Audit, AuditEntry

Cards = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, CustomerCard]]]

_PAGE = 200
#: The most that a list without pages gives.
_WHOLE = 2000


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook under its name."""

    file: IO[bytes]
    name: str


class Exports:
    """``routes`` are all routes of the program, by method and path; ``cards`` finds customers as agents see them."""

    def __init__(
        self,
        database: Database,
        audit: Audit,
        clock: Clock,
        zone: Callable[[], ZoneInfo],
        routes: Callable[[], Mapping[tuple[str, str], Route]],
        most_rows: int,
        cards: Cards,
    ) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._zone = zone
        self._routes = routes
        self._most_rows = most_rows
        self._cards = cards
        self._sql = load_queries(Path(__file__))

    async def make(self, call: Call, name: str, locale: Locale) -> Made:
        """The list with the filters of the request; raises `NotFound`, and `Forbidden` as the list itself does."""
        exported = LISTS.get(name)
        if exported is None:
            raise NotFound("there is no such list")
        route = self._routes()["GET", exported.path]
        if not isinstance(route.roles, frozenset) or not call.signed.account.has_any(route.roles):
            raise Forbidden()
        names = {row["id"]: row["name"] for row in await self._database.fetch(self._sql["names"])}
        book = Book(self._zone())
        rows, cut = await self._write(call, route, exported, book, names, locale)
        self._note(book, call, exported, rows, cut, locale)
        file = await asyncio.to_thread(book.finish)
        filters = sorted(set(call.request.query) - {"locale", "limit", "cursor"})
        await self.record(call, name, rows, filters)
        day = self._clock.now().astimezone(self._zone())
        return Made(file, f"{said(exported.title, locale)} {day:%Y-%m-%d %H%M}.xlsx")

    async def record(self, call: Call, name: str, rows: int, filters: list[str]) -> None:
        """Who took what out of the house; the filters by name only, since what was searched for may be personal."""
        entry = AuditEntry(call.actor, "list.exported", "list", name, {"rows": rows, "filters": filters})
        async with self._database.transaction() as connection:
            await self._audit.record(connection, entry)

    async def _write(
        self, call: Call, route: Route, exported: Exported, book: Book, names: Mapping[UUID, str], locale: Locale
    ) -> tuple[int, bool]:
        """How many rows were written, and whether there were more."""
        sheet = book.sheet(said(exported.title, locale), [one.heading(locale) for one in exported.columns])
        query = _first(call, route)
        while True:
            page: Any = await route.handler(replace(call, query=query))
            items = [_builtins(found) for found in getattr(page, exported.within)]
            if exported.by_id:
                await self._add_customers(items)
            for item in items:
                if sheet.rows >= self._most_rows:
                    return sheet.rows, True
                sheet.add(column.cell(item, names, locale) for column in exported.columns)
            next_ = getattr(page, "next", None)
            if next_ is None:
                return sheet.rows, False
            query = msgspec.structs.replace(query, cursor=next_)

    async def _add_customers(self, items: list[dict[str, Any]]) -> None:
        ids = {item["customer_id"] for item in items} - {None}
        cards = await self._cards(ids) if ids else {}
        for item in items:
            card = cards.get(item["customer_id"])
            item["customer"] = None if card is None else _builtins(card)

    def _note(self, book: Book, call: Call, exported: Exported, rows: int, cut: bool, locale: Locale) -> None:
        headings = [Heading(said(NOTE["what"], locale), 18), Heading(said(NOTE["value"], locale), 60)]
        note = book.sheet(said(NOTE["sheet"], locale), headings)
        if cut:
            note.add((said(NOTE["note"], locale), said(NOTE["cut"], locale).format(rows=rows)))
        note.add((said(NOTE["list"], locale), said(exported.title, locale)))
        note.add((said(NOTE["rows"], locale), rows))
        note.add((said(NOTE["made_at"], locale), self._clock.now()))
        note.add((said(NOTE["made_by"], locale), call.signed.account.name))
        note.add((said(NOTE["timezone"], locale), str(self._zone())))


def _first(call: Call, route: Route) -> Any:
    """What the list is asked for first: a large page; a list that is short by nature comes as a whole."""
    if route.query is None:
        return None
    query: Any = read_query(call.request, route.query)
    if isinstance(query, PageQuery):
        return msgspec.structs.replace(query, limit=_PAGE, cursor=None)
    return msgspec.structs.replace(query, limit=_WHOLE) if hasattr(query, "limit") else query


def _builtins(found: msgspec.Struct) -> dict[str, Any]:
    item: dict[str, Any] = msgspec.to_builtins(found, builtin_types=(datetime, date, UUID))
    return item
