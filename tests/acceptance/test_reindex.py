"""`python -m scripts.reindex` as editors use it."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
import pytest

from database.ids import uuid7
from tests.acceptance.commands import Done, run, run_afresh

pytestmark = pytest.mark.slow

GOOD = "---\nid: {0}\nquestion: 怎么{0}\nvariants: [如何{0}]\n---\n{1}\n"


class Editor:
    """Somebody with a folder of articles and a database."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.files = folder / "faq"
        self.files.mkdir()
        self._settings = {"YINGDA_DATABASE__URL": dsn, "YINGDA_DATA_DIR": str(folder / "var")}

    def write(self, name: str, text: str) -> Path:
        path = self.files / name
        path.write_text(text, "utf-8")
        return path

    def reindex(self, *arguments: str | Path, **settings: str) -> Done:
        return run("reindex", *arguments, **self._settings, **settings)

    def index(self, *arguments: str) -> Done:
        return run("index", *arguments, **self._settings)


@pytest.fixture
def editor(tmp_path: Path, dsn: str) -> Editor:
    return Editor(tmp_path, dsn)


def test_every_kind_of_entry_is_reported_with_file_and_line(editor: Editor) -> None:
    first = editor.write("a.md", GOOD.format("导出", "点导出。") + GOOD.format("打印", "点打印。"))
    gone = editor.write("b.md", GOOD.format("登录", "点登录。"))
    done = editor.reindex(editor.files)
    assert (done.status, done.complaint) == (0, [])
    assert f"added       {first}:7  打印" in done.out
    assert "3 added, 0 changed" in done.out
    assert "index version 1 is being served" in done.out

    gone.unlink()
    editor.write(
        "a.md", GOOD.format("导出", "先展开。") + GOOD.format("打印", "点打印。") + "---\nid: 坏\n---\n没有问题\n"
    )
    done = editor.reindex(editor.files)
    assert done.status == 1
    assert f"changed     {first}:1  导出" in done.out
    assert f"faulty      {first}:13  坏  `question` is missing" in done.out
    assert "removed     -  登录  no longer in faq/b.md; kept, --prune removes it" in done.out
    assert "0 added, 1 changed, 1 removed, 1 unchanged, 0 conflicting, 1 faulty" in done.out
    assert done.complaint == ["1 faulty entry was left out; correct and run again"]

    told = json.loads(editor.reindex(editor.files, "--prune", "--json").out)
    assert told["counts"]["removed"] == 1
    assert (told["pruned"], told["built"], told["version"]) == (True, True, 3)
    assert [(entry["kind"], entry["line"]) for entry in told["entries"] if entry["id"] == "坏"] == [("faulty", 13)]


def test_a_dry_run_shows_the_difference_and_writes_nothing(editor: Editor, tmp_path: Path) -> None:
    editor.write("a.md", GOOD.format("导出", "第一步\n第二步\n第三步"))
    assert editor.reindex(editor.files).status == 0
    before = sorted(path for path in (tmp_path / "var").rglob("*"))
    editor.write("a.md", GOOD.format("导出", "第一步\n第二步（新）\n第三步"))
    done = editor.reindex(editor.files, "--dry-run")
    assert done.status == 0
    assert "-第二步\n" in done.out
    assert "+第二步（新）\n" in done.out
    assert done.out.endswith("dry run: nothing was written\n")
    assert sorted(path for path in (tmp_path / "var").rglob("*")) == before
    assert "1 changed" in editor.reindex(editor.files, "--dry-run").out


def test_nothing_to_do_is_said(editor: Editor) -> None:
    editor.write("a.md", GOOD.format("导出", "点导出。"))
    editor.reindex(editor.files)
    assert "nothing changed; index version 1 is still being served" in editor.reindex(editor.files).out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["/no/such/folder"], "/no/such/folder: no such file or folder"),
        (["README.md.docx"], "README.md.docx: no such file or folder"),
        (["pyproject.toml"], "pyproject.toml: not an article file (.md, .markdown, .csv, .xlsx, .jsonl)"),
    ],
)
def test_what_cannot_be_read_is_one_line(editor: Editor, arguments: list[str], complaint: str) -> None:
    done = editor.reindex(*arguments)
    assert (done.status, done.out, done.complaint) == (1, "", [complaint])


def test_wrong_usage_and_help(editor: Editor) -> None:
    assert editor.reindex("--no-such-option").status == 2
    assert editor.index("rollback", "latest").status == 2
    assert editor.index().status == 2
    for done in (run_afresh("reindex", "--help"), run_afresh("index", "--help"), editor.index("rollback", "--help")):
        assert done.status == 0
        assert done.out.startswith("usage: python -m scripts.")


@pytest.fixture
def kept(editor: Editor, tmp_path: Path) -> Path:
    """Ten articles that are being served, and questions with known answers about them."""
    things = ["导出", "打印", "登录", "改名", "归档", "邀请", "付款", "发票", "截图", "搜索"]
    editor.write("a.md", "".join(GOOD.format(thing, f"点{thing}。") for thing in things))
    assert editor.reindex(editor.files).status == 0
    rows = [{"text": f"请问怎么{thing}", "faq_id": thing} for thing in things] + [{"text": "红烧肉怎么炖才烂"}]
    path = tmp_path / "kept.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


ALWAYS = {"YINGDA_BOT__ANSWER_AT": "0.01", "YINGDA_BOT__OFFER_AT": "0.01", "YINGDA_BOT__OPTION_AT": "0.01"}


def test_the_gate_lets_a_harmless_change_through(editor: Editor, kept: Path) -> None:
    editor.write("b.md", GOOD.format("标签", "点标签。"))
    done = editor.reindex(editor.files, "--gate", kept)
    assert (done.status, done.complaint) == (0, [])
    assert "gate: 11 kept questions" in done.out
    assert "index version 2 is being served" in done.out
    assert "gate:" not in editor.reindex(editor.files, "--gate", kept).out  # nothing new to be judged


def test_the_gate_refuses_what_answers_worse_and_stores_nothing(editor: Editor, kept: Path) -> None:
    mixed_up = ["打印", "登录", "改名", "归档", "邀请", "付款", "发票", "截图", "搜索", "导出"]
    entries = [
        f"---\nid: {name}\nquestion: 怎么{other}\nvariants: [如何{other}]\n---\n点{other}。\n"
        for name, other in zip(["导出", *mixed_up[:-1]], mixed_up, strict=True)
    ]
    editor.write("a.md", "".join(entries))
    for dry_run in (["--dry-run"], []):
        done = editor.reindex(editor.files, "--gate", kept, *dry_run, **ALWAYS)
        assert done.status == 1
        assert len(done.complaint) == 1
        assert done.complaint[0].startswith("refused, nothing was stored: right answers 10 → 0")
        assert done.out.count("\nworse  ") == 10
        assert "“请问怎么导出”  right" in done.out
    told = json.loads(editor.reindex(editor.files, "--gate", kept, "--json", **ALWAYS).out)
    assert (told["version"], told["built"], told["gate"]["refused"]) == (1, False, True)
    assert told["gate"]["right"]["worse"] == len(told["gate"]["worse"]) == 10
    assert told["gate"]["wrong"]["after"] == told["gate"]["wrong"]["before"] + 10
    assert editor.reindex(editor.files, "--dry-run").out.count("changed  ") == 10
    assert json.loads(editor.index("versions", "--json").out)[0]["version"] == 1


def test_one_lost_answer_is_noise_unless_the_editor_is_strict(editor: Editor, kept: Path) -> None:
    text = (editor.files / "a.md").read_text("utf-8")
    lost = "---\nid: 搜索\nquestion: 完全不同的另一件事\n---\n请联系我们。\n"
    editor.write("a.md", text.replace(GOOD.format("搜索", "点搜索。"), lost))
    strict = editor.reindex(editor.files, "--gate", kept, "--gate-level", "0.5", **ALWAYS)
    assert (strict.status, len(strict.complaint)) == (1, 1)
    assert "“请问怎么搜索”  right" in strict.out
    usual = editor.reindex(editor.files, "--gate", kept, **ALWAYS)
    assert usual.status == 0
    assert "worse       “请问怎么搜索”  right" in usual.out
    assert "index version 2 is being served" in usual.out


def test_articles_removed_on_purpose_are_told_apart(editor: Editor, kept: Path) -> None:
    text = (editor.files / "a.md").read_text("utf-8")
    for thing in ("导出", "打印", "登录", "改名", "归档", "邀请"):
        text = text.replace(GOOD.format(thing, f"点{thing}。"), "")
    editor.write("a.md", text)
    done = editor.reindex(editor.files, "--prune", "--gate", kept)
    assert done.status == 0, done.err
    assert "apart       “请问怎么导出”  导出 is no longer there" in done.out
    assert "not compared: 6 about removed articles" in done.out
    assert "gate: 5 kept questions" in done.out


async def test_what_use_has_confirmed_is_kept_too(editor: Editor, kept: Path, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        said = [
            ("想问问怎么导出", "导出", "editor"),
            ("想问问怎么打印", "打印", "editor"),
            ("想问问怎么登录", "登录", "solved"),
        ]
        said.append(("请问怎么导出？", "导出", "editor"))  # stands in the file, too
        for text, article_id, source in said:
            await connection.execute(
                "insert into learning_pairs (id, source, question, article_id, is_right, weight, actor_kind, at)"
                " values ($1, $2, $3, $4, true, $5, 'agent', now())",
                uuid7(), source, text, article_id, 0.98 if source == "editor" else 0.6,
            )  # fmt: skip
    finally:
        await connection.close()
    editor.write("b.md", GOOD.format("标签", "点标签。"))
    done = editor.reindex(editor.files, "--gate", YINGDA_KNOWLEDGE__KEPT_QUESTIONS=f"[{kept}]")
    assert done.status == 0, done.err
    assert "gate: 13 kept questions" in done.out  # 11 of the file, and two of which an editor is sure


def test_the_gate_without_anything_to_compare_with(editor: Editor, tmp_path: Path) -> None:
    editor.write("a.md", GOOD.format("导出", "点导出。"))
    kept = tmp_path / "kept.jsonl"
    kept.write_text('{"text": "怎么导出", "faq_id": "导出"}\n', "utf-8")
    done = editor.reindex(editor.files, "--gate", kept)
    assert done.status == 0
    assert "gate: no version is being served yet" in done.out
    assert "index version 1 is being served" in done.out


def test_the_gate_says_in_one_line_what_it_cannot_use(editor: Editor, kept: Path, tmp_path: Path) -> None:
    folder = editor.reindex("--gate", editor.files)
    assert (folder.status, len(folder.complaint)) == (1, 1)
    assert "question files" in folder.complaint[0]
    none = editor.reindex(editor.files, "--gate", YINGDA_KNOWLEDGE__KEPT_QUESTIONS="[]")
    assert (none.status, len(none.complaint)) == (1, 1)
    assert "knowledge.kept_questions" in none.complaint[0]
    editor.write("b.md", GOOD.format("标签", "点标签。"))
    strange = tmp_path / "strange.jsonl"
    strange.write_text('{"text": "怎么飞", "faq_id": "飞"}\n', "utf-8")
    nobodys = editor.reindex(editor.files, "--gate", strange)
    assert (nobodys.status, len(nobodys.complaint)) == (1, 1)
    assert editor.reindex(editor.files, "--gate-level", "2").status == 2


def test_a_database_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run(
        "reindex", YINGDA_DATABASE__URL="postgresql://nobody@127.0.0.1:1/none", YINGDA_DATA_DIR=str(tmp_path / "var")
    )
    assert done.status == 1
    assert len(done.complaint) == 1


def test_a_model_that_is_not_there_is_one_line(editor: Editor, tmp_path: Path, dsn: str) -> None:
    editor.write("a.md", GOOD.format("导出", "点导出。"))
    done = run(
        "reindex", editor.files, YINGDA_DATABASE__URL=dsn, YINGDA_DATA_DIR=str(tmp_path / "var"),
        YINGDA_ENCODER__NAME="multilingual-e5-small", YINGDA_ENCODER__CACHE_DIR=str(tmp_path / "cache"),
    )  # fmt: skip
    assert done.status == 1
    assert len(done.complaint) == 1
    assert "models.prepare" in done.complaint[0]
