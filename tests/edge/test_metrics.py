"""What `/metrics` tells after a turn, and that the dashboard and the alerts ask for nothing that is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import yaml
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from router.observing.stages import STAGES
from tests.acceptance.people import KNOWN, UNKNOWN, People
from tests.edge.house import House

DEPLOY = Path(__file__).parents[2] / "deploy"


async def metrics_of(house: House) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by its name and labels."""
    async with aiohttp.ClientSession(house.url) as session, session.get("/metrics") as response:
        assert response.status == 200
        text = await response.text()
    families = text_string_to_metric_families(text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


async def test_a_turn_is_seen_in_each_of_its_stages(house: House, people: People) -> None:
    customer = await people.customer()
    await customer.answer_to(await customer.say(KNOWN))
    await customer.answer_to(await customer.say(UNKNOWN))

    found = await metrics_of(house)

    for stage in STAGES:
        assert found[("yingda_stage_seconds_count", (("stage", stage),))] >= 2, stage
    assert found[("yingda_stage_seconds_sum", (("stage", "answer"),))] > 0
    assert found[("yingda_sockets", (("namespace", "chat"),))] == 1
    assert found[("yingda_encoder_questions_total", (("outcome", "encoded"),))] >= 1
    assert found[("yingda_refused_total", (("limit", "visitor_events"),))] == 0
    assert found[("process_open_fds", ())] > 10


async def test_the_line_is_seen_while_it_lasts_and_each_wait_when_it_ends(house: House, people: People) -> None:
    group = await people.group()
    agent = await people.agent(group)
    _, conversation_id = await people.waiting_customer(group["name"])
    await house.pass_time(40)
    label = (("group", group["name"]),)
    before = await metrics_of(house)

    await agent.client.do("accept", conversation_id=conversation_id)
    await house.pass_time(11)

    assert (before[("yingda_line_waiting", label)], before[("yingda_line_oldest_wait_seconds", label)]) == (1, 40)
    after = await metrics_of(house)
    assert after[("yingda_line_waiting", label)] == 0
    assert after[("yingda_line_wait_seconds_count", label)] == 1
    assert after[("yingda_line_wait_seconds_sum", label)] == 40
    assert after[("yingda_agents_online", (("status", "online"),))] >= 1


def _asked(expression: str) -> set[str]:
    """The names of metrics in a query."""
    return set(re.findall(r"\b(?:yingda|process)_[a-z0-9_]+\b", expression))


def _labels(expression: str) -> set[str]:
    """The names of labels that a query compares or groups by, but for the instance, the job and the worker."""
    compared = re.findall(r"([a-z_]+)\s*(?:=~|!=|!~|=)\s*\"", expression)
    grouped = re.findall(r"\b(?:by|without|on)\s*\(([^)]*)\)", expression)
    names = {name.strip() for names in grouped for name in names.split(",")}
    return (names | set(compared)) - {"instance", "job", "worker", ""}


def _queries() -> Iterator[tuple[str, str]]:
    dashboard = json.loads((DEPLOY / "grafana" / "yingda.json").read_text("utf-8"))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]
    for group in yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"]:
        for rule in group["rules"]:
            assert {"summary", "description"} <= set(rule["annotations"]), rule["alert"]
            yield rule["alert"], rule["expr"]


def _names_of(family: Metric) -> set[str]:
    endings = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",)}.get(family.type, ("",))
    return {family.name + ending for ending in endings}


async def test_dashboard_and_alerts_ask_for_what_is_there_and_leave_nothing_unasked(house: House) -> None:
    async with aiohttp.ClientSession(house.url) as session, session.get("/metrics") as response:
        families = list(text_string_to_metric_families(await response.text()))
    told = [family for family in families if not family.name.endswith("_created")]
    there = {name for family in told for name in _names_of(family)}
    labels = {name: {label for each in family.samples for label in each.labels} for family in told
              for name in _names_of(family) if family.samples}  # fmt: skip

    asked: set[str] = set()
    for place, expression in _queries():
        assert _asked(expression), place
        assert _asked(expression) <= there, place
        if all(name in labels for name in _asked(expression)):  # of some nothing was counted yet
            assert _labels(expression) <= set().union(*(labels[name] for name in _asked(expression))), place
        asked |= _asked(expression)

    assert [family.name for family in told if not _names_of(family) & asked] == [], "a metric that nobody looks at"
