"""What a soak run measures, and the verdict over it: pure, so that a test can show that it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

#: After the warm-up: no more memory than so much above the beginning, …
MEMORY_SHARE = 1.05
#: … no more descriptors and tasks beyond the sockets that are open than so many, …
_DESCRIPTORS = 15
_TASKS = 30
#: … and of a table that should not grow no more rows than so many, and so large a share.
_ROWS, _ROWS_SHARE = 100, 1.10

#: Tables that hold history: they grow with what people do, and retention empties them.
HISTORY = frozenset(
    {
        "audit", "clocks", "conversations", "counted_conversations", "customers", "deliveries", "events",
        "l1_verdicts", "learning_pairs", "learning_tasks", "lessons", "notes", "notices", "pages_seen", "ratings",
        "searchable_conversations", "sends", "solved_cases", "surveys", "visitors",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the server, over all of its processes."""

    at_seconds: float
    resident_bytes: float
    descriptors: float
    sockets: float
    tasks: float
    threads: float


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute: its samples, its turns, the database at its end."""

    number: int
    samples: tuple[Sample, ...]
    latencies: tuple[float, ...]
    failures: tuple[str, ...]
    processor_share: float
    database_bytes: int
    rows: Mapping[str, int]

    @property
    def resident_bytes(self) -> float:
        return median(sample.resident_bytes for sample in self.samples)

    def latency_ms(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


@dataclass(frozen=True, slots=True)
class Judged:
    """One promise: what it was after the warm-up, what it was in the end."""

    what: str
    early: float
    late: float
    holds: bool


def judge(minutes: Sequence[Minute], warm_up: int, turns_per_second: float) -> list[Judged]:
    """Compares the first fifth after the warm-up with the last one; raises ValueError where there is too little."""
    settled = [minute for minute in minutes if minute.number > warm_up]
    if len(settled) < 4:
        raise ValueError("a soak run needs at least four minutes after its warm-up")
    some = max(2, len(settled) // 5)
    early, late = settled[:some], settled[-some:]
    memory = median(m.resident_bytes for m in early), median(m.resident_bytes for m in late)
    beyond = _of(early, lambda s: s.descriptors - s.sockets), _of(late, lambda s: s.descriptors - s.sockets)
    tasks = _of(early, lambda s: s.tasks), _of(late, lambda s: s.tasks)
    threads = _of(early, lambda s: s.threads), _of(late, lambda s: s.threads)
    turns = sum(len(minute.latencies) for minute in settled) / (60 * len(settled))
    failures = float(sum(len(minute.failures) for minute in minutes))
    verdict = [
        Judged("memory, MB", memory[0] / 1e6, memory[1] / 1e6, memory[1] <= memory[0] * MEMORY_SHARE),
        Judged("descriptors beyond the sockets", *beyond, beyond[1] <= beyond[0] + _DESCRIPTORS),
        Judged("tasks", *tasks, tasks[1] <= tasks[0] + _TASKS),
        Judged("threads", *threads, threads[1] <= threads[0] + 2),
        Judged("turns a second", turns_per_second, turns, turns >= 0.98 * turns_per_second),
        Judged("turns that failed", 0, failures, failures == 0),
    ]
    before, after = early[0].rows, late[-1].rows
    for table in sorted(after):
        held, holds = before.get(table, 0), after[table]
        if table not in HISTORY and holds > held:
            verdict.append(Judged(f"rows of {table}", held, holds, holds <= max(held + _ROWS, held * _ROWS_SHARE)))
    return verdict


def _of(minutes: Sequence[Minute], value: Callable[[Sample], float]) -> float:
    return median(value(sample) for minute in minutes for sample in minute.samples)
