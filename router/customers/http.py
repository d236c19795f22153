"""Customers over HTTP: agents find and correct them, a customer's page resets its visitor token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from router.api import CUSTOMER, Call, Route
from router.customers.customers import Customers
from router.customers.records import Customer, CustomerChange
from router.customers.search import CustomerSearch
from router.errors import Unauthorized
from router.paging import PageQuery, cursor_of, id_of

DESK = frozenset({"agent", "supervisor", "admin"})

Text = Annotated[str, Meta(max_length=1000)]


class CustomersQuery(PageQuery, kw_only=True):
    """``q``: a whole e-mail address, telephone number or external id, or part of a name or company."""

    q: Text = ""


class CompanyRef(Struct, kw_only=True):
    id: str | None
    name: str | None


class CustomerView(Struct, kw_only=True):
    id: UUID
    external_id: str | None
    name: str | None
    email: str | None
    phone: str | None
    tier: str
    company: CompanyRef | None
    attributes: Mapping[str, Any]
    locale: str | None
    created_at: datetime
    seen_at: datetime


class CustomerList(Struct, kw_only=True):
    items: list[CustomerView]
    next: str | None


class ChangeCustomer(Struct, kw_only=True):
    """A field left out or ``null`` stays, an empty text empties it; a tier comes from a signed identity only."""

    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    company_name: Text | None = None
    locale: Text | None = None


class Reset(Struct, kw_only=True):
    ok: bool = True


class CustomersHttp:
    """The handlers, each a few lines: check, delegate, answer."""

    def __init__(
        self, customers: Customers, search: CustomerSearch, on_reset: Callable[[UUID], Awaitable[None]]
    ) -> None:
        self._on_reset = on_reset
        self._customers = customers
        self._search = search

    def routes(self) -> list[Route]:
        v1 = "/api/v1"
        return [
            Route(
                "GET", f"{v1}/customers", self.find, DESK, None, CustomerList, "Find customers", query=CustomersQuery
            ),
            Route("GET", f"{v1}/customers/{{id}}", self.get, DESK, None, CustomerView, "One customer"),
            Route(
                "PATCH", f"{v1}/customers/{{id}}", self.change, DESK, ChangeCustomer, CustomerView,
                "Correct a customer's fields", stores=True,
            ),
            Route("POST", f"{v1}/visitor/reset", self.reset, CUSTOMER, None, Reset, "Forget this visitor's token"),
        ]  # fmt: skip

    async def find(self, call: Call) -> CustomerList:
        query: CustomersQuery = call.query
        found = await self._search.find(query.q, id_of(query.cursor), query.limit)
        return CustomerList(items=[_view(customer) for customer in found.customers], next=cursor_of(found.last_id))

    async def get(self, call: Call) -> CustomerView:
        return _view(await self._customers.get(call.path_id))

    async def change(self, call: Call) -> CustomerView:
        body: ChangeCustomer = call.body
        change = CustomerChange(
            name=body.name,
            email=body.email,
            phone=body.phone,
            company_name=body.company_name,
            locale=body.locale,
        )
        return _view(await self._customers.change(call.connection, call.path_id, change, call.actor))

    async def reset(self, call: Call) -> Reset:
        if call.bearer is None:
            raise Unauthorized()
        customer_id = await self._customers.reset(call.bearer)
        if customer_id is not None:
            await self._on_reset(customer_id)
        return Reset()


def _view(customer: Customer) -> CustomerView:
    company = CompanyRef(id=customer.company_id, name=customer.company_name)
    return CustomerView(
        id=customer.id,
        external_id=customer.external_id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        tier=customer.tier,
        company=None if company.id is None and company.name is None else company,
        attributes=customer.attributes,
        locale=customer.locale,
        created_at=customer.created_at,
        seen_at=customer.seen_at,
    )
