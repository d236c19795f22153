"""What both namespaces share: parse, delegate, acknowledge; every error becomes an acknowledgement, none escapes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import socketio
from msgspec import Struct

from database.errors import DatabaseUnavailable
from router.errors import Invalid, RateLimited, Unavailable, YingdaError
from router.observing.stages import Observe
from router.payloads.base import Storing
from router.sockets.limits import SocketLimits

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Struct)
Handler = Callable[[str, Any], Awaitable[Any]]
Table = Mapping[str, tuple[type[Struct], type[Struct] | None]]


class TypedNamespace(socketio.AsyncNamespace):  # type: ignore[misc]  # python-socketio has no types
    """Handlers are methods named like their events, taking (sid, payload struct) and returning the acknowledgement."""

    def __init__(self, namespace: str, table: Table, limits: SocketLimits, observe: Observe) -> None:
        super().__init__(namespace)
        self._table = table
        self.limits = limits
        self._observe = observe
        self._handlers: dict[str, tuple[type[Struct], Handler]] = {
            event: (payload, getattr(self, f"handle_{event}")) for event, (payload, _) in table.items()
        }
        self._welcoming: set[asyncio.Task[None]] = set()

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Replaces python-socketio's dispatch: it looks up methods by the client's word and hides TypeErrors."""
        try:
            if event == "connect":
                return await self._connect(args[0], args[1], args[2] if len(args) > 2 else None)
            if event == "disconnect":
                self.limits.forget(args[0])
                return await self.left(args[0])
            return await self._handle(event, args[0], args[1:])
        except socketio.exceptions.ConnectionRefusedError:
            raise
        except Exception:  # the edge of the sockets
            log.exception("socket event failed", extra={"event_name": event if event in self._table else "?"})
            return _refusal(Unavailable())

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        try:
            self.limits.enter(sid, environ)
            await self.entered(sid, environ, auth)
        except YingdaError as error:
            self.limits.forget(sid)
            raise socketio.exceptions.ConnectionRefusedError(error.message, error.as_wire()) from None
        except DatabaseUnavailable:
            self.limits.forget(sid)
            refusal = Unavailable()
            raise socketio.exceptions.ConnectionRefusedError(refusal.message, refusal.as_wire()) from None

    async def _handle(self, event: str, sid: str, args: tuple[Any, ...]) -> Any:
        began = time.perf_counter()
        try:
            if (wait_seconds := self.limits.refusal(sid)) is not None:
                raise RateLimited(retry_after=wait_seconds)
            if event not in self._handlers:
                raise Invalid("there is no such event")
            payload_type, handler = self._handlers[event]
            self.require_admitted(sid, event)
            payload = parse(args[0] if args else {}, payload_type)
            self._observe("check", time.perf_counter() - began)
            return await handler(sid, payload)
        except RateLimited as error:
            return _refusal(error)
        except YingdaError as error:
            return await self._first_answer(sid, args) or _refusal(error)
        except DatabaseUnavailable:
            return _refusal(Unavailable())
        finally:
            self._observe("event", time.perf_counter() - began)

    async def _first_answer(self, sid: str, args: tuple[Any, ...]) -> dict[str, Any] | None:
        """The answer that this client id got before: it stays the same, whatever stands beside the id now."""
        try:
            return await self.answer_of(sid, msgspec.convert(args[0], Storing).client_id)
        except (IndexError, msgspec.ValidationError, RecursionError, YingdaError, DatabaseUnavailable):
            return None

    def welcome_soon(self, sid: str, welcome: Coroutine[Any, Any, None]) -> None:
        """Greets once the connection was acknowledged; a page that cannot be greeted is closed and tries again."""
        task = asyncio.create_task(self._welcome_or_close(sid, welcome))
        self._welcoming.add(task)
        task.add_done_callback(self._welcoming.discard)

    async def _welcome_or_close(self, sid: str, welcome: Coroutine[Any, Any, None]) -> None:
        try:
            await welcome
        except Exception as error:  # the edge of this task
            if not isinstance(error, DatabaseUnavailable):
                log.exception("greeting failed")
            await self.disconnect(sid)

    async def answer_of(self, sid: str, client_id: UUID) -> dict[str, Any] | None:
        """What the client behind this socket was answered to this client id, if anything."""
        raise NotImplementedError

    def require_admitted(self, sid: str, event: str) -> None:
        """Whether the client behind this socket may do that now; raises the error it is refused with."""

    async def entered(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        """Lets a client in or raises the error it is refused with."""
        raise NotImplementedError

    async def left(self, sid: str) -> None:
        """A client has gone."""
        raise NotImplementedError


def parse(value: Any, struct: type[T]) -> T:
    """The payload as a struct; raises `Invalid` that names the field."""
    try:
        return msgspec.convert(value, struct)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Invalid(str(error) or "malformed") from None


def _refusal(error: YingdaError) -> dict[str, Any]:
    return {"ok": False, "error": error.as_wire()}
