"""Builds an index version in a process of its own, so that a long build never costs a customer a millisecond."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from kb_index.errors import KnowledgeError
from kb_index.settings import IndexSettings
from models.settings import EncoderSettings

Progress = Callable[[str, int, int], None]


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
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "kb_index.build",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                cwd=Path(__file__).resolve().parent.parent.parent,
            )
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                parameters = {**self._parameters, "paths": [str(path) for path in paths or []], "author": author}
                process.stdin.write(msgspec.json.encode(parameters))
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
