"""What both namespaces share: parse, delegate, acknowledge; every error becomes an acknowledgement, none escapes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from types import CoroutineType
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from database.errors import DatabaseUnavailable
from router.errors import Invalid, RateLimited, Unavailable, YingdaError
from router.observing.stages import Observe
from router.observing.turns import turn_id
from router.payloads.base import Storing
from router.sockets import packets
from router.sockets.limits import SocketLimits

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Struct)
Handler = Callable[[str, Any], Any]
Around = Callable[[str, Coroutine[Any, Any, Any]], Coroutine[Any, Any, Any]]
Disconnect = Callable[[str], Awaitable[None]]
Table = Mapping[str, tuple[type[Struct], type[Struct] | None]]

_storing = msgspec.json.Decoder(Storing)


class TypedNamespace:
    """Handlers are methods named like their events, taking (sid, payload struct) and returning the acknowledgement.

    A handler that waits for nothing is a plain method: it is done at once, without a task.
    """

    def __init__(
        self,
        name: str,
        table: Table,
        limits: SocketLimits,
        observe: Observe,
        disconnect: Disconnect,
        around: Around | None = None,
    ) -> None:
        """``around``: what every event that takes time is done within, by its name (traces)."""
        self.name = name
        self._around = around
        self.limits = limits
        self._observe = observe
        self._disconnect = disconnect
        self._handlers: dict[str, tuple[msgspec.json.Decoder[Any], Handler]] = {
            event: (msgspec.json.Decoder(payload), getattr(self, f"handle_{event}"))
            for event, (payload, _) in table.items()
        }
        self._welcoming: set[asyncio.Task[None]] = set()

    async def enter(self, sid: str, address: str | None, auth: Any) -> dict[str, Any] | None:
        """Lets a client in; returns what one who is refused is told."""
        try:
            self.limits.enter(sid, address)
            await self.entered(sid, auth)
        except YingdaError as error:
            refusal = error
        except DatabaseUnavailable:
            refusal = Unavailable()
        except Exception:  # the edge of the sockets
            log.exception("connecting failed")
            refusal = Unavailable()
        else:
            return None
        self.limits.forget(sid)
        return {"message": refusal.message, "data": refusal.as_wire()}

    async def leave(self, sid: str) -> None:
        """Forgets a client who has gone."""
        self.limits.forget(sid)
        try:
            await self.left(sid)
        except DatabaseUnavailable as error:
            log.warning("a client left unnoticed: %s", error)
        except Exception:  # the edge of the sockets
            log.exception("leaving failed")

    def hear(self, sid: str, json: bytes) -> Any:
        """The acknowledgement of an event, or a coroutine that returns it; neither raises."""
        began = time.perf_counter()
        if (wait_seconds := self.limits.refusal(sid)) is not None:
            return _refusal(RateLimited(retry_after=wait_seconds))
        name, body = packets.read_event(json)
        known = self._handlers.get(name)
        if known is None:
            return self._refused(sid, body, Invalid("there is no such event"))
        decoder, handler = known
        try:
            self.require_admitted(sid, name)
            payload = decoder.decode(body)
            checked = time.perf_counter()
            self._observe("check", checked - began)
            answer = handler(sid, payload)
        except (msgspec.DecodeError, RecursionError) as error:
            return self._refused(sid, body, Invalid(str(error) or "malformed"))
        except YingdaError as error:
            return self._refused(sid, body, error)
        except Exception:  # the edge of the sockets
            log.exception("socket event failed", extra={"event_name": name})
            return _refusal(Unavailable())
        if isinstance(answer, CoroutineType):
            if self._around is not None:
                answer = self._around(name, answer)
            return self._answered(sid, name, body, began, payload, answer)
        self._observe("event", time.perf_counter() - began)
        return answer

    async def _answered(
        self, sid: str, name: str, body: bytes, began: float, payload: Struct, answering: Coroutine[Any, Any, Any]
    ) -> Any:
        turn_id.set(payload.client_id if isinstance(payload, Storing) else sid)
        try:
            return await answering
        except RateLimited as error:
            return _refusal(error)
        except YingdaError as error:
            return await self._refused(sid, body, error)
        except DatabaseUnavailable:
            return _refusal(Unavailable())
        except Exception:  # the edge of the sockets
            log.exception("socket event failed", extra={"event_name": name})
            return _refusal(Unavailable())
        finally:
            self._observe("event", time.perf_counter() - began)

    async def _refused(self, sid: str, body: bytes, error: YingdaError) -> dict[str, Any]:
        """The answer that this client id got before stays the same, whatever stands beside the id now."""
        try:
            return await self.answer_of(sid, _storing.decode(body).client_id) or _refusal(error)
        except (msgspec.DecodeError, RecursionError, YingdaError, DatabaseUnavailable):
            return _refusal(error)

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
            await self._disconnect(sid)

    async def answer_of(self, sid: str, client_id: UUID) -> dict[str, Any] | None:
        """What the client behind this socket was answered to this client id, if anything."""
        raise NotImplementedError

    def require_admitted(self, sid: str, event: str) -> None:
        """Whether the client behind this socket may do that now; raises the error it is refused with."""

    async def entered(self, sid: str, auth: Any) -> None:
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
