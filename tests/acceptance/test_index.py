"""`python -m scripts.index`: versions are listed and put back, the articles with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.test_reindex import GOOD, Editor

pytestmark = pytest.mark.slow


@pytest.fixture
def editor(tmp_path: Path, dsn: str) -> Editor:
    return Editor(tmp_path, dsn)


def test_versions_and_rollback(editor: Editor) -> None:
    assert "no index version yet" in editor.index("versions").out
    done = editor.index("rollback")
    assert (done.status, done.complaint) == (1, ["no index version is being served yet"])

    for answer in ("第一版。", "第二版。", "第三版。"):
        editor.write("a.md", GOOD.format("导出", answer))
        assert editor.reindex(editor.files).status == 0
    assert serving(editor) == {3: True, 2: False, 1: False}

    done = editor.index("rollback")
    assert (done.status, done.complaint) == (0, [])
    assert "index version 2 is being served" in done.out
    assert editor.index("rollback", "1").status == 0
    assert serving(editor) == {3: False, 2: False, 1: True}

    listed = editor.index("versions").out.splitlines()
    assert len(listed) == 3
    assert listed[2].split()[0] == "1"
    assert listed[2].endswith("serving")
    assert editor.index("rollback").complaint == ["there is no index version before 1"]
    assert editor.index("rollback", "77").complaint == ["there is no index version 77"]

    shown = editor.reindex(editor.files, "--dry-run").out
    assert "-第一版。\n" in shown
    assert "+第三版。\n" in shown


def serving(editor: Editor) -> dict[int, bool]:
    return {one["version"]: one["serving"] for one in json.loads(editor.index("versions", "--json").out)}
