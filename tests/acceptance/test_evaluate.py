"""`python -m scripts.evaluate`: needs no database, runs the server's answering code, writes what it decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.encoder import ModelUnavailable
from models.loading import load_encoder
from models.settings import EncoderSettings
from tests.acceptance.commands import ROOT, run, run_afresh

pytestmark = pytest.mark.slow

FIELDS = {
    "text", "expected", "decision", "reason", "confidence", "candidates", "language", "emotion", "urgency",
    "topic", "wants_human", "elapsed_ms",
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


def test_several_files_and_what_their_lines_say_of_style_and_language(files: Path) -> None:
    (files / "more.jsonl").write_text(
        '{"text": "怎么删除审批", "faq_id": "审批-删除", "style": "plain", "language": "zh-CN"}\n'
        '{"text": "how do i delete 审批", "faq_id": "审批-删除", "style": "mixed", "language": "en"}\n',
        "utf-8",
    )
    done = run(
        "evaluate", "--articles", files / "articles.jsonl", "--json",
        "--questions", files / "questions.jsonl", files / "more.jsonl",
        "--out-of-scope", files / "outside.jsonl", files / "outside.jsonl",
    )  # fmt: skip
    assert done.status == 0, done.err
    measured = json.loads(done.out)
    assert (measured["questions"], measured["out_of_scope"]) == (38, 8)
    assert {name: group["questions"] for name, group in measured["by_style"].items()} == {"mixed": 1, "plain": 1}
    assert measured["by_language"]["zh-CN"]["recall_at_1"] == 1
    low, high = measured["calibration_error_interval"]
    assert 0 <= low <= measured["calibration_error"] <= high + 0.1
    offers = measured["offered"]
    assert measured["offered_right_share"] == (
        pytest.approx(measured["offered_with_the_right_one"] / offers, abs=1e-4) if offers else None
    )


def test_a_translation_is_the_right_answer_too(files: Path) -> None:
    (files / "two.jsonl").write_text(
        '{"id": "export", "question": "怎么导出", "answer": "点导出。", "locale": "zh-CN"}\n'
        '{"id": "export.en", "question": "how do I export", "answer": "Press export.", "locale": "en"}\n'
        '{"id": "login", "question": "怎么登录", "answer": "点登录。", "locale": "zh-CN"}\n',
        "utf-8",
    )
    (files / "asked.jsonl").write_text('{"text": "how do I export", "faq_id": "export"}\n', "utf-8")
    done = run("evaluate", "--articles", files / "two.jsonl", "--questions", files / "asked.jsonl", "--json")
    assert json.loads(done.out)["recall_at_1"] == 1


def test_messages_are_measured_without_articles_or_questions(files: Path) -> None:
    rows: list[dict[str, object]] = [
        {"text": "转人工", "emotion": "neutral", "wants_human": True},
        {"text": "我要投诉！你们这破软件，气死我了", "emotion": "angry", "urgency": "normal", "wants_human": False},
        {"text": "人工工时怎么统计", "emotion": "neutral", "topic": "使用问题/工时", "wants_human": False},
        {"text": "你好", "topic": None},
    ]
    (files / "messages.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    decisions = files / "read.jsonl"
    done = run("evaluate", "--messages", files / "messages.jsonl", "--decisions", decisions, "--json")
    assert done.status == 0, done.err
    measured = json.loads(done.out)
    assert "recall_at_1" not in measured
    assert (measured["messages"], measured["emotion_messages"], measured["urgency_messages"]) == (4, 3, 1)
    assert (measured["wish_messages"], measured["wish_there"], measured["topic_messages"]) == (3, 1, 1)
    assert measured["emotion_classes"]["angry"]["messages"] == 1
    low, high = measured["emotion_macro_f1_interval"]
    assert 0 <= low <= high <= 1
    lines = [json.loads(line) for line in decisions.read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines] == [row["text"] for row in rows]
    assert all(set(line) == FIELDS for line in lines)
    wished = sum(bool(line["wants_human"]) for line in lines[:3])
    assert measured["wish_recall"] == float(bool(lines[0]["wants_human"]))
    if wished:
        assert measured["wish_precision"] == pytest.approx(bool(lines[0]["wants_human"]) / wished, abs=1e-4)


def test_the_report_is_one_page_with_the_measured_figures(files: Path) -> None:
    page, hostile = files / "report.html", "<script>怎么删除审批</script>"
    (files / "more.jsonl").write_text(
        json.dumps({"text": hostile, "faq_id": "审批-删除", "style": "code", "language": "zh-CN"}) + "\n", "utf-8"
    )
    done = run(
        "evaluate", "--articles", files / "articles.jsonl", "--json", "--report", page,
        "--questions", files / "questions.jsonl", files / "more.jsonl", "--out-of-scope", files / "outside.jsonl",
    )  # fmt: skip
    assert (done.status, done.complaint) == (0, [])
    measured = json.loads(done.out)
    written = page.read_text("utf-8")
    assert f"{measured['recall_at_1']:.1%}" in written
    assert f"它直接回答了 {measured['answered']} 个" in written
    assert "<script" not in written
    nowhere = files / "no" / "folder.html"
    failed = run(
        "evaluate", "--articles", files / "articles.jsonl", "--questions", files / "more.jsonl", "--report", nowhere
    )
    assert (failed.status, len(failed.complaint)) == (1, 1)


def test_an_unknown_label_is_one_line(files: Path) -> None:
    (files / "messages.jsonl").write_text('{"text": "唉", "emotion": "sad"}\n', "utf-8")
    done = run("evaluate", "--messages", files / "messages.jsonl")
    assert (done.status, done.out) == (1, "")
    assert done.complaint[0].startswith(f"{files / 'messages.jsonl'}:1: ")
    assert "sad" in done.complaint[0]


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
    assert run("evaluate", "--articles", files / "articles.jsonl").status == 2
    outside_alone = ("--messages", files / "questions.jsonl", "--out-of-scope", files / "outside.jsonl")
    assert run("evaluate", *outside_alone).status == 2
    assert run_afresh("evaluate", "--help").status == 0


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
        YINGDA_ENCODER__NAME="multilingual-e5-small", YINGDA_INDEX__TUNES="false",
    )  # fmt: skip
    assert done.status == 0, done.err
    found = [json.loads(line)["candidates"][0]["id"] for line in decisions.read_text("utf-8").splitlines()]
    assert [name.removesuffix(".en") for name in found] == [name for _, name in questions]
