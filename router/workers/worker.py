"""Which of a machine's processes this one is, as its parent said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Worker:
    """``number`` of ``of`` workers. ``socket``: the listening socket that it inherits; ``tell``: where it says that it
    is ready; both are open files of the process, None where it has no parent."""

    number: int = 0
    of: int = 1
    socket: int | None = None
    tell: int | None = None

    @property
    def has_parent(self) -> bool:
        return self.socket is not None
