"""What happens to every request: an id, errors as JSON in one place, and headers that keep browsers careful."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from database.errors import DatabaseUnavailable
from database.ids import uuid7
from models.batching import QuestionNotEncoded
from router.doors.doors import Doors
from router.errors import Invalid, NotFound, TooLarge, Unauthorized, Unavailable, YingdaError
from router.observing.requests import Requests

log = logging.getLogger(__name__)

Around = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]

REQUEST_ID = "X-Request-Id"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_API = "/api/"
_PROBES = frozenset({"/livez", "/readyz"})
#: When somebody who met an outage or too many others may ask again.
_ASK_AGAIN_SECONDS = 2
_WITH_A_WAIT = frozenset({429, 503})


def middlewares(doors: Doors, requests: Requests, around: Around | None = None) -> list[Middleware]:
    """All of them, the outermost first; ``around`` each request where it is traced."""
    traced = [] if around is None else [within(around)]
    return [counted(requests), request_id, *traced, careful_headers, errors, at_the_door(doors)]


def within(around: Around) -> Middleware:
    @web.middleware
    async def trace(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await around(request, handler)

    return trace


def counted(requests: Requests) -> Middleware:
    """Every answer counts, with the time that it took."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        began, status = time.perf_counter(), 500
        try:
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as fault:
            status = fault.status
            raise
        finally:
            requests.count(status, time.perf_counter() - began)

    return count


def at_the_door(doors: Doors) -> Middleware:
    """Refuses an address that asks too much, and a body that does not arrive. Probes are always answered."""

    @web.middleware
    async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in _PROBES:
            doors.admit_request(request)
        return await doors.bodies.within(request, handler)

    return admit


@web.middleware
async def request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The caller's id for the request, or a new one, on every line of the log and on the answer."""
    given = request.headers.get(REQUEST_ID, "")
    identifier = given if _REQUEST_ID.fullmatch(given) else str(uuid7())
    with structlog.contextvars.bound_contextvars(request_id=identifier):
        try:
            response = await handler(request)
        except web.HTTPException as fault:
            fault.headers[REQUEST_ID] = identifier
            raise
    if not response.prepared:
        response.headers[REQUEST_ID] = identifier
    return response


@web.middleware
async def careful_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nothing is sniffed, no page hears where people came from, answers of the API are neither kept nor framed."""
    try:
        response = await handler(request)
    except web.HTTPException as fault:
        _be_careful(request, fault.headers)
        raise
    if not response.prepared:
        _be_careful(request, response.headers)
    return response


def _be_careful(request: web.Request, headers: MutableMapping[str, str]) -> None:
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if request.path.startswith(_API):
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one mapping of errors to answers: ``{"error": {"code", "message", "details"?}}`` with the fitting status."""
    try:
        return await handler(request)
    except YingdaError as fault:
        return error_response(fault)
    except DatabaseUnavailable as fault:
        log.warning("the database is not available: %s", fault)
        return error_response(Unavailable())
    except QuestionNotEncoded as fault:
        log.warning("the encoder is not available: %s", fault)
        return error_response(Unavailable())
    except web.HTTPException as fault:
        if not request.path.startswith(_API) or fault.status < 400:
            raise
        return _translated(fault)
    except ConnectionError:
        raise  # the caller is gone; there is nobody to answer
    except Exception:  # the edge of HTTP: whatever it was, the caller gets an answer and the log the cause
        log.exception("%s %s failed", request.method, request.path)
        return error_response(Unavailable("Something went wrong; nothing was stored."), status=500)


def error_response(fault: YingdaError, status: int | None = None) -> web.Response:
    headers = {}
    if isinstance(fault, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    if fault.status in _WITH_A_WAIT:
        headers["Retry-After"] = str(fault.details.get("retry_after", _ASK_AGAIN_SECONDS))
    body: dict[str, Any] = {"error": fault.as_wire()}
    return web.Response(
        status=status or fault.status,
        body=msgspec.json.encode(body),
        content_type="application/json",
        headers=headers,
    )


def _translated(fault: web.HTTPException) -> web.Response:
    """aiohttp's own refusals, with our codes and their status."""
    if isinstance(fault, web.HTTPNotFound):
        return error_response(NotFound())
    if isinstance(fault, web.HTTPRequestEntityTooLarge):
        return error_response(TooLarge())
    if fault.status >= 500:
        return error_response(Unavailable(), status=fault.status)
    response = error_response(Invalid(fault.reason), status=fault.status)
    if "Allow" in fault.headers:
        response.headers["Allow"] = fault.headers["Allow"]
    return response
