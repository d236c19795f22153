"""Builds an index version in a process of its own, so that a long build never costs a customer a millisecond."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from kb_index.errors import KnowledgeError
from kb_index.settings import IndexSettings
from models.settings import EncoderSettings

Progress = Callable[[str, int, int], None]

#: Of the libraries that reckon: the other cores belong to customers.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Building:
    """Runs `python -m kb_index.build`; one build at a time, a change made meanwhile is in the next one."""

    def __init__(self, dsn: str, data_dir: Path, encoder: EncoderSettings, index: IndexSettings) -> None:
        self._parameters: dict[str, Any] = {
            "dsn": dsn,
            "data_dir": str(data_dir),
            "encoder": msgspec.to_builtins(encoder),
            "index": msgspec.to_builtins(index),
        }
        self._lock = asyncio.Lock()

    async def build(self, *, paths: list[Path] | None = None, author: str, progress: Progress | None = None) -> None:
        """Imports ``paths`` and puts a new version into service; raises `KnowledgeError` with the reason."""
        async with self._lock:
            await self._run({"paths": [str(path) for path in paths or []], "author": author}, progress, {})

    async def tune(self, progress: Progress | None = None) -> None:
        """Tunes layers of the encoder on what is served, where that is due, and puts a version with them into service;
        takes minutes, and a version can be built meanwhile. Raises `KnowledgeError`."""
        await self._run({"tune": True, "author": "tuning"}, progress, _ONE_THREAD)

    async def _run(self, wanted: dict[str, Any], progress: Progress | None, environ: dict[str, str]) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "kb_index.build",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **environ},
            cwd=Path(__file__).resolve().parent.parent.parent,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(msgspec.json.encode({**self._parameters, **wanted}))
            process.stdin.close()
            last: dict[str, Any] = {}
            async for line in process.stdout:
                last = msgspec.json.decode(line)
                if progress is not None and "doing" in last:
                    progress(last["doing"], last["done"], last["total"])
            status = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
        if status != 0:
            raise KnowledgeError(str(last.get("error", "building the index failed")))
