"""Customers over HTTP: agents find, correct and join them and note; a customer's page resets its visitor token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from router.api import CUSTOMER, Call, Route
from router.conversations.records import Committed
from router.customers.bodies import (
    AddNote,
    ChangeCustomer,
    CustomerList,
    CustomersQuery,
    CustomerView,
    JoinCustomers,
    NoteList,
    NoteView,
    Reset,
    customer_view,
    note_view,
)
from router.customers.customers import Customers
from router.customers.notes import ProfileNotes
from router.customers.records import CustomerChange
from router.customers.search import CustomerFilter, CustomerSearch
from router.errors import Unauthorized
from router.paging import cursor_of, id_of

DESK = frozenset({"agent", "supervisor", "admin"})
SUPERVISING = frozenset({"supervisor", "admin"})


class CustomersHttp:
    """The handlers, each a few lines: check, delegate, answer."""

    def __init__(
        self,
        customers: Customers,
        search: CustomerSearch,
        notes: ProfileNotes,
        close_pages: Callable[[UUID], Awaitable[None]],
        tell: Callable[[Sequence[Committed]], Awaitable[None]],
    ) -> None:
        self._customers = customers
        self._search = search
        self._notes = notes
        self._close_pages = close_pages
        self._tell = tell

    def routes(self) -> list[Route]:
        v1, one = "/api/v1", "/api/v1/customers/{id}"
        return [
            Route(
                "GET", f"{v1}/customers", self.find, DESK, None, CustomerList, "Find customers", query=CustomersQuery
            ),
            Route("GET", one, self.get, DESK, None, CustomerView, "One customer"),
            Route(
                "PATCH", one, self.change, DESK, ChangeCustomer, CustomerView, "Correct a customer's fields",
                stores=True,
            ),
            Route("GET", f"{one}/alike", self.alike, DESK, None, CustomerList, "Who may be the same person"),
            Route(
                "POST", f"{one}/join", self.join, DESK, JoinCustomers, CustomerView,
                "Join another customer who is the same person", stores=True,
            ),
            Route("GET", f"{one}/notes", self.list_notes, DESK, None, NoteList, "Colleagues' notes about a customer"),
            Route(
                "POST", f"{one}/notes", self.add_note, DESK, AddNote, NoteView, "Note something about a customer",
                status=201, stores=True,
            ),
            Route(
                "DELETE", f"{v1}/profile-notes/{{id}}", self.remove_note, DESK, None, None,
                "Take a note about a customer or company away", status=204, stores=True,
            ),
            Route("POST", f"{v1}/visitor/reset", self.reset, CUSTOMER, None, Reset, "Forget this visitor's token"),
        ]  # fmt: skip

    async def find(self, call: Call) -> CustomerList:
        query: CustomersQuery = call.query
        wanted = CustomerFilter(query.tag, query.company_id, query.blocked)
        found = await self._search.find(query.q, id_of(query.cursor), query.limit, wanted)
        return CustomerList(items=[customer_view(each) for each in found.customers], next=cursor_of(found.last_id))

    async def get(self, call: Call) -> CustomerView:
        return customer_view(await self._customers.get(call.path_id))

    async def change(self, call: Call) -> CustomerView:
        body: ChangeCustomer = call.body
        change = CustomerChange(
            name=body.name,
            email=body.email,
            phone=body.phone,
            company_name=body.company_name,
            company_id=body.company_id,
            locale=body.locale,
            tags=None if body.tags is None else tuple(body.tags),
            edition=body.edition,
            product_version=body.product_version,
        )
        changed = await self._customers.change(call.connection, call.path_id, change, call.actor, body.version)
        return customer_view(changed)

    async def alike(self, call: Call) -> CustomerList:
        found = await self._search.alike(call.path_id)
        return CustomerList(items=[customer_view(each) for each in found], next=None)

    async def join(self, call: Call) -> CustomerView:
        body: JoinCustomers = call.body
        kept, gone_id, ended = await self._customers.join(call.connection, call.path_id, body.other_id, call.actor)
        call.afterwards.append(lambda: self._tell(ended))
        call.afterwards.append(lambda: self._close_pages(gone_id))
        return customer_view(kept)

    async def list_notes(self, call: Call) -> NoteList:
        customer = await self._customers.get(call.path_id)
        return NoteList(items=[note_view(note) for note in await self._notes.listed(customer_id=customer.id)])

    async def add_note(self, call: Call) -> NoteView:
        body: AddNote = call.body
        customer = await self._customers.get(call.path_id)
        return note_view(await self._notes.add(call.connection, body.text, call.actor, customer_id=customer.id))

    async def remove_note(self, call: Call) -> None:
        supervises = call.signed.account.has_any(SUPERVISING)
        await self._notes.remove(call.connection, call.path_id, call.actor, is_supervisor=supervises)

    async def reset(self, call: Call) -> Reset:
        if call.bearer is None:
            raise Unauthorized()
        customer_id = await self._customers.reset(call.bearer)
        if customer_id is not None:
            await self._close_pages(customer_id)
        return Reset()
