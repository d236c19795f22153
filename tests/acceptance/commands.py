"""Runs the commands of the command line as people do: in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> list[str]:
        """Standard error without progress bars."""
        return [line for part in self.err.split("\n") if (line := part.split("\r")[-1].strip())]


class Readied:
    """A process that forks for each command; see `tests.acceptance.readied`. It ends with the one that made it."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.readied"],
            cwd=ROOT, env=_environment({}), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def run(self, module: str, arguments: list[str], environment: dict[str, str]) -> Done:
        with tempfile.TemporaryDirectory() as folder, self._one_at_a_time:
            out, err = Path(folder) / "out", Path(folder) / "err"
            wish = {"module": module, "arguments": arguments, "environment": environment, "folder": str(ROOT)}
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(wish | {"out": str(out), "err": str(err)}) + "\n")
            self._process.stdin.flush()
            status = int(self._process.stdout.readline())
            return Done(status, out.read_text("utf-8"), err.read_text("utf-8"))


@cache
def _readied() -> Readied:
    return Readied()


def run(module: str, *arguments: str | Path, **environment: str) -> Done:
    """`python -m scripts.<module> …`; a traceback fails the test at once."""
    done = _readied().run(f"scripts.{module}", [*map(str, arguments)], _environment(environment))
    assert "Traceback" not in done.err, done.err
    return done


def run_afresh(module: str, *arguments: str | Path, **environment: str) -> Done:
    """The same by a new Python, which takes seconds."""
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.{module}", *map(str, arguments)],
        cwd=ROOT, env=_environment(environment), capture_output=True, text=True, encoding="utf-8", timeout=300,
        check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def _environment(settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YINGDA_")}
    return {**kept, "YINGDA_ENCODER__NAME": "hashing", **settings}
