"""Runs every test, three files at a time; the little that failed beside the others once more, alone.

Many tests start real servers, databases and browsers, and three files share two cores: a limit of time may be lost
there that says nothing of the product. A failure is never hidden: it is printed whole where it happened and named again
at the end, whether it passed alone or not. Anything beyond a handful is no accident and is not tried again.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest

_TOGETHER = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
_ACCIDENTS = 3  # failed tests at most


class Failures:
    """Remembers which tests failed, in the order in which they did."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test, its setting up or its taking down has failed."""
        if report.failed:
            self._ids[report.nodeid] = None

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._ids)


def main(arguments: Sequence[str]) -> int:
    """The exit code of pytest; of the second run where there was one."""
    failures = Failures()
    code = pytest.main([*_TOGETHER, *arguments], plugins=[failures])
    if code != pytest.ExitCode.TESTS_FAILED or not 0 < len(failures.ids) <= _ACCIDENTS:
        return int(code)
    print(f"\nOnce more, alone: {len(failures.ids)} that failed beside the others", flush=True)
    alone = subprocess.run([sys.executable, "-m", "pytest", *failures.ids], check=False).returncode
    print("\nFailed beside the others" + (" and passed alone:" if alone == 0 else ":"), *failures.ids, sep="\n  ")
    return alone


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
