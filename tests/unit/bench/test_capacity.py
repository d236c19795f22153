"""The capacity table is plain arithmetic over measured costs: twice the day takes twice the work, never less."""

from __future__ import annotations

import json

import pytest

from bench.capacity import Costs, Demand, need_of
from scripts.capacity import main


def test_ten_times_the_day_takes_ten_times_the_work_and_no_fewer_cores() -> None:
    small, large = (need_of(Demand(conversations=count), Costs()) for count in (10_000, 100_000))
    assert large.turns_per_second == pytest.approx(10 * small.turns_per_second)
    assert large.events_per_day == pytest.approx(10 * small.events_per_day)
    assert small.cores <= large.cores <= 10 * small.cores


def test_a_slower_encoder_takes_more_cores() -> None:
    day = Demand(conversations=1_000_000)
    assert need_of(day, Costs(new_turns=30)).cores > need_of(day, Costs(new_turns=300)).cores


def test_a_day_whose_busiest_minutes_fill_one_core_needs_a_second() -> None:
    costs = Costs(new_turns=100, known_turns=1e8)
    demand = Demand(conversations=24 * 3600, peak_share=1 / 24, burst=1, questions=71, new_share=1, busy_at_most=0.7)
    assert need_of(demand, costs).turns_per_second == pytest.approx(71)
    assert need_of(demand, costs).cores == 2


def test_the_command_prints_a_line_for_each_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["5000", "50_000"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["5,000", "50,000"]
    assert main(["--json", "--new-turns", "75", "5000"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["demand"]["conversations"] == 5000


@pytest.mark.parametrize("wrong", [["0"], ["many"], ["--new-turns", "0"]])
def test_what_cannot_be_is_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(wrong)
    assert stop.value.code == 2
