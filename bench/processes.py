"""The measured programs: each a process on the server's core, started, asked how much it used, stopped."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.machine import pin, processor_seconds, resident_bytes, tree

_START_SECONDS = 300
#: `make` brings a Node into the virtual environment where the machine has none.
_PATH_WITH_NODE = f"{os.environ.get('PATH', '')}{os.pathsep}{Path(sys.prefix) / 'node' / 'bin'}"
#: Limits that only protect against strangers, and everything that would end a conversation with the bot.
_FOR_LOAD = {
    "YINGDA_SERVER__EVENTS_PER_SECOND": "1000000",
    "YINGDA_SERVER__EVENTS_BURST": "1000000",
    "YINGDA_BOT__MISSES_BEFORE_HANDOFF": "1000000",
    "YINGDA_BOT__HANDOFF_WHEN_ANGRY": "false",
    "YINGDA_BOT__HANDOFF_WHEN_URGENT": "false",
    "YINGDA_HOURS__WEEKLY": str({day: [] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}),
    "YINGDA_INDEX__TUNES": "false",  # nothing in the background takes the cores that are measured
    "YINGDA_LOGGING__LEVEL": "warning",
    "YINGDA_LOGGING__FORMAT": "text",
}


class ProgramFailed(Exception):
    """A measured program did not start or went away."""


class Program:
    """One process, pinned before it runs its first line, so that what it starts stays on the same core."""

    def __init__(self, process: Process, port: int) -> None:
        self._process = process
        self.port = port

    @classmethod
    async def start(
        cls,
        module: str,
        *arguments: str,
        core: int | None,
        environ: Mapping[str, str] | None = None,
        port: int = 0,
        first: object = None,
    ) -> Program:
        """Runs a module of Python, which is told ``first``, until it prints `ready`."""
        command = [sys.executable, "-m", module, *arguments]
        return await cls.start_command(command, core=core, environ=environ, port=port, first=first)

    @classmethod
    async def start_command(
        cls,
        command: list[str],
        *,
        core: int | None,
        environ: Mapping[str, str] | None = None,
        port: int = 0,
        first: object = None,
    ) -> Program:
        """Runs any program, likewise."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            env={**os.environ, **(environ or {})},
            preexec_fn=(lambda: os.sched_setaffinity(0, {core})) if core is not None else None,
        )
        program = cls(process, port)
        try:
            async with asyncio.timeout(_START_SECONDS):
                if first is not None:
                    await program.tell(first)
                while not (await program._line()).startswith("ready"):
                    pass
        except BaseException:
            await program.stop()
            raise
        return program

    async def _line(self) -> str:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise ProgramFailed("a measured program ended; what it said stands above")
        return line.decode()

    async def encode(self, questions: list[str]) -> float:
        """Has `bench.bare_encoder` encode the questions; the seconds it took."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(questions).encode() + b"\n")
        await self._process.stdin.drain()
        return float(await self._line())

    async def request(self, what: object) -> Any:
        """One line of JSON to the program, one line of JSON back."""
        await self.tell(what)
        return json.loads(await self._line())

    async def tell(self, what: object) -> None:
        """One line of JSON to the program."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        await self._process.stdin.drain()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def processor_seconds(self) -> float:
        return processor_seconds(self._process.pid)

    @property
    def own_processor_seconds(self) -> float:
        """Without what it started."""
        return processor_seconds(self._process.pid, alone=True)

    @property
    def resident_bytes(self) -> int:
        return resident_bytes(self._process.pid)

    @property
    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self._process.pid}/task"))

    def move_database(self, core: int | None) -> None:
        """Takes the processes this one started, which is the database, to another core."""
        for pid in tree(self._process.pid)[1:]:
            pin(pid, core)

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(25):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


class Folder:
    """A data folder of the bench's own beside the real one, hence on the same disk; removed with its cluster."""

    def __init__(self, beside: Path) -> None:
        beside.mkdir(parents=True, exist_ok=True)
        self.path = Path(tempfile.mkdtemp(prefix="bench-", dir=beside))

    @property
    def cluster(self) -> Path:
        """Where the database keeps its files: for root outside the data folder."""
        note = self.path / "postgres" / "kept-in"
        return Path(note.read_text(encoding="utf-8").strip()) if note.exists() else self.path

    def remove(self) -> None:
        if self.cluster != self.path:
            shutil.rmtree(self.cluster, ignore_errors=True)
        shutil.rmtree(self.path, ignore_errors=True)


async def start_desk(folder: Path, core: int | None, environ: Mapping[str, str] | None = None) -> Program:
    """The whole server with its own database, as operators run it; ``environ`` goes over the usual settings."""
    port = free_port()
    settings = {**_FOR_LOAD, "YINGDA_DATA_DIR": str(folder), "YINGDA_SERVER__PORT": str(port), **(environ or {})}
    return await Program.start("router", core=core, environ=settings, port=port)


async def start_stock(core: int | None) -> Program:
    """The bare python-socketio server."""
    port = free_port()
    return await Program.start("bench.stock_echo", str(port), core=core, port=port)


async def start_ours(core: int | None) -> Program:
    """Our sockets alone."""
    port = free_port()
    return await Program.start("bench.our_echo", str(port), core=core, port=port)


async def start_node(core: int | None) -> Program:
    """Node's Socket.IO; raises ProgramFailed where its package was not installed."""
    node, folder = shutil.which("node", path=_PATH_WITH_NODE), Path(__file__).with_name("node")
    if node is None or not (folder / "node_modules").is_dir():
        raise ProgramFailed("Node's Socket.IO is missing: run `make bench`, which installs it")
    port = free_port()
    return await Program.start_command([node, str(folder / "echo.js"), str(port)], core=core, port=port)


async def start_finder(name: str, articles: object, core: int | None) -> Program:
    """One of the ways to find an article, see `bench.finders`, on one thread."""
    environ = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    environ |= {"HAYSTACK_TELEMETRY_ENABLED": "False", "HF_HUB_OFFLINE": "1", "YINGDA_ENCODER__THREADS": "1"}
    environ["TQDM_DISABLE"] = "1"  # their bars would cross ours
    return await Program.start("bench.finders", name, core=core, environ=environ, first={"articles": articles})


async def start_encoder(core: int | None) -> Program:
    """The bare encoder."""
    return await Program.start("bench.bare_encoder", core=core)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
