"""The real program as a process of its own: started, killed, stopped and started again, with everything it printed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.wires import path_with_redis

ROOT = Path(__file__).resolve().parents[2]
KNOWLEDGE = Path(__file__).with_name("knowledge")
ADMIN_PASSWORD = "a long test password"
READY_SECONDS = 60.0
#: SIGTERM must have ended the program by then.
STOP_SECONDS = 20.0
IDENTITY_SECRET = "a secret of the embedding site, long enough"

_DEFAULTS = {
    "YINGDA_ENCODER__NAME": "hashing",
    "YINGDA_INDEX__TUNES": "false",  # nothing takes the processor in the background
    "YINGDA_KNOWLEDGE__ARTICLES": str(KNOWLEDGE),
    "YINGDA_HOURS__ALWAYS_OPEN": "true",
    "YINGDA_ADMIN_PASSWORD": ADMIN_PASSWORD,
    "YINGDA_SECURITY__IDENTITY_SECRETS": f'{{"k1": "{IDENTITY_SECRET}"}}',
    "YINGDA_SECURITY__SIGN_IN_ATTEMPTS_PER_ADDRESS": "10000",
    "YINGDA_SECURITY__PASSWORD_MEMORY_MIB": "1",
    "YINGDA_SECURITY__PASSWORD_ROUNDS": "1",
    "YINGDA_SERVER__EVENTS_PER_SECOND": "1000",
    "YINGDA_SERVER__EVENTS_BURST": "10000",
    "YINGDA_ROUTING__DISPATCH_TICK_SECONDS": "0.2",
    "YINGDA_LOGGING__FORMAT": "json",
}


class Program:
    """`python -m router` on a port and a data folder that stay the same over restarts."""

    def __init__(self, folder: Path, dsn: str | None = None, **settings: str) -> None:
        """``settings`` are environment variables without their YINGDA_ in front, e.g. ROUTING__ASSIGNMENT="pick"."""
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("YINGDA_")}
        self._environment["PATH"] = path_with_redis(self._environment["PATH"])
        self._environment |= _DEFAULTS
        self._environment |= {"YINGDA_DATA_DIR": str(folder), "YINGDA_SERVER__PORT": str(self.port)}
        if dsn is not None:
            self._environment["YINGDA_DATABASE__URL"] = dsn
        self._environment |= {f"YINGDA_{name}": value for name, value in settings.items()}
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._ready = threading.Event()
        self._printed: list[str] = []

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None, "the program was not started"
        return self._process

    @property
    def printed(self) -> str:
        """Everything it wrote, over all of its lives."""
        return "".join(self._printed)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def workers(self) -> list[int]:
        """The processes that serve, where it has several: children of its child that forks them."""
        return [worker for child in _children(self.process.pid) for worker in _children(child) if _serves(worker)]

    def now(self) -> float:
        """Its time, in seconds since 1970."""
        return time.time()

    @property
    def memory_bytes(self) -> int:
        """What the process keeps in memory (VmRSS)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    @property
    def processor_seconds(self) -> float:
        """What the process has used since its start, whatever else the machine does."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def launch(self) -> None:
        """Starts it and returns at once."""
        assert not self.is_running
        self._ready.clear()
        self._printed.append("--- started\n")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "router"],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self._printed.append(line)
                if line.startswith("ready "):
                    self._ready.set()
        if process is self._process:
            self._ready.set()  # nobody waits for a program that ended

    def start(self) -> None:
        """Starts it and waits for its `ready` line."""
        self.launch()
        self.wait_ready()

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        in_time = self._ready.wait(seconds)
        assert self.is_running, f"the program ended:\n{self.printed[-4000:]}"
        assert in_time, f"not ready after {seconds} s:\n{self.printed[-4000:]}"

    def kill(self) -> None:
        """kill -9: no chance to do anything."""
        self.process.kill()
        self._end()

    def stop(self) -> int:
        """SIGTERM; returns the exit status, and fails where that takes too long."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not end the program in {STOP_SECONDS} s") from None
        return self._end()

    def pause(self) -> None:
        """SIGSTOP: alive, and deaf."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def _end(self) -> int:
        status = self.process.wait()
        if self._reader is not None:
            self._reader.join(5)
        return status

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        """The end of a test; what only a stop can show is asserted by the tests that stop it themselves."""
        if self.is_running:
            self.go_on()
            assert self.stop() == 0, self.printed[-4000:]

    # The same for tests that have sockets open meanwhile

    async def started(self) -> None:
        await asyncio.to_thread(self.start)

    async def killed_and_started(self) -> None:
        await asyncio.to_thread(self.kill)
        await asyncio.to_thread(self.start)

    async def stopped(self) -> int:
        return await asyncio.to_thread(self.stop)


def _serves(pid: int) -> bool:
    try:
        return b"router" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def free_port() -> int:
    """A port below those that the kernel gives to outgoing connections, so that it is still free after a restart."""
    while True:
        port = random.SystemRandom().randrange(20_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
