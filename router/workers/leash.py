"""What ties a worker to its parent: it says once that it works, and ends when its parent is gone."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from router.workers.worker import Worker


class Leash:
    """Nothing where there is no parent."""

    def __init__(self, worker: Worker, stop: asyncio.Event) -> None:
        """``stop`` is set when the parent is gone. Belongs to the running loop."""
        self._stop = stop
        self._pipe = None if worker.tell is None else socket.socket(fileno=worker.tell)
        if self._pipe is not None:
            self._pipe.setblocking(False)
            asyncio.get_running_loop().add_reader(self._pipe, self._read)

    def say_ready(self) -> bool:
        """Whether there was somebody to tell."""
        if self._pipe is None:
            return False
        with suppress(OSError):
            self._pipe.send(b"!")
        return True

    def close(self) -> None:
        """The pipe stays open until the process has ended: that is how the parent knows."""
        if self._pipe is not None:
            asyncio.get_running_loop().remove_reader(self._pipe)
            self._pipe.detach()
            self._pipe = None

    def _read(self) -> None:
        """A parent says nothing: there is something to read when it is gone."""
        if self._pipe is not None:
            asyncio.get_running_loop().remove_reader(self._pipe)
        self._stop.set()
