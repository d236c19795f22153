"""Settings changed at the desk: who may, what they do at once in every process, what is refused, and who did it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.people import KNOWN, People, people_of
from tests.edge.conftest import OpenHouse
from tests.edge.editing_desk import editor, finished
from tests.edge.house import House


@pytest.fixture
async def people(house: House) -> AsyncIterator[People]:
    async with people_of(house) as made:
        yield made


async def _settings(people: People, token: str | None = None) -> tuple[int, dict[str, Any]]:
    found = await people.api("GET", "/settings", token=token)
    return found["revision"], {each["key"]: each for each in found["items"]}


async def _answered(people: People) -> bool:
    """Whether the bot says the answer to a question that it knows well."""
    customer = await people.customer()
    said = await customer.say(KNOWN)
    return bool((await customer.answer_to(said)).get("sources"))


async def test_a_threshold_holds_at_once_in_every_server_and_goes_back_to_its_default(
    house: House, people: People, open_house: OpenHouse
) -> None:
    boss = await people.staff(role="supervisor")
    other = await open_house()
    async with people_of(other) as elsewhere:
        revision, items = await _settings(people, boss.token)
        assert (items["bot.answer_at"]["value"], items["bot.answer_at"]["changed_at"]) == (0.72, None)
        assert await _answered(people)

        high = {"revision": revision, "changes": {"bot.answer_at": 1.0, "clocks.targets.L2.first_reply": 7}}
        made = await people.api("PATCH", "/settings", high, token=boss.token)

        assert not await _answered(people)
        await other.pass_time(3)
        assert not await _answered(elsewhere)
        group = await people.group()
        await people.waiting_customer(group["name"])
        (clock,) = await house.rows("select target_seconds from clocks where kind = 'first_reply'")
        assert clock["target_seconds"] == 7 * 60

        revision, items = await _settings(elsewhere, None)
        changed = items["bot.answer_at"]
        assert (revision, changed["value"], changed["default"]) == (made["revision"], 1.0, 0.72)
        assert changed["changed_by"] == boss.username
        back = {"revision": revision, "changes": {"bot.answer_at": None}}
        await people.api("PATCH", "/settings", back, token=boss.token)
        assert await _answered(people)

    entries = await house.rows(
        "select subject_id, detail, actor_id from audit where action = 'setting.changed' order by id"
    )
    assert [row["subject_id"] for row in entries] == ["bot.answer_at", "clocks.targets.L2.first_reply", "bot.answer_at"]
    assert {str(row["actor_id"]) for row in entries} == {boss.id}
    history = (await people.api("GET", "/settings"))["history"]
    assert [(one["key"], one["old"], one["value"]) for one in history] == [
        ("bot.answer_at", 1.0, None), ("clocks.targets.L2.first_reply", 30.0, 7), ("bot.answer_at", 0.72, 1.0),
    ]  # fmt: skip


async def test_what_does_not_fit_is_refused_whole_and_secrets_are_no_settings(house: House, people: People) -> None:
    revision, items = await _settings(people)
    assert not [name for name in items if name.startswith(("security", "admin", "database", "notifications"))]
    for changes in (
        {"bot.answer_at": 0.1},  # below bot.offer_at
        {"bot.answer_at": 1.5},
        {"bot.max_options": 2.5},
        {"bot.handoff_when_angry": "no"},
        {"idle.warn_minutes": 0},
        {"security.token_key": "x"},
        {"bot.brand": "x"},
        {"bot.offer_at": 0.3, "nothing": 1},
    ):
        assert await people.api_error("PATCH", "/settings", {"revision": revision, "changes": changes}) == (
            400, "invalid",
        )  # fmt: skip
    assert (await _settings(people))[1] == items
    fine = {"bot.offer_at": 0.3}
    await people.api("PATCH", "/settings", {"revision": revision, "changes": fine})
    assert await people.api_error("PATCH", "/settings", {"revision": revision, "changes": fine}) == (409, "conflict")

    # What was stored and fits no more is left aside; what config.yaml says holds.
    await house.rows("update setting_changes set value = '0.9' where key = 'bot.offer_at' returning 1")
    await house.restart()
    async with people_of(house) as after:
        assert (await _settings(after))[1]["bot.offer_at"]["value"] == items["bot.offer_at"]["default"]


async def test_without_an_evaluation_no_effect_is_made_up(people: People) -> None:
    found = await people.api("GET", "/settings")
    assert (found["evaluation"], found["under_way"], found["failed"]) == (None, None, None)


async def test_an_evaluation_says_what_each_threshold_would_do(open_house: OpenHouse, tmp_path: Path) -> None:
    kept = [
        {"text": KNOWN, "faq_id": "gantt-image"},
        {"text": "甘特图的图片", "faq_id": "gantt-pdf"},
        {"text": "火星有水吗"},
    ]
    (tmp_path / "kept.jsonl").write_text("\n".join(map(json.dumps, kept)))
    house = await open_house(KNOWLEDGE__KEPT_QUESTIONS=str(tmp_path / "kept.jsonl"), BOT__ANSWER_AT="0.99")
    async with people_of(house) as people:
        boss = await people.staff(role="supervisor")
        who = await editor(people)
        run = await people.api("POST", "/settings/evaluation", token=boss.token)
        assert (await finished(people, run["id"], who))["state"] == "done"
        found = (await people.api("GET", "/settings", token=boss.token))["evaluation"]
        for name, now in (("offers", 0.2), ("options", 0.05)):
            curve = found[name]
            assert now in [one["at"] for one in curve]
            assert {(one["questions"], one["outside"], one["answered"]) for one in curve} == {(2, 1, 0)}
            given = [one["offered"] + one["offered_without"] + one["outside_offered"] for one in curve]
            assert given == sorted(given, reverse=True)
            assert given[0] > 0
