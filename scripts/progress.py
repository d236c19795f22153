"""Progress bars on standard error for whatever a command does one after another; silent for what is done at once."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from tqdm import tqdm

_SHOWN_AFTER_SECONDS = 0.5


class ProgressBars:
    """One bar at a time; a new name closes the one before."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._doing: str | None = None
        self._bar: tqdm[Any] | None = None

    def __call__(self, doing: str, done: int, total: int) -> None:
        """So much of `doing` is done."""
        bar = self._bar
        if doing != self._doing or bar is None:
            self.close()
            bar = tqdm(
                total=total, desc=doing, file=sys.stderr, disable=self._quiet, delay=_SHOWN_AFTER_SECONDS, leave=False
            )
            self._doing, self._bar = doing, bar
        bar.update(done - bar.n)

    def close(self) -> None:
        """Ends the bar that is open."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> ProgressBars:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
