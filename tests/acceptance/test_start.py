"""A start that cannot succeed says why in one line, exits 1 and leaves nothing running."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent.parent


def _start(data_dir: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "YINGDA_DATA_DIR": str(data_dir), "YINGDA_SERVER__PORT": "0", **settings}
    return subprocess.run(
        [sys.executable, "-m", "router"],
        cwd=_ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_model_that_cannot_be_had_is_named_with_what_to_do(tmp_path: Path) -> None:
    done = _start(tmp_path / "var", YINGDA_ENCODER__NAME="/nonexistent/model")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "/nonexistent/model" in done.stderr
    assert "models.prepare" in done.stderr
    assert not (tmp_path / "var" / "postgres").exists()


def test_a_wrong_setting_is_named_with_its_place(tmp_path: Path) -> None:
    done = _start(tmp_path / "var", YINGDA_ROUTING__ASSIGNMENT="random")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "assignment" in done.stderr.lower()
    assert "random" in done.stderr
