"""Asks clamd whether a file is harmful before anything else looks at it; holds no file and no verdict.

The protocol is clamd's INSTREAM: the file in pieces, each with its length in front, ended by an empty one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from router.breaker import Breaker, Resting
from router.errors import Invalid, Unavailable
from router.uploads.settings import UploadSettings

log = logging.getLogger(__name__)

#: Returns where a file may be kept; raises `FileInfected`, and `ScannerAway` where nobody could look at it.
Scan = Callable[[Path], Awaitable[None]]

_PIECE_BYTES = 256 * 1024
_REPLY_BYTES = 4096


class FileInfected(Invalid):
    """The virus scanner found something harmful in this file; it was not stored."""


class ScannerAway(Unavailable):
    """Files cannot be checked for viruses right now, so none is taken; try again a little later."""


class Clamd:
    """``address``: ``tcp://host:port`` or ``unix:///path``; ``passes``: whether files get through while it is away."""

    def __init__(self, address: str, *, seconds: float, passes: bool) -> None:
        self._address = urlsplit(address)
        self._seconds = seconds
        self._passes = passes
        self.breaker = Breaker("scanner")

    async def scan(self, path: Path) -> None:
        """Raises `FileInfected`, `ScannerAway`."""
        try:
            with self.breaker.guard(OSError, EOFError, TimeoutError):
                async with asyncio.timeout(self._seconds):
                    verdict = await self._verdict(path)
        except (OSError, EOFError, TimeoutError, Resting) as fault:
            verdict = f"{type(fault).__name__}: {fault}"
        if verdict == "stream: OK":
            return
        if verdict.endswith(" FOUND"):
            found = verdict.removeprefix("stream: ").removesuffix(" FOUND")
            log.warning("the virus scanner refused a file: %s", found)
            raise FileInfected(infected=True)
        log.warning("a file was not scanned for viruses (%s) and %s", verdict, "let in" if self._passes else "refused")
        if not self._passes:
            raise ScannerAway

    async def _verdict(self, path: Path) -> str:
        reader, writer = await self._connect()
        try:
            try:
                await _send(writer, path)
            except ConnectionError:  # it says why, e.g. that the file is longer than it takes, and hangs up
                log.debug("clamd hung up while a file was on its way")
            return (await reader.read(_REPLY_BYTES)).decode("utf-8", "replace").strip("\0\r\n ")
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.scheme == "unix":
            return await asyncio.open_unix_connection(self._address.path)
        return await asyncio.open_connection(self._address.hostname, self._address.port)


def open_scan(settings: UploadSettings) -> Clamd | None:
    """As the settings say; without ``uploads.clamd`` nothing is scanned."""
    if settings.clamd is None:
        return None
    return Clamd(settings.clamd, seconds=settings.clamd_seconds, passes=settings.clamd_away == "pass")


async def unscanned(_: Path) -> None:
    return None


async def _send(writer: asyncio.StreamWriter, path: Path) -> None:
    writer.write(b"zINSTREAM\0")
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            writer.write(len(piece).to_bytes(4) + piece)
            await writer.drain()
    writer.write((0).to_bytes(4))
    await writer.drain()
