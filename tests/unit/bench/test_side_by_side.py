"""The table of finders says what was measured, and everybody is asked the same."""

from __future__ import annotations

import pytest

from bench.processes import Program, start_finder
from bench.side_by_side import FinderFigures, FinderPlan, SideBySide, finder_table


def test_ratios_are_taken_within_a_round() -> None:
    theirs = FinderFigures(
        "theirs", [20.0, 40.0, 20.0], [30.0, 50.0, 30.0], [50, 25, 50], [100, 50, 100], 0.5, 900 << 20
    )
    ours = FinderFigures(
        "Yingda", [10.0, 20.0, 10.0], [15.0, 25.0, 15.0], [100, 50, 100], [300, 150, 300], 0.8, 300 << 20
    )
    lines = finder_table(SideBySide(FinderPlan(rounds=3), 7, 9, (theirs, ours))).splitlines()
    assert lines[2] == "| theirs | 20.0 | 30.0 | 50 | 2.00 | 100 | 3.00 | 0.500 | 900 |"
    assert lines[3] == "| Yingda | 10.0 | 15.0 | 100 |  | 300 |  | 0.800 | 300 |"
    assert lines[-1].startswith("7 articles, 9 questions, the same weights")


@pytest.mark.slow
async def test_a_finder_answers_in_order_one_by_one_and_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINGDA_ENCODER__NAME", "hashing")
    articles = [{"id": name, "question": f"怎么{name}", "answer": f"点{name}。"} for name in ("导出", "登录", "打印")]
    program: Program = await start_finder("Yingda", articles, None)
    try:
        questions = ["怎么登录", "怎么打印", "怎么导出", "怎么登录"]
        for together in (True, False):
            answer = await program.request({"questions": questions, "together": together})
            assert answer["ids"] == ["登录", "打印", "导出", "登录"]
            assert len(answer["seconds"]) == (1 if together else 4)
        assert program.resident_bytes > 0
    finally:
        await program.stop()
