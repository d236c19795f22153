"""Article files: what editors write is read as meant, and every fault is told with its file and line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from kb_index.reading.files import NoSuchPath, read_files
from kb_index.reading.records import ReadResult

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def read(folder: Path, name: str, content: str | bytes) -> ReadResult:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_files([path])


def faults(result: ReadResult) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in result.faults]


def test_several_articles_in_one_markdown_file(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        "a.md",
        "\ufeff---\r\nid: first\r\nquestion: 怎么导出？\r\nvariants:\r\n  - 导出成图片\r\n  - 502\r\n"
        "tags: [甘特图, 导出]\r\nstatus: draft\r\n"
        "valid_from: 2026-01-01\r\nvalid_to: 2026-01-31\r\n---\r\n第一步。\r\n\r\n第二步。\r\n"
        "---\r\nquestion: 没有编号\r\n---\r\n正文\r\n",
    )
    assert result.faults == ()
    first, second = (found.article for found in result.articles)
    assert (first.id, first.question, first.variants) == ("first", "怎么导出？", ("导出成图片", "502"))
    assert first.answer == "第一步。\n\n第二步。"
    assert first.tags == ("甘特图", "导出")
    assert first.status == "draft"
    assert first.valid_from == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert first.valid_to == datetime(2026, 1, 31, 16, tzinfo=UTC), "the last day counts whole"
    assert second.id.startswith("q-")
    assert [found.line for found in result.articles] == [1, 15]


def test_rules_and_code_in_a_body_begin_no_article(tmp_path: Path) -> None:
    body = "前\n\n---\n\n后\n\n```yaml\n---\nid: not-an-article\n---\n```\n\n---\ntext: x\n---\n完"
    result = read(tmp_path, "a.md", f"---\nid: one\nquestion: 问\n---\n{body}\n---\nid: two\nquestion: 问二\n---\n答")
    assert result.faults == ()
    assert [found.article.id for found in result.articles] == ["one", "two"]
    assert result.articles[0].article.answer == body


def test_yes_and_numbers_stay_texts(tmp_path: Path) -> None:
    result = read(tmp_path, "a.md", "---\nid: 502\nquestion: yes\nvariants: [null, 1.0, on]\n---\n答")
    assert result.faults == ()
    article = result.articles[0].article
    assert (article.id, article.question, article.variants) == ("502", "yes", ("null", "1.0", "on"))


@pytest.mark.parametrize(
    ("content", "line", "part"),
    [
        ("", 1, "empty"),
        ("just text\n", 1, "must begin"),
        ("---\nid: a\nquestion: 问\n", 1, "not closed"),
        ("---\nid: a\nquestion: 问\n---\n\n", 5, "`answer` is empty"),
        ("---\nid: a\n---\n答\n", 1, "`question` is missing"),
        ("---\nid: a\nquestion: : x: y\n---\n答\n", 3, "not YAML"),
        ("---\nid: a\nid: b\nquestion: 问\n---\n答\n", 3, "stands twice"),
        ("---\nid: a b\nquestion: 问\n---\n答\n", 2, "`id` may not contain"),
        ("---\nid: ../../x\nquestion: 问\n---\n答\n", 2, "`id` may not contain"),
        ("---\nid: a\nquestion: 问\nvalid_from: 31.12.2026\n---\n答\n", 4, "not a date"),
        ("---\nid: a\nquestion: 问\nvalid_from: 0001-01-01T00:00:00+08:00\n---\n答\n", 4, "not a date"),
        ("---\nid: a\nquestion: 问\nvalid_from: 0002-01-01\n---\n答\n", 4, "not in the years"),
        ("---\nid: a\nquestion: 问\nvalid_to: 9999-12-30T00:00:00Z\n---\n答\n", 4, "not in the years"),
        ("---\nid: a\nquestion: 问\nvalid_from: 2026-13-01\n---\n答\n", 4, "not a date"),
        ("---\nid: a\nquestion: 问\nvalid_from: 2026-02-01\nvalid_to: 2026-01-01\n---\n答\n", 5, "not after"),
        ("---\nid: a\nquestion: 问\n\nstatus: live\n---\n答\n", 5, "`status` is 'live'"),
        ("---\nid: a\nquestion: 问\nanswer_at: 90\n---\n答\n", 4, "not a probability"),
        ("---\nid: a\nquestion: 问\nanswer_at: nan\n---\n答\n", 4, "not a probability"),
        ("---\nid: a\nquestion: 问\nlocale: 中文\n---\n答\n", 4, "language tag"),
        ("---\nid: a\nquestion: [问]\n---\n答\n", 3, "`question` must be a text"),
        ("---\nid: a\nquestion: 问\nvariants: {a: b}\n---\n答\n", 4, "must be a list"),
        ("---\nid: a\nquestion: 问\nanswer: x\n---\n答\n", 4, "below the front matter"),
        (f"---\nid: a\nquestion: {'长' * 501}\n---\n答\n", 3, "too long"),
        (f"---\nid: a\nquestion: 问\n---\n{'长' * 20_001}\n", 5, "too long"),
        ("---\nid: a\nquestion: 问\n---\n答\n```\n没有关上\n", 6, "code fence is never closed"),
        ("---\nid: a\nquestion: 问\n---\n一\n二 ![图](images/x.png)\n", 6, "is missing"),
        ("---\nid: a\nquestion: 问\n---\n一\n二 ![图](../../etc/passwd)\n", 6, "outside"),
        ("---\nid: a\nquestion: 问\n---\n![图](/etc/passwd)\n", 5, "outside"),
        ("---\nid: a\nquestion: 问\n---\n![图](a.md)\n", 5, "is not PNG"),
        ("---\nid: a\nquestion: 问问问问问\n---\n".encode() + b"\xff\n", 5, "UTF-8"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(tmp_path: Path, content: str | bytes, line: int, part: str) -> None:
    result = read(tmp_path, "a.md", content)
    assert [(at, part in message) for at, message in faults(result)] == [(line, True)], result.faults


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "---\nid: a\nquestion: 问\nanswer_at: 0.9\n---\n答\n---\nid: b\nquestion: 问二\n---\n答\n"),
        ("a.csv", "id,question,answer,answer_at\na,问,答,90%\nb,问二,答,\n"),
        (
            "a.jsonl",
            '{"id": "a", "question": "问", "answer": "答", "answer_at": 0.9}\n'
            '{"id": "b", "question": "问二", "answer": "答"}\n',
        ),
    ],
)
def test_an_article_can_ask_for_more_certainty_than_the_settings(tmp_path: Path, name: str, content: str) -> None:
    result = read(tmp_path, name, content)
    assert [found.article.answer_at for found in result.articles] == [0.9, None], result.faults


def test_a_faulty_article_hides_no_other(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        "a.md",
        "---\nid: bad\nquestion: : :\n---\n答\n---\nid: good\nquestion: 问\n---\n答\n"
        "---\nid: open\nquestion: 问\n---\nid: after\nquestion: 问三\n---\n答三\n",
    )
    assert [found.article.id for found in result.articles] == ["good", "after"]
    assert [fault.article_id for fault in result.faults] == ["bad", "open"]


def test_pictures_are_named_by_their_content_and_stay_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "faq" / "images").mkdir(parents=True)
    (tmp_path / "faq" / "images" / "图 1.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG)
    (tmp_path / "faq" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "faq" / "sub").mkdir()
    article = "---\nid: {}\nquestion: 问\n---\n![图]({})\n"
    (tmp_path / "faq" / "sub" / "a.md").write_text(article.format("a", "../images/图%201.png"), "utf-8")
    (tmp_path / "faq" / "b.md").write_text(article.format("b", "link.png"), "utf-8")
    (tmp_path / "faq" / "c.md").write_text(article.format("c", "https://example.com/x.png"), "utf-8")
    result = read_files([tmp_path / "faq"])
    by_id = {found.article.id: found.article for found in result.articles}
    assert set(by_id) == {"a", "c"}
    assert by_id["a"].pictures[0].name == "../images/图%201.png"
    assert by_id["a"].pictures[0].path == f"pictures/{by_id['a'].pictures[0].sha256}.png"
    assert by_id["c"].pictures == ()
    assert "outside" in result.faults[0].message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_encodings_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    text = 'q,a,indexes\r\n怎么登录,"点登录，\n再输入密码",怎么登陆|登录不了\r\n'
    result = read(tmp_path, "a.csv", text.encode(encoding))
    assert result.faults == ()
    article = result.articles[0].article
    assert (article.question, article.answer, article.variants) == (
        "怎么登录", "点登录，\n再输入密码", ("怎么登陆", "登录不了"),
    )  # fmt: skip


def test_csv_faults_have_the_line_at_which_the_row_begins(tmp_path: Path) -> None:
    result = read(
        tmp_path, "a.csv", 'id,question,answer\na,问,"一\n二"\nb,,答\n\nc,问,答,多\nd,问,"没有关上\ne,问,答\n'
    )
    assert [found.article.id for found in result.articles] == ["a"]
    assert [line for line, _ in faults(result)] == [4, 6, 7]


def test_a_table_without_the_needed_columns_is_one_fault(tmp_path: Path) -> None:
    assert faults(read(tmp_path, "a.csv", "甲,乙\n1,2\n"))[0][0] == 1
    assert "named twice" in faults(read(tmp_path, "b.csv", "q,question,a\n1,2,3\n"))[0][1]


def test_xlsx_rows_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            [["id", "question", "answer", "tags"], [502, "报错 502", "重试", "错误，网关"], ["x", "", "答"]]
        ):
            sheet.write_row(row, 0, cells)
    result = read_files([path])
    assert (result.articles[0].article.id, result.articles[0].article.tags) == ("502", ("错误", "网关"))
    assert [(fault.file, fault.line) for fault in result.faults] == [(str(path), 3)]


def test_a_file_that_is_no_workbook_is_a_fault(tmp_path: Path) -> None:
    assert "XLSX" in faults(read(tmp_path, "a.xlsx", b"not a workbook"))[0][1]


def test_jsonl_lines_fail_alone(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        "a.jsonl",
        '{"id": "a", "q": "问", "a": "答", "indexes": ["一", "二"], "extra": 1}\nnot json\n[]\n'
        '{"id": "b", "question": "\\ud800", "answer": "答"}\n{"id": "c", "question": "\\u0000", "answer": "答"}\n'
        '{"id": "d", "question": "问", "answer": true}\n{"id": "a", "question": "问", "answer": "又"}\n',
    )
    assert [found.article.id for found in result.articles] == ["a"]
    assert result.articles[0].article.variants == ("一", "二")
    assert [line for line, _ in faults(result)] == [2, 3, 4, 5, 6, 7]


def test_an_id_used_in_two_files_belongs_to_the_first(tmp_path: Path) -> None:
    article = "---\nid: same\nquestion: 问\n---\n答\n"
    (tmp_path / "1.md").write_text(article, "utf-8")
    (tmp_path / "2.md").write_text(article, "utf-8")
    result = read_files([tmp_path])
    assert [found.file for found in result.articles] == [str(tmp_path / "1.md")]
    assert [str(fault) for fault in result.faults] == [
        f"{tmp_path / '2.md'}:1: the id same is taken by {tmp_path / '1.md'}:1"
    ]


def test_hidden_files_and_readmes_in_a_folder_are_no_articles(tmp_path: Path) -> None:
    for name in (".a.md", "~$b.xlsx", "README.md", "notes.txt"):
        (tmp_path / name).write_text("x", "utf-8")
    assert read_files([tmp_path]) == ReadResult((), (), (), (f"{tmp_path.name}/",))


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPath, match="no such file"):
        read_files([tmp_path / "nothing.md"])
    (tmp_path / "a.docx").write_text("x", "utf-8")
    with pytest.raises(NoSuchPath, match="not an article file"):
        read_files([tmp_path / "a.docx"])


def test_aliases_of_aliases_do_not_fill_the_memory(tmp_path: Path) -> None:
    layers = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    result = read(tmp_path, "a.md", f"---\nid: a\nquestion: 问\nl0: &l0 [x]\n{layers}\n---\n答\n")
    assert len(result.faults) == 1
