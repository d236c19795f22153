"""One of each fault within seconds while thirty chats talk; `make chaos` does the same with sixty for minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.faults import short
from tests.chaos.play import Plan, play
from tests.chaos.report import table

pytestmark = pytest.mark.slow


async def test_two_nodes_lose_nothing_whatever_breaks(heads: None, tmp_path: Path) -> None:
    plan = Plan(
        acts=short(redis=True),
        redis=True,
        customers=30,
        pace_seconds=2.0,
        calm_seconds=1.0,
        outbox_seconds=2.0,
        told_within=15.0,
    )

    outcome = await play(plan, tmp_path)

    print(table(outcome))
    assert outcome.violations == []
