"""What a person may ask for, over HTTP: administrators erase a customer and take a copy of what is known of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from aiohttp import web

from router.api import Call, Route
from router.paging import cursor_of, id_of
from router.personal.bodies import EraseCustomer, ErasureList, ErasuresQuery
from router.personal.copying import Copying
from router.personal.erasing import Erasing
from router.personal.records import Erasure

ADMINS = frozenset({"admin"})
ZIP = "application/zip"


class PersonalHttp:
    """``close_pages`` closes a customer's pages: the one who comes back is somebody new."""

    def __init__(self, erasing: Erasing, copying: Copying, close_pages: Callable[[UUID], Awaitable[None]]) -> None:
        self._erasing = erasing
        self._copying = copying
        self._close_pages = close_pages

    def routes(self) -> list[Route]:
        one = "/api/v1/customers/{id}"
        return [
            Route("GET", f"{one}/copy", self.copy, ADMINS, None, None,
                  "Everything that is known of a customer, as a ZIP archive", content_type=ZIP),
            Route("POST", f"{one}/erasure", self.erase, ADMINS, EraseCustomer, Erasure,
                  "Erase a customer: who they are at once, what they said soon after", status=202, stores=True),
            Route("GET", f"{one}/erasure", self.get, ADMINS, None, Erasure, "How far an erasure has come"),
            Route("GET", "/api/v1/erasures", self.page, ADMINS, None, ErasureList,
                  "Customers who were erased, by id", query=ErasuresQuery),
        ]  # fmt: skip

    async def copy(self, call: Call) -> web.Response:
        file = await self._copying.make(call.path_id, call.actor)
        name = f"customer-{call.path_id.hex[-4:].upper()}.zip"
        disposition = f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
        return web.Response(body=file, content_type=ZIP, headers={"Content-Disposition": disposition})

    async def erase(self, call: Call) -> Erasure:
        erasure, is_new = await self._erasing.begin(call.connection, call.path_id, call.actor)
        if is_new:
            call.afterwards.append(lambda: self._close_pages(erasure.customer_id))
        return erasure

    async def get(self, call: Call) -> Erasure:
        return await self._erasing.of(call.path_id)

    async def page(self, call: Call) -> ErasureList:
        query: ErasuresQuery = call.query
        found = await self._erasing.page(id_of(query.cursor), query.limit + 1)
        items, more = found[: query.limit], len(found) > query.limit
        next_ = cursor_of(items[-1].id) if more else None
        return ErasureList(items=items, next=next_)
