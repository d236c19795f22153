"""The servers that an address names, and the one that takes writes: a primary and its replica may change places.

Never stays with a server that only reads, and never waits for one that says nothing while another could answer.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

if TYPE_CHECKING:
    from database.pool import PlainConnection

#: A server that has not answered by then is tried beside the next one.
_HEAD_START_SECONDS = 0.5

Host = tuple[str, int | None]


class Servers:
    """Where connections come from; the server that took the last one is asked first the next time."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._hosts = hosts_of(dsn)
        self._made = weakref.WeakKeyDictionary[Any, Host]()

    @property
    def are_several(self) -> bool:
        return len(self._hosts) > 1

    async def connect(self, dsn: str | None = None, *, timeout: float, **options: Any) -> PlainConnection:
        """A connection that may write, within ``timeout`` seconds over all servers; the signature is that of asyncpg.

        What led to a server that has given way to another one ends at once: it could only fail, or wait for long.
        Raises what asyncpg raises; `TargetServerAttributeNotMatched` where every server only reads.
        """
        options |= {"timeout": timeout, "target_session_attrs": "read-write"}
        if not self.are_several:
            return await asyncpg.connect(dsn or self._dsn, **options)
        async with asyncio.timeout(timeout):
            host, connection = await self._first_of(dsn or self._dsn, options)
        self._made[connection] = host
        if host != self._hosts[0]:
            self._hosts = (host, *(each for each in self._hosts if each != host))
            for other, there in list(self._made.items()):
                if there != host:
                    other.terminate()
        return connection

    async def _first_of(self, dsn: str, options: dict[str, Any]) -> tuple[Host, PlainConnection]:
        trying: dict[asyncio.Task[PlainConnection], Host] = {}
        waiting = list(self._hosts)
        fault: BaseException | None = None
        try:
            while trying or waiting:
                if waiting:
                    host = waiting.pop(0)
                    tried = asyncpg.connect(dsn, host=host[0], port=host[1] or 5432, **options)
                    trying[asyncio.create_task(tried)] = host
                patience = _HEAD_START_SECONDS if waiting else None
                done, _ = await asyncio.wait(trying, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                for task in sorted(done, key=lambda each: each.exception() is not None):
                    if task.exception() is None:
                        return trying.pop(task), task.result()
                    fault = task.exception()
                    del trying[task]
            assert fault is not None
            raise fault
        finally:
            await _end(trying)


async def _end(trying: dict[asyncio.Task[PlainConnection], Host]) -> None:
    """Of those that lost the race, none stays."""
    for task in trying:
        task.cancel()
    for lost in await asyncio.gather(*trying, return_exceptions=True):
        if not isinstance(lost, BaseException):
            lost.terminate()


async def connect(dsn: str, *, timeout: float, **options: Any) -> PlainConnection:
    """One connection that may write, to whichever of the servers takes it; see `Servers.connect`."""
    return await Servers(dsn).connect(timeout=timeout, **options)


def hosts_of(dsn: str) -> tuple[Host, ...]:
    """The hosts of a PostgreSQL URL in their order, each with its port where one is named; a path is a Unix socket's.

    They stand before the database (``h1:5432,h2``) or in ``host=h1,h2&port=…``. Raises ValueError.
    """
    parts = urlsplit(dsn)
    named = parts.netloc.rpartition("@")[2]
    if named:
        return tuple(_host(each) for each in named.split(","))
    query = parse_qs(parts.query)
    hosts = [host for host in query.get("host", [""])[-1].split(",") if host]
    ports = [int(port) for port in query.get("port", [""])[-1].split(",") if port]
    if len(ports) == 1:
        ports *= len(hosts)
    if ports and len(ports) != len(hosts):
        raise ValueError("as many ports as hosts are needed, or one for all")
    given: Sequence[int | None] = ports or [None] * len(hosts)
    return tuple(zip(hosts, given, strict=True))


def _host(named: str) -> Host:
    host, colon, port = named.rpartition(":")
    if not colon or named.endswith("]"):
        host, port = named, ""
    return unquote(host.strip("[]")), int(port) if port else None
