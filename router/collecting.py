"""When Python looks for garbage: often and little instead of seldom and long; refuses to look at everything while busy.

The collector's own rule counts what is made less what is gone. On a busy desk the new takes the place of the old, the
count stands still, and the young generation grows to hundreds of thousands of objects before it is looked at: 20 ms in
the middle of somebody's turn. Here the young are looked at every second, which takes less than one millisecond, and
what has stayed for long is put out of the collector's sight until it has grown by half.
"""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass

#: The collector's own rule is left for floods only: so many more objects since the last look.
_FLOOD = 50_000
_NEVER = 1_000_000


@dataclass(slots=True)
class Collecting:
    """Looks at the young every second, at what was made since the last minute's end, and now and then at the rest."""

    young_seconds: float = 1.0
    middle_every: int = 30
    old_every: int = 600
    _looks: int = 0
    _settled: int = 0

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on; what is loaded by now stays."""
        gc.set_threshold(_FLOOD, _NEVER, _NEVER)
        self._look_at_all()
        loop.call_later(self.young_seconds, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looks += 1
        if self._looks % self.old_every == 0:
            self._look_at_old()
        elif self._looks % self.middle_every == 0:
            gc.collect(1)
        else:
            gc.collect(0)
        loop.call_later(self.young_seconds, self._look, loop)

    def _look_at_old(self) -> None:
        """What survives joins what has settled; once that has grown by half, all of it is looked at."""
        gc.collect()
        gc.freeze()
        if gc.get_freeze_count() > self._settled * 1.5:
            self._look_at_all()

    def _look_at_all(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._settled = gc.get_freeze_count()
