"""The sockets that workers listen on: one each on the same address, opened by the parent and kept over their lives.

The kernel spreads connections over them, and what has come to one waits there while its worker is replaced.
"""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

_BACKLOG = 1024
_PATIENCE_SECONDS = 20.0
_LOOK_SECONDS = 0.1


class Sockets:
    """All on one host and port; port 0 becomes one that is free."""

    def __init__(self, host: str, port: int) -> None:
        """Raises OSError where the address cannot be had."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        self._family: int = found[0][0]
        self._address: tuple[Any, ...] = found[0][4]

    @property
    def port(self) -> int:
        return int(self._address[1])

    def open(self) -> socket.socket:
        """One more."""
        made = socket.socket(self._family, socket.SOCK_STREAM)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if self._family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            made.bind(self._address)
            made.listen(_BACKLOG)
            made.setblocking(False)
        except OSError:
            made.close()
            raise
        self._address = (self._address[0], made.getsockname()[1], *self._address[2:])
        return made

    async def wait_until_free(self) -> None:
        """Another desk on this port would get half of our connections; workers of a parent that was killed leave soon.

        Raises OSError where the port does not become free.
        """
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with socket.socket(self._family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(self._address)  # only a socket that shares with nobody can tell
                    return
                except OSError:
                    if time.monotonic() > until:
                        raise
            await asyncio.sleep(_LOOK_SECONDS)
