"""The shipped heads on the real encoder, on messages of their own that no training file holds; and on small ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.encoder import Encoder
from models.hashing_encoder import HashingEncoder
from models.heads.examples import SHIPPED, FaultyExamples, read_examples
from models.heads.fitting import fit_heads
from models.heads.heads import Heads, Opinion, UnusableHeads
from models.heads.kept import heads_for
from models.heads.labels import Example
from models.loading import load_encoder
from models.settings import EncoderSettings

_EMOTIONS = [
    ("你们这个导出到底还要坏几次，我受够了", "angry"),
    ("Third time this week. Do you people even test?", "angry"),
    ("いい加減直してください、何回目ですか", "angry"),
    ("我怕数据已经没了，真的不知道怎么办", "anxious"),
    ("estoy muy preocupada, no encuentro mis archivos", "anxious"),
    ("帮大忙了，你真是太贴心了，谢谢", "happy"),
    ("紧急程度这个下拉在哪里配", "neutral"),
    ("投诉单的流程怎么画", "neutral"),
    ("how do I set a deadline reminder", "neutral"),
    ("保存后是立即同步到手机吗", "neutral"),
]
_URGENCIES = [
    ("整个公司都登不进去，车间在等", "high"),
    ("the whole office is locked out, we ship in an hour", "high"),
    ("今晚十二点前要报上去，导不出来", "high"),
    ("严重缺陷的颜色在哪换", "normal"),
    ("怎么给任务加标签", "normal"),
    ("有空再看就行，想问下字体能不能换", "low"),
    ("no hurry, I was only curious about the roadmap", "low"),
]
_TOPICS = [
    ("甘特图上两条横道怎么连起来", "使用问题/甘特图"),
    ("甘特圖整個變成空白", "故障/甘特图"),
    ("the invoice has the wrong tax number", "账单/发票"),
    ("想退掉上个月多付的那笔钱", "账单/退款"),
    ("网页一直转圈，什么都打不开", "故障/访问慢或打不开"),
    ("勤怠ではなく工数の入力場所はどこですか", "使用问题/工时"),
    ("你们客服说话太冲了，我要投诉", "建议与投诉/服务投诉"),
    ("还没买，想问五十个人一年多少钱", "售前/价格"),
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(EncoderSettings())


@pytest.fixture(scope="module")
def heads(encoder: Encoder) -> Heads:
    """As prepared on this machine."""
    return heads_for(encoder, EncoderSettings().cache_path)


def _read(heads: Heads, encoder: Encoder, text: str) -> dict[str, Opinion]:
    return heads.read(text, encoder.encode_questions([text])[0])


def test_no_line_of_these_tests_is_learnt_from() -> None:
    learnt = {example.text for example in read_examples([SHIPPED])}
    assert not learnt & {text for text, _ in (*_EMOTIONS, *_URGENCIES, *_TOPICS)}


@pytest.mark.parametrize(("text", "expected"), _EMOTIONS)
def test_the_feeling_is_heard(heads: Heads, encoder: Encoder, text: str, expected: str) -> None:
    assert _read(heads, encoder, text)["emotion"].best[0] == expected


@pytest.mark.parametrize(("text", "expected"), _URGENCIES)
def test_the_urgency_is_heard(heads: Heads, encoder: Encoder, text: str, expected: str) -> None:
    assert _read(heads, encoder, text)["urgency"].best[0] == expected


@pytest.mark.parametrize(("text", "expected"), _TOPICS)
def test_the_topic_is_found(heads: Heads, encoder: Encoder, text: str, expected: str) -> None:
    assert _read(heads, encoder, text)["topic"].best[0] == expected


def test_anger_at_us_is_told_from_annoyance_with_the_product(heads: Heads, encoder: Encoder) -> None:
    ours = _read(heads, encoder, "一群骗子，滚，赔钱")["openness"].of("open")
    product = _read(heads, encoder, "改个列名要点五下，找半天找不到")["openness"].of("open")
    assert ours > 0.6 > product


def test_thanks_are_about_nothing(heads: Heads, encoder: Encoder) -> None:
    assert _read(heads, encoder, "好的谢谢啦")["topic"].best[0] == ""


_FEW = [
    *(Example(f"发票{n}怎么开", "neutral", "normal", "账单/发票") for n in range(12)),
    *(Example(f"气死了垃圾{n}", "angry", "high", "", is_open=True) for n in range(12)),
    *(Example(f"难用{n}", "angry", "normal", "", is_open=False) for n in range(12)),
]


def test_heads_are_the_same_after_a_save(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    made = fit_heads(_FEW, encoder)
    made.save(tmp_path / "heads.npz")
    kept = Heads.load(tmp_path / "heads.npz")
    for text in ("发票开错了", "垃圾", "别的"):
        vector = encoder.encode_questions([text])[0]
        for name, opinion in made.read(text, vector).items():
            assert np.allclose(kept.read(text, vector)[name].chances, opinion.chances, atol=0.01)
    assert kept.fingerprint == encoder.fingerprint


def test_texts_read_together_are_read_as_if_each_were_alone() -> None:
    encoder = HashingEncoder()
    made = fit_heads(_FEW, encoder)
    texts = ["发票开错了", "", "垃圾", "别的 invoice", "!!!"]
    vectors = encoder.encode_questions(texts)
    for text, vector, read in zip(texts, vectors, made.read_all(texts, vectors), strict=True):
        for name, opinion in made.read(text, vector).items():
            assert np.allclose(read[name].chances, opinion.chances, atol=1e-5)
            assert read[name].votes_for("yes") == pytest.approx(opinion.votes_for("yes"), abs=1e-5)


def test_an_operators_own_messages_are_learnt_from(tmp_path: Path) -> None:
    lines = [f'{{"text": "缓冲板第{number}号怎么换", "topic": "使用问题/硬件"}}' for number in range(30)]
    (tmp_path / "own.jsonl").write_text("\n".join(lines), "utf-8")
    learnt = fit_heads([*_FEW, *read_examples([tmp_path])], HashingEncoder())
    assert "使用问题/硬件" in learnt.topics
    asked = "缓冲板第四十号换哪种"
    assert learnt.read(asked, HashingEncoder().encode_questions([asked])[0])["topic"].best[0] == "使用问题/硬件"


@pytest.mark.parametrize(
    "line", ['{"text": "好", "emotion": "sad"}', '{"emotion": "angry"}', '{"text": "好", "mood": 1}', "好"]
)
def test_a_faulty_line_is_named_with_its_file(tmp_path: Path, line: str) -> None:
    (tmp_path / "own.jsonl").write_text(f'{{"text": "好"}}\n{line}\n', "utf-8")
    with pytest.raises(FaultyExamples, match=r"own\.jsonl:2: "):
        read_examples([tmp_path])


def test_a_folder_without_messages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultyExamples, match="no .jsonl file"):
        read_examples([tmp_path])


def test_a_damaged_file_is_no_heads(tmp_path: Path) -> None:
    (tmp_path / "heads.npz").write_bytes(b"nothing")
    with pytest.raises(UnusableHeads):
        Heads.load(tmp_path / "heads.npz")
