"""The numbers of all workers of a machine on one page: each hands its own over on a local socket to whoever is asked.

A worker that does not answer within a second is left out; `yingda_workers` says how many did.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from router.workers.worker import Worker

_SECONDS = 1.0
_LONGEST_PATH = 107


class Gathering:
    """With one worker the page is its own."""

    def __init__(self, registry: CollectorRegistry, worker: Worker, folder: Path) -> None:
        """``folder``: where the workers' sockets are, mode 0700."""
        self._registry = registry
        self._worker = worker
        self._folder = folder
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Hands the numbers over to the others from now on; takes the place of the process it replaces."""
        if self._worker.of > 1:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._path(self._worker.number)
            path.unlink(missing_ok=True)
            self._server = await asyncio.start_unix_server(self._hand_over, path)

    async def close(self) -> None:
        """The socket's file stays: it may be the successor's by now."""
        if self._server is not None:
            self._server.close()

    async def page(self) -> bytes:
        """Prometheus text; with several workers each number has the label ``worker``."""
        own = generate_latest(self._registry)
        if self._worker.of == 1:
            return own + _answering(1)
        others = [number for number in range(self._worker.of) if number != self._worker.number]
        found = await asyncio.gather(*(self._ask(number) for number in others))
        pages = {number: page for number, page in zip(others, found, strict=True) if page} | {self._worker.number: own}
        return merged(pages) + _answering(len(pages))

    async def _hand_over(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            writer.write(generate_latest(self._registry))
            await writer.drain()
        writer.close()

    async def _ask(self, number: int) -> bytes:
        try:
            async with asyncio.timeout(_SECONDS):
                reader, writer = await asyncio.open_unix_connection(self._path(number))
                try:
                    return await reader.read(-1)
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return b""

    def _path(self, number: int) -> Path:
        path = self._folder / f"metrics-{number}.sock"
        if len(os.fsencode(path)) <= _LONGEST_PATH:
            return path
        digest = hashlib.sha256(os.fsencode(self._folder)).hexdigest()[:12]
        return Path(f"/tmp/yingda-{os.geteuid()}-{digest}-{number}.sock")  # noqa: S108 (numbers only, for our account)


def merged(pages: dict[int, bytes]) -> bytes:
    """Every family once, with the samples of all workers."""
    families: dict[str, tuple[list[str], list[str]]] = {}
    for number, page in sorted(pages.items()):
        _add(families, str(number), page.decode().splitlines())
    return "".join("\n".join((*heads, *samples, "")) for heads, samples in families.values()).encode()


def _add(families: dict[str, tuple[list[str], list[str]]], worker: str, lines: Iterable[str]) -> None:
    heads: list[str] = []
    samples: list[str] = []
    for line in lines:
        if line.startswith("#"):
            name = line.split(" ", 3)[2]
            is_known = name in families
            heads, samples = families.setdefault(name, ([], []))
            if not is_known or (len(heads) < 2 and line not in heads):
                heads.append(line)
        elif line:
            samples.append(_labelled(line, worker))


def _labelled(sample: str, worker: str) -> str:
    name, brace, rest = sample.partition("{")
    if brace:
        return f'{name}{{worker="{worker}",{rest}'
    name, _, value = sample.partition(" ")
    return f'{name}{{worker="{worker}"}} {value}'


def _answering(workers: int) -> bytes:
    text = "# HELP yingda_workers Workers whose numbers these are\n# TYPE yingda_workers gauge\nyingda_workers "
    return f"{text}{workers}\n".encode()
