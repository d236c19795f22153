"""The HTTP face: what a route declares, and the one place that checks callers, reads bodies and writes answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

import msgspec
from aiohttp import web

from router.agents.records import ROLES, Signed
from router.customers.records import Customer
from router.errors import Forbidden, Invalid, NotFound, TooLarge, Unauthorized
from router.idempotency import Repeats, StoredAnswer
from router.security.audit import AuditActor
from router.security.claims import is_storable

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_BODY_BYTES = 64 * 1024
BODY_SECONDS = 10
IDEMPOTENCY_KEY = "Idempotency-Key"
#: Everybody who is signed in at the console.
ANYBODY = ROLES
CUSTOMER: Literal["customer"] = "customer"
#: A customer, or somebody who talks to customers; the token says which.
EITHER: Literal["customer or agent"] = "customer or agent"
_TALKING = frozenset({"agent", "supervisor", "admin"})
# An escaped NUL, which JSON allows and Postgres cannot store; an even number of backslashes before it escapes itself.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Authenticates(Protocol):
    """Who shows an access token; raises ``Unauthorized``."""

    async def authenticate(self, access_token: str) -> Signed: ...


class KnowsVisitors(Protocol):
    """The customer behind a visitor token; raises ``Unauthorized``."""

    async def by_visitor(self, visitor: str) -> Customer: ...


@dataclass(frozen=True)
class Call:
    """One request that passed the door: parsed, and by somebody who may ask."""

    request: web.Request
    address: str
    body: Any
    query: Any
    bearer: str | None
    idempotency_key: UUID | None
    signed_or_none: Signed | None
    customer_or_none: Customer | None
    connection_or_none: PooledConnection | None
    #: What a storing route does once its transaction has committed, before it answers; not for a repeat.
    afterwards: list[Callable[[], Awaitable[None] | None]] = field(default_factory=list)

    @property
    def signed(self) -> Signed:
        if self.signed_or_none is None:
            raise Unauthorized()
        return self.signed_or_none

    @property
    def customer(self) -> Customer:
        if self.customer_or_none is None:
            raise Unauthorized()
        return self.customer_or_none

    @property
    def connection(self) -> PooledConnection:
        """The transaction of a storing route; it commits when the handler returns."""
        assert self.connection_or_none is not None, "the route does not say that it stores"
        return self.connection_or_none

    @property
    def actor(self) -> AuditActor:
        account = self.signed.account
        return AuditActor("agent", account.id, account.name)

    @property
    def path_id(self) -> UUID:
        """The ``{id}`` of the path; what is no id names nothing."""
        try:
            return UUID(self.request.match_info["id"])
        except ValueError as fault:
            raise NotFound() from fault


Handler = Callable[[Call], Awaitable[msgspec.Struct | web.StreamResponse | None]]


@dataclass(frozen=True)
class Route:
    """One line of the contract. ``roles``: ``None`` is public, ``CUSTOMER`` a visitor's token, ``EITHER`` that or an
    agent's, else any of these. ``form``: what a handler reads itself, as ``multipart/form-data``.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    handler: Handler
    roles: frozenset[str] | Literal["customer", "customer or agent"] | None
    body: type[msgspec.Struct] | None
    answer: type[msgspec.Struct] | None
    summary: str
    query: type[msgspec.Struct] | None = None
    status: int = 200
    stores: bool = False  # runs in a transaction of its own and takes an Idempotency-Key
    max_body_bytes: int = MAX_BODY_BYTES
    form: type[msgspec.Struct] | None = None
    content_type: str | None = None  # of the file that it answers with


class Api:
    """Turns routes into aiohttp handlers; every route goes through the same checks in the same order."""

    def __init__(
        self,
        sessions: Authenticates,
        customers: KnowsVisitors,
        repeats: Repeats,
        *,
        address_of: Callable[[web.Request], str] = lambda request: request.remote or "",
    ) -> None:
        self._sessions = sessions
        self._customers = customers
        self._repeats = repeats
        self._address_of = address_of

    def mount(self, app: web.Application, routes: Iterable[Route]) -> None:
        for route in routes:
            app.router.add_route(route.method, route.path, self._serving(route))

    def _serving(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        if route.stores and route.roles is None:
            raise ValueError(f"{route.method} {route.path}: a storing route needs a sender")

        async def serve(request: web.Request) -> web.StreamResponse:
            call = await self._admitted(request, route)
            if not route.stores:
                found = await route.handler(call)
                return found if isinstance(found, web.StreamResponse) else json_response(found, route.status)
            answer = await self._stored(call, route)
            for start in call.afterwards:
                if (started := start()) is not None:
                    await started
            return json_response(answer.body, answer.status)

        return serve

    async def _admitted(self, request: web.Request, route: Route) -> Call:
        bearer = bearer_of(request)
        signed, customer = None, None
        if route.roles == CUSTOMER or (route.roles == EITHER and _is_visitor(_required(bearer))):
            customer = await self._customers.by_visitor(_required(bearer))
        elif route.roles is not None:
            signed = await self._sessions.authenticate(_required(bearer))
            if not signed.account.has_any(_TALKING if isinstance(route.roles, str) else route.roles):
                raise Forbidden()
        return Call(
            request=request,
            address=self._address_of(request),
            query=None if route.query is None else read_query(request, route.query),
            body=None if route.body is None else await read_body(request, route.body, route.max_body_bytes),
            bearer=bearer,
            idempotency_key=_idempotency_key(request),
            signed_or_none=signed,
            customer_or_none=customer,
            connection_or_none=None,
        )

    async def _stored(self, call: Call, route: Route) -> StoredAnswer:
        async def work(connection: PooledConnection) -> Any:
            return await route.handler(replace(call, connection_or_none=connection))

        sender = call.signed.account.id if call.customer_or_none is None else call.customer.id
        return await self._repeats.once(sender, call.idempotency_key, route.status, work)


def bearer_of(request: web.Request) -> str | None:
    """The token of ``Authorization: Bearer …``."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


async def read_body(
    request: web.Request, body: type[msgspec.Struct], max_bytes: int = MAX_BODY_BYTES
) -> msgspec.Struct:
    """The JSON body as the struct that the route declares; raises ``Invalid``, ``TooLarge``."""
    if (request.content_length or 0) > max_bytes:
        raise TooLarge()
    raw = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > max_bytes:
                    raise TooLarge()
    except TimeoutError as fault:
        raise Invalid("the body did not arrive in time") from fault
    if _NUL.search(raw):
        raise Invalid("a text must not hold NUL")
    try:
        return msgspec.json.decode(raw, type=body)
    except msgspec.ValidationError as fault:
        raise Invalid(str(fault)) from fault
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        raise Invalid("the body is not JSON") from fault


def read_query(request: web.Request, query: type[msgspec.Struct]) -> msgspec.Struct:
    """The query string as the struct that the route declares; raises ``Invalid``."""
    values = dict(request.query)
    if not all(is_storable(value) for value in values.values()):
        raise Invalid("a query must not hold NUL")
    try:
        return msgspec.convert(values, query, strict=False)
    except msgspec.ValidationError as fault:
        raise Invalid(str(fault)) from fault


def json_response(answer: Any, status: int = 200) -> web.Response:
    """An answer as JSON, times in RFC 3339 and UTC; ``None`` is no content."""
    if answer is None:
        return web.Response(status=204)
    return web.Response(status=status, body=msgspec.json.encode(answer), content_type="application/json")


def _required(bearer: str | None) -> str:
    if bearer is None:
        raise Unauthorized()
    return bearer


def _is_visitor(token: str) -> bool:
    """A visitor's token is one word; an access token has three, with dots between them."""
    return "." not in token


def _idempotency_key(request: web.Request) -> UUID | None:
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return None
    try:
        return UUID(key)
    except ValueError as fault:
        raise Invalid(f"{IDEMPOTENCY_KEY} is a UUID") from fault
