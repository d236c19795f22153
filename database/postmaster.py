"""Knows a running Postgres by its pid file; takes no process for ours that is not this very folder's server."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROLE = "yingda"
DATABASE = "yingda"
_PORT = 5432


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The main process of a running server."""

    pid: int
    data: Path
    #: Empty in the first moment of a start, before the server has its socket.
    socket_folder: str

    @property
    def dsn(self) -> str:
        return dsn_of(self.socket_folder)

    def alive(self) -> bool:
        """Whether this very process still runs; a process that got its number later does not count."""
        return _is_postmaster(self.pid, self.data)

    def signal(self, number: signal.Signals) -> bool:
        """Sends a signal to this postmaster and to no other process; False when it is gone."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return False
        except OSError:  # a kernel without pidfd: a small race remains
            handle = -1
        try:
            if not self.alive():
                return False
            if handle >= 0:
                signal.pidfd_send_signal(handle, number)
            else:
                os.kill(self.pid, number)
            return True
        except ProcessLookupError:
            return False
        finally:
            if handle >= 0:
                os.close(handle)


def dsn_of(socket_folder: str) -> str:
    """The address of the server whose socket lies in a folder."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(socket_folder)}&port={_PORT}"


def running_postmaster(data: Path) -> Postmaster | None:
    """The server that runs on a cluster's folder, whoever started it; None when its pid file is missing or stale."""
    lines = _lines(data / "postmaster.pid")
    if not lines or not lines[0].isdigit():
        return None
    postmaster = Postmaster(int(lines[0]), data, lines[4].strip() if len(lines) > 4 else "")
    return postmaster if postmaster.alive() else None


def remove_stale_pid_files(data: Path, socket_folder: Path) -> None:
    """Removes pid files left by a server that is gone, so that a stranger with the same number cannot hinder a start.

    Only for the holder of the cluster's lock. Postgres itself still refuses while processes of the old server hold
    the shared memory of this folder.
    """
    if running_postmaster(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)
        lock = socket_folder / f".s.PGSQL.{_PORT}.lock"
        lines = _lines(lock)
        if not (lines and lines[0].isdigit() and _is_postmaster(int(lines[0]), data)):
            lock.unlink(missing_ok=True)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return []


def _is_postmaster(pid: int, data: Path) -> bool:
    """A postmaster works in its data folder, and unlike its children keeps its command line with ``-D <data>``."""
    process = Path("/proc") / str(pid)
    try:
        if not os.path.samefile(process / "cwd", data):
            return False
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:  # gone, a zombie, or another user's
        return False
    return os.path.basename(words[0]) == b"postgres" and b"-D" in words
