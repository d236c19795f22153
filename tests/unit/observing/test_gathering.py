"""The numbers of several workers on one page."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.parser import text_string_to_metric_families

from router.observing.gathering import Gathering
from router.workers.worker import Worker


def registry_of(turns: int) -> CollectorRegistry:
    registry = CollectorRegistry()
    Counter("yingda_turns", "Turns", ["kind"], registry=registry).labels("bot").inc(turns)
    Gauge("yingda_open", "Open", registry=registry).set(turns)
    return registry


async def samples_of(gathering: Gathering) -> dict[tuple[str, str | None], float]:
    families = list(text_string_to_metric_families((await gathering.page()).decode()))
    assert len({family.name for family in families}) == len(families), "every family once"
    return {(s.name, s.labels.get("worker")): s.value for family in families for s in family.samples}


@pytest.mark.parametrize("long", [False, True])
async def test_whoever_is_asked_tells_of_all_who_answer(tmp_path: Path, long: bool) -> None:
    folder = tmp_path / ("run" + "x" * 100 * long)
    one, other = (Gathering(registry_of(10 * (n + 1)), Worker(n, 3), folder) for n in range(2))
    await one.open()
    await other.open()

    for asked in (one, other):
        found = await samples_of(asked)
        assert (found["yingda_turns_total", "0"], found["yingda_turns_total", "1"]) == (10, 20)
        assert (found["yingda_open", "0"], found["yingda_open", "1"]) == (10, 20)
        assert found["yingda_workers", None] == 2, "the third does not answer"
    await other.close()
    successor = Gathering(registry_of(5), Worker(1, 3), folder)
    await successor.open()
    assert (await samples_of(one))["yingda_open", "1"] == 5
    await one.close()
    await successor.close()


async def test_one_worker_has_no_label(tmp_path: Path) -> None:
    alone = Gathering(registry_of(3), Worker(), tmp_path)
    await alone.open()

    assert (await samples_of(alone))["yingda_open", None] == 3
    assert list(tmp_path.iterdir()) == []
