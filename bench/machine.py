"""What the machine did meanwhile: processor time of a tree of processes, memory, the disk's time to be sure."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def tree(pid: int) -> list[int]:
    """A process and everything it started, the database included."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _stat(int(folder.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, rest = [], [pid]
    while rest:
        one = rest.pop()
        found.append(one)
        rest += children.get(one, [])
    return found


def processor_seconds(pid: int, *, alone: bool = False) -> float:
    """What a process, its living descendants and those it has buried used so far; ``alone``: the process itself."""
    used = 0
    for each in [pid] if alone else tree(pid):
        fields = _stat(each)
        if fields:
            used += sum(int(field) for field in fields[11 : 13 if alone else 15])
    return used / _TICKS


def resident_bytes(pid: int) -> int:
    """The memory of one process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES


def own_bytes(pid: int) -> int:
    """The memory that a process shares with nobody: what would be free again without it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@dataclass(frozen=True, slots=True)
class Cores:
    """Which core serves and which one asks; the same one, unpinned, where there is only one."""

    server: int | None
    generator: int | None

    @classmethod
    def choose(cls) -> Cores:
        allowed = sorted(os.sched_getaffinity(0))
        return cls(allowed[0], allowed[1]) if len(allowed) > 1 else cls(None, None)


def pin(pid: int, core: int | None) -> None:
    """Keeps a process, and whatever it starts from now on, on one core."""
    if core is not None:
        for thread in Path(f"/proc/{pid or os.getpid()}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {core})


def fdatasync_ms(folder: Path, times: int = 200) -> float:
    """The median time after which 8 KiB written to this disk are safe."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(times):
            os.write(file.fileno(), b"x" * 8192)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return median(took) * 1000
