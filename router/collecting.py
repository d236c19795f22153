"""When Python looks for garbage: often and little instead of seldom and long; refuses to look twice at what stays.

The collector's own rule counts what is made less what is gone. On a busy desk the new takes the place of the old, the
count stands still, and the young generation grows to hundreds of thousands of objects before it is looked at: 20 ms in
the middle of somebody's turn. Here the young are looked at four times a second, which takes a millisecond, and
what has stayed for a second is put out of the collector's sight, until so much has come together that all of it is
worth a look.
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
    """Looks at the young every ``seconds``; what survives ``settle_every`` looks has settled; the settled are counted
    every ``count_every`` looks, which takes milliseconds itself, and looked at once they are ``grown`` times as many.
    """

    seconds: float = 0.25
    settle_every: int = 4
    count_every: int = 1_200
    grown: float = 1.5
    _looks: int = 0
    _settled: int = 0

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on; what is loaded by now has settled."""
        gc.set_threshold(_FLOOD, _NEVER, _NEVER)
        self._look_at_all()
        loop.call_later(self.seconds, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looks += 1
        if self._looks % self.settle_every:
            gc.collect(0)
        else:
            gc.collect(1)
            gc.freeze()
        if self._looks % self.count_every == 0 and gc.get_freeze_count() > self._settled * self.grown:
            self._look_at_all()
        loop.call_later(self.seconds, self._look, loop)

    def _look_at_all(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._settled = gc.get_freeze_count()
