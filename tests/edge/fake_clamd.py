"""A virus scanner that speaks clamd's INSTREAM: finds the word of the EICAR test, and may be silent, full or gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class FakeClamd:
    """``most_bytes``: its StreamMaxLength; ``scanned``: the sizes of what it looked at."""

    path: Path
    most_bytes: int = 1024 * 1024
    scanned: list[int] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
            content = b""
            while length := int.from_bytes(await reader.readexactly(4)):
                content += await reader.readexactly(length)
                if len(content) > self.most_bytes:
                    writer.write(b"INSTREAM size limit exceeded. ERROR\0")
                    return
            self.scanned.append(len(content))
            writer.write(b"stream: Eicar-Test-Signature FOUND\0" if VIRUS in content else b"stream: OK\0")
        finally:
            writer.close()


@asynccontextmanager
async def fake_clamd(folder: Path) -> AsyncIterator[FakeClamd]:
    clamd = FakeClamd(folder / "clamd.ctl")
    async with await asyncio.start_unix_server(clamd.serve, clamd.path):
        yield clamd
