"""Our own Postgres: makes, starts, adopts, watches, restarts and stops one server; never touches a stranger."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import asyncpg

from database.cluster import check_version, make_cluster, start_server
from database.errors import EmbeddedPostgresFailed
from database.place import SHORT_FOLDER, Place, find_place, make_place
from database.postmaster import Postmaster, dsn_of, remove_stale_pid_files, running_postmaster

_LOOK_SECONDS = 0.2
_STATUS_SECONDS = 5.0
#: How long a server that is asked to stop may take before it is asked to stop at once.
_STOP_SECONDS = 8.0
#: A server that neither recovers nor answers for so long is broken.
_ANSWER_SECONDS = 60.0
#: Starts that fail in a row before `start` gives up; processes of a killed server may need a moment to leave.
_TRIES = 20

OnStatus = Callable[[str], None]


class EmbeddedPostgres:
    """The server of one data folder.

    The first process that starts it owns it: it watches and restarts the server, and stops it at the end. A process
    that finds the folder owned is a guest: it uses the server, leaves it running, and becomes the owner when the owner
    goes. A server left behind by a killed owner is adopted as it is.
    """

    def __init__(self, data_dir: Path, *, on_status: OnStatus | None = None) -> None:
        self._data_dir = data_dir
        self._say: OnStatus = on_status or (lambda _: None)
        self._place: Place | None = None
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._postmaster: Postmaster | None = None
        self._watch: asyncio.Task[None] | None = None
        self._socket_folder: Path | None = None

    @property
    def owned(self) -> bool:
        """Whether this process is the one that stops the server."""
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, when it runs."""
        if self._child is not None and self._child.poll() is None:
            return self._child.pid
        return self._postmaster.pid if self._postmaster else None

    async def start(self, *, wait: bool = True) -> str:
        """Makes the cluster if needed, starts or adopts the server and returns its address.

        Waits until the server answers, however long it recovers from a crash; with ``wait=False`` only until it runs.
        Raises `EmbeddedPostgresFailed` when it cannot run.
        """
        try:
            self._place = await asyncio.to_thread(make_place, self._data_dir)
            if not self._take_lock():
                await self._visit()
            if self.owned:
                await self._make_if_needed()
                await self._own()
            self._watch = asyncio.create_task(self._keep_running(), name="embedded-postgres")
            dsn = self._dsn()
            if wait:
                await self._wait_until_it_answers(dsn)
        except BaseException as error:
            await self.stop()
            if isinstance(error, OSError):
                raise EmbeddedPostgresFailed(f"the database cannot be prepared: {error}") from error
            raise
        return dsn

    async def attach(self) -> str | None:
        """The address of the server that runs for this data folder, or None; starts nothing and owns nothing."""
        place = await asyncio.to_thread(find_place, self._data_dir)
        postmaster = running_postmaster(place.data) if place else None
        return postmaster.dsn if postmaster else None

    async def stop(self) -> None:
        """Stops the server if it is ours; a guest only leaves."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None
        if not self.owned:
            return
        for number in (signal.SIGINT, signal.SIGQUIT):  # "fast", then "immediate"; both are safe for the data
            if not self._signal(number):
                break
            until = time.monotonic() + _STOP_SECONDS
            while self._alive() and time.monotonic() < until:  # noqa: ASYNC110 (a process raises no event)
                await asyncio.sleep(0.02)
            if not self._alive():
                break
        self._child = self._postmaster = None
        if self._socket_folder is not None and self._socket_folder.parent == SHORT_FOLDER:
            with suppress(OSError):
                self._socket_folder.rmdir()
        self._socket_folder = None  # made again by the next start, at the same place
        self._release_lock()

    # Owning and visiting --------------------------------------------------------------------------------------------

    async def _make_if_needed(self) -> None:
        if not self._placed.exists:
            self._say("making the database")
            await asyncio.to_thread(make_cluster, self._placed)

    async def _own(self) -> None:
        """Adopts the server that runs on our folder, or starts it. Makes no cluster: one that vanished is an error."""
        place = self._placed
        if await self._find_running():
            self._say("adopting the database server that is already running")
            return
        if (place.data.stat().st_mode & 0o777) != 0o700:
            place.data.chmod(0o700)
        await asyncio.to_thread(check_version, place)
        await self._launch_patiently()

    async def _visit(self) -> None:
        """Waits for the owner's server, or to become the owner because the other one went."""
        self._say("another process runs the database; using it")
        while not (await self._find_running() or self._take_lock()):  # noqa: ASYNC110 (nor does a file lock)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _find_running(self) -> bool:
        """Looks for a server on our folder and waits until it has its socket."""
        while True:
            self._postmaster = running_postmaster(self._placed.data)
            if self._postmaster is None:
                return False
            if self._postmaster.socket_folder:
                self._socket_folder = Path(self._postmaster.socket_folder)
                return True
            await asyncio.sleep(_LOOK_SECONDS)

    async def _launch_patiently(self) -> None:
        for attempt in range(1, _TRIES + 1):
            self._launch()
            while self._alive():
                found = running_postmaster(self._placed.data)
                if found is not None and found.socket_folder and self._child and found.pid == self._child.pid:
                    self._postmaster = found
                    return
                await asyncio.sleep(0.02)
            said = self._last_words()
            if "shared memory" not in said and "lock file" not in said:
                break
            if attempt == 1:
                self._say("waiting for the last processes of the old database server")
            await asyncio.sleep(0.5)
        raise EmbeddedPostgresFailed(f"the database server does not start: {said}")

    def _launch(self) -> None:
        place = self._placed
        self._socket_folder = self._socket_folder or place.socket_folder()
        remove_stale_pid_files(place.data, self._socket_folder)
        self._say("starting the database")
        with (place.configuration / "start.log").open("wb") as log:
            self._child = start_server(place, self._socket_folder, log)

    async def _keep_running(self) -> None:
        """Restarts a server that died; a guest takes over when the owner is gone."""
        pause = _LOOK_SECONDS
        while True:
            await asyncio.sleep(pause)
            pause = _LOOK_SECONDS
            try:
                if not self.owned:
                    if self._take_lock():
                        await self._own()
                elif not self._alive():
                    self._say("the database server stopped; starting it again")
                    self._child = self._postmaster = None
                    await self._own()
            except (EmbeddedPostgresFailed, OSError) as error:
                self._say(str(error))
                pause = _STATUS_SECONDS

    async def _wait_until_it_answers(self, dsn: str) -> None:
        said_at = recovering_since = refused_since = time.monotonic()
        while True:
            try:
                connection = await asyncpg.connect(dsn, timeout=5)
            except asyncpg.CannotConnectNowError:  # it recovers: for as long as it takes
                refused_since = time.monotonic()
                if refused_since - said_at > _STATUS_SECONDS:
                    said_at = refused_since
                    self._say(f"the database recovers after a crash, {said_at - recovering_since:.0f} s so far")
                await asyncio.sleep(0.05)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                stranger = isinstance(error, asyncpg.InvalidAuthorizationSpecificationError)
                if stranger or time.monotonic() - refused_since > _ANSWER_SECONDS:
                    raise EmbeddedPostgresFailed(f"the database server runs but refuses us: {error}") from error
                await asyncio.sleep(0.05)
            else:
                await connection.close()
                return

    # The process ----------------------------------------------------------------------------------------------------

    @property
    def _placed(self) -> Place:
        if self._place is None:
            raise EmbeddedPostgresFailed("the database was not started")
        return self._place

    def _dsn(self) -> str:
        return dsn_of(str(self._socket_folder))

    def _alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return self._postmaster is not None and self._postmaster.alive()

    def _signal(self, number: signal.Signals) -> bool:
        if self._child is not None:
            self._child.send_signal(number)  # does nothing to a process that was reaped
            return self._child.poll() is None
        return self._postmaster is not None and self._postmaster.signal(number)

    def _last_words(self) -> str:
        """What it said before its log began, or in it."""
        said = [*_lines(self._placed.configuration / "start.log")]
        if self._child is not None:
            ours = f"[{self._child.pid}]"
            said += [line for log in sorted(self._placed.logs.glob("*.log")) for line in _lines(log) if ours in line]
        told = [line for line in said if "FATAL" in line or "PANIC" in line or "ERROR" in line] or said[-2:]
        return " / ".join(told[-2:]) or "it said nothing"

    # The lock -------------------------------------------------------------------------------------------------------

    def _take_lock(self) -> bool:
        """Tries to become the owner; the kernel frees the lock when its holder dies."""
        path = self._placed.lock
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        home = self._placed.home.stat()
        if os.geteuid() == 0 and os.fstat(handle).st_uid != home.st_uid:
            os.fchown(handle, home.st_uid, home.st_gid)
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._lock = handle
        return True

    def _release_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines()
