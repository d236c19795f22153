"""Which of a machine's processes this one is, as its parent said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import msgspec

_VARIABLE = "YINGDA_WORKER"


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


def worker_of(environ: Mapping[str, str]) -> Worker:
    """What the parent put into the environment; a process without one is the only one."""
    said = environ.get(_VARIABLE)
    return Worker() if said is None else msgspec.json.decode(said, type=Worker)


def environment_of(worker: Worker) -> dict[str, str]:
    return {_VARIABLE: msgspec.json.encode(asdict(worker)).decode()}
