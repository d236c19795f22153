"""Runs the commands of the command line as people do: in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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


def run(module: str, *arguments: str | Path, **environment: str) -> Done:
    """`python -m scripts.<module> …`; a traceback fails the test at once."""
    settings = {"YINGDA_ENCODER__NAME": "hashing", **environment}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YINGDA_")}
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.{module}", *map(str, arguments)],
        cwd=ROOT, env=kept | settings, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)
