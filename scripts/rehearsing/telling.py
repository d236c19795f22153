"""Progress and results as lines of JSON; at most some lines a second, so that nobody drowns in them."""

from __future__ import annotations

import time
from typing import Any, BinaryIO

import msgspec

from scripts.progress import ProgressBars

_EVERY_SECONDS = 0.2


class Told(ProgressBars):
    """Progress for another program instead of a bar."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__(quiet=True)
        self._out = out
        self._said_at = 0.0
        self._said = ""

    def __call__(self, doing: str, done: int, total: int) -> None:
        """So much of `doing` is done."""
        now = time.monotonic()
        if doing != self._said or done == total or now - self._said_at >= _EVERY_SECONDS:
            self._said, self._said_at = doing, now
            self.say({"doing": doing, "done": done, "total": total})

    def say(self, line: dict[str, Any]) -> None:
        """One line, at once."""
        self._out.write(msgspec.json.encode(line) + b"\n")
        self._out.flush()
