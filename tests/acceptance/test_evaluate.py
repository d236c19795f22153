"""`python -m scripts.evaluate`: needs no database, runs the server's answering code, writes what it decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.encoder import ModelUnavailable
from models.loading import load_encoder
from models.settings import EncoderSettings
from tests.acceptance.commands import ROOT, run

pytestmark = pytest.mark.slow

FIELDS = {
    "text", "expected", "decision", "reason", "confidence", "candidates", "language", "emotion", "urgency",
    "wants_human", "elapsed_ms",
}  # fmt: skip
THINGS = ["甘特图", "看板", "工时", "通知", "审批", "附件", "权限", "发票", "密码", "日历", "报表", "标签"]
DEEDS = ["导出", "删除", "分享"]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    def lines(name: str, rows: list[dict[str, object]]) -> None:
        (tmp_path / name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")

    pairs = [(thing, deed) for thing in THINGS for deed in DEEDS]
    lines(
        "articles.jsonl",
        [
            {
                "id": f"{thing}-{deed}",
                "question": f"怎么{deed}{thing}",
                "variants": [f"如何把{thing}{deed}"],
                "answer": f"打开{thing}页面，点{deed}。",
            }
            for thing, deed in pairs
        ],
    )
    lines("questions.jsonl", [{"text": f"我想{deed}一下{thing}", "faq_id": f"{thing}-{deed}"} for thing, deed in pairs])
    lines("outside.jsonl", [{"text": text} for text in ("红烧肉怎么炖才烂", "明天会下雨么", "转人工", "你好")])
    return tmp_path


def test_metrics_and_decisions(files: Path) -> None:
    decisions = files / "decisions.jsonl"
    done = run(
        "evaluate", "--articles", files / "articles.jsonl", "--questions", files / "questions.jsonl",
        "--out-of-scope", files / "outside.jsonl", "--decisions", decisions, "--json",
        YINGDA_DATABASE__URL="postgresql://nobody@127.0.0.1:1/none",
    )  # fmt: skip
    assert (done.status, done.complaint) == (0, [])
    measured = json.loads(done.out)
    assert (measured["questions"], measured["out_of_scope"], measured["articles"]) == (36, 4, 36)
    assert measured["recall_at_1"] > 0.9
    assert measured["recall_at_3"] >= measured["recall_at_1"]
    assert measured["auroc"] > 0.9
    assert measured["answered_right"] + measured["answered_wrong"] == measured["answered"]

    lines = [json.loads(line) for line in decisions.read_text("utf-8").splitlines()]
    assert len(lines) == 40
    for line in lines:
        assert set(line) == FIELDS
        assert line["decision"] in {"answer", "clarify", "handoff", "smalltalk"}
        assert 0 <= line["confidence"] <= 1
        assert line["elapsed_ms"] > 0
        assert len(line["candidates"]) == 10
        scores = [candidate["score"] for candidate in line["candidates"]]
        assert scores == sorted(scores, reverse=True)
    assert lines[0]["expected"] == "甘特图-导出"
    assert [line["expected"] for line in lines[36:]] == [None] * 4
    by_text = {line["text"]: line for line in lines}
    assert (by_text["转人工"]["decision"], by_text["转人工"]["wants_human"]) == ("handoff", True)
    assert by_text["你好"]["decision"] == "smalltalk"
    right = sum(line["candidates"][0]["id"] == line["expected"] for line in lines[:36])
    assert measured["recall_at_1"] == pytest.approx(right / 36, abs=1e-4)


def test_the_text_report_names_every_measure(files: Path) -> None:
    done = run("evaluate", "--articles", files / "articles.jsonl", "--questions", files / "questions.jsonl")
    assert done.status == 0
    for name in (
        "recall_at_1",
        "recall_at_3",
        "mrr",
        "right_at_90_precision",
        "calibration_error",
        "questions_per_second",
    ):
        assert f"\n{name} " in f"\n{done.out}"
    assert "auroc" in done.out


@pytest.mark.parametrize(
    ("content", "line"),
    [("not json\n", 1), ('{"text": "a", "faq_id": "x"}\n{"text": "b"}\n', 2), ('{"text": 1}\n', 1), ("[]\n", 1)],
)
def test_a_bad_question_file_is_one_line(files: Path, content: str, line: int) -> None:
    (files / "bad.jsonl").write_text(content, "utf-8")
    done = run("evaluate", "--articles", files / "articles.jsonl", "--questions", files / "bad.jsonl")
    assert (done.status, done.out) == (1, "")
    assert len(done.complaint) == 1
    assert done.complaint[0].startswith(f"{files / 'bad.jsonl'}:{line}: ")


def test_missing_files_and_wrong_usage(files: Path) -> None:
    missing = run("evaluate", "--articles", files / "articles.jsonl", "--questions", files / "none.jsonl")
    assert (missing.status, len(missing.complaint)) == (1, 1)
    assert "none.jsonl" in missing.complaint[0]
    assert run("evaluate", "--articles", files / "none.jsonl", "--questions", files / "questions.jsonl").status == 1
    assert run("evaluate", "--questions", files / "questions.jsonl").status == 2
    assert run("evaluate", "--help").status == 0


def test_the_sample_knowledge_base_with_the_real_encoder(tmp_path: Path) -> None:
    try:
        load_encoder(EncoderSettings())
    except ModelUnavailable:
        pytest.skip("the model is not prepared")
    questions = [
        ("甘特图怎么保存成图片", "gantt-export-image"),
        ("我想把甘特图存成PDF", "gantt-export-pdf"),
        ("how can I save the Gantt chart as an image", "gantt-export-image"),
    ]
    lines = "".join(json.dumps({"text": text, "faq_id": name}, ensure_ascii=False) + "\n" for text, name in questions)
    (tmp_path / "questions.jsonl").write_text(lines, "utf-8")
    decisions = tmp_path / "decisions.jsonl"
    done = run(
        "evaluate", "--articles", ROOT / "faq", "--questions", tmp_path / "questions.jsonl", "--decisions", decisions,
        YINGDA_ENCODER__NAME="multilingual-e5-small",
    )  # fmt: skip
    assert done.status == 0, done.err
    found = [json.loads(line)["candidates"][0]["id"] for line in decisions.read_text("utf-8").splitlines()]
    assert [name.removesuffix(".en") for name in found] == [name for _, name in questions]
