"""The Makefile explains itself, the locks hold what the .in files ask for, and the licence is whole."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.lock import NAMES, wanted

ROOT = Path(__file__).parents[3]


def pins(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def test_every_target_that_people_call_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)) - {"python"}
    explained = set(re.findall(r"^([a-z][a-z-]*):.*## \S", makefile, re.MULTILINE))
    assert targets == explained
    assert {"run", "test", "test-fast", "check", "format", "reindex", "bench", "help"} <= targets


@pytest.mark.parametrize("name", NAMES)
def test_the_locks_hold_what_is_asked_for(name: str) -> None:
    locked = pins(f"{name}.lock")
    for requirement in wanted(ROOT / f"{name}.in"):
        version = locked[requirement.name.lower()]
        assert requirement.specifier.contains(version), f"{requirement} is locked to {version}"
    assert pins("requirements-models.lock")["torch"] == "2.13.0", "another version may pull gigabytes of GPU packages"
    for other in NAMES:
        assert other == name or not locked.keys() & pins(f"{other}.lock").keys()


def test_a_machine_that_only_serves_needs_no_training_packages() -> None:
    assert not pins("requirements.lock").keys() & {"torch", "transformers", "sentence-transformers", "onnx"}


def test_the_preparation_needs_nothing_that_it_has_yet_to_install() -> None:
    tree = ast.parse((ROOT / "scripts" / "prepare.py").read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


def test_make_help_lists_the_targets() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make run" in done.stdout
    assert "http://127.0.0.1:8000" in done.stdout


def test_without_a_python_that_is_new_enough_make_says_so_in_one_line() -> None:
    done = subprocess.run(["make", "run", "PYTHON="], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr


def test_the_licence_is_the_whole_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "Copyright 2026 The Yingda authors" in text
