"""The dashboard over a small day whose figures were counted by hand, and the list behind every number of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.acceptance.people import KNOWN, UNKNOWN, People, Seat, people_of
from tests.edge.conftest import OpenHouse
from tests.edge.house import House

_MINUTE = 60.0
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


@dataclass
class Monday:
    """What happened on Monday, the 23rd of November 2026, and who was there."""

    house: House
    people: People
    group: dict[str, Any]
    lin: Seat
    chen: Seat

    async def dashboard(self, **query: str) -> dict[str, Any]:
        days = {"since": "2026-11-23", "until": "2026-11-23"} | query
        found: dict[str, Any] = await self.people.api("GET", f"/analytics?{urlencode(days)}")
        return found

    async def behind(self, dashboard: dict[str, Any], segment: str, **more: str) -> dict[str, Any]:
        """The whole list, in pages of two."""
        asked = {
            "segment": segment,
            "since": dashboard["starts_at"],
            "until": dashboard["ends_at"],
            "limit": "2",
        } | more
        found: dict[str, Any] = {"items": []}
        cursor: str | None = None
        while True:
            page = await self.people.api(
                "GET",
                f"/analytics/list?{urlencode(asked | ({'cursor': cursor} if cursor else {}), quote_via=quote)}",
            )
            found = {"items": [*found["items"], *page["items"]], "total": page["total"]}
            cursor = page["next"]
            if cursor is None:
                return found


async def _story(house: House, people: People) -> Monday:
    """Seven conversations: two with the bot alone, three with a human, two that wait."""
    group = await people.group()
    lin, chen = await people.agent(group), await people.agent(group)

    # 1: the bot answers, and the customer says that it helped.
    pleased = await people.customer(identity=people.identity("u-1", tier="enterprise"))
    said = await pleased.say(KNOWN)
    answer = await pleased.answer_to(said)
    await pleased.do("rate_answer", conversation_id=said["conversation_id"], seq=answer["seq"], helpful=True)
    await pleased.do("close", conversation_id=said["conversation_id"])
    # 2: the bot has no answer, and the customer goes.
    asking = await people.customer()
    said = await asking.say(UNKNOWN)
    await asking.answer_to(said)
    await asking.do("close", conversation_id=said["conversation_id"])

    async def helped(seat: Seat, after: float, csat: int | None, category: str | None) -> tuple[Any, str]:
        customer, conversation_id = await people.waiting_customer(group["name"])
        await seat.client.do("accept", conversation_id=conversation_id)
        await house.pass_time(after)
        await seat.client.do("send_message", conversation_id=conversation_id, text="请先打开导出，再选图片格式")
        wrap_up = {"wrap_up": {"category": category}} if category else {}
        await seat.client.do("close", conversation_id=conversation_id, resolved=True, **wrap_up)
        if csat is not None:
            await customer.do("rate_conversation", conversation_id=conversation_id, csat=csat)
        return customer, conversation_id

    # 3 to 5: a human answers after 30, 60 and 300 seconds.
    await helped(lin, 30, 5, "故障/甘特图")
    back, _ = await helped(lin, 60, 4, "故障/甘特图")
    await helped(chen, 300, None, None)
    # 6: the customer of the second one is back within the day on the same matter, and nobody has answered.
    again = await back.do("request_human", topic=group["name"])
    # 7: a customer who waits.
    await people.waiting_customer(group["name"])
    assert again["ok"]
    await house.pass_time(2)
    return Monday(house, people, group, lin, chen)


@pytest.fixture
async def monday(open_house: OpenHouse) -> Any:
    house = await open_house(
        ROUTING__SILENT_AGENT_MINUTES="100000", IDLE__WARN_MINUTES="100000", WAITING__KEEP_MINUTES="100000"
    )
    async with people_of(house) as people:
        yield await _story(house, people)


def _figures(dashboard: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["now"] for each in dashboard["figures"]}


async def test_what_was_counted_ahead_is_what_is_looked_up_and_a_late_rating_counts_at_once(monday: Monday) -> None:
    house, people = monday.house, monday.people
    customer, conversation_id = await people.waiting_customer(monday.group["name"])
    await monday.lin.client.do("accept", conversation_id=conversation_id)
    await monday.lin.client.do("send_message", conversation_id=conversation_id, text="请看这里")
    await monday.lin.client.do("close", conversation_id=conversation_id, resolved=True)
    await house.pass_time(2)
    again = "with gone as (delete from counted_conversations returning id)"
    await house.rows(f"{again} insert into uncounted (conversation_id) select id from gone returning 1")

    async def counted() -> dict[str, Any]:
        await house.rows("select count_uncounted(1000)")
        assert await house.rows("select 1 from uncounted") == []
        return await monday.dashboard()

    looked_up = await monday.dashboard()
    assert await counted() == looked_up
    assert (await house.rows("select count(*) from counted_conversations"))[0]["count"] == 6
    assert _figures(looked_up)["csat_answered"]["counted"] == 2
    await customer.do("rate_conversation", conversation_id=conversation_id, csat=1)
    late = await monday.dashboard()
    assert _figures(late)["csat_answered"]["counted"] == 3
    assert (await monday.behind(late, "csat"))["total"] == 3
    assert await counted() == late
    await _check_every_number(monday, late)


async def test_the_figures_are_those_that_were_counted_by_hand_and_every_number_is_as_long_as_its_list(
    monday: Monday,
) -> None:
    today = await monday.dashboard()
    now = _figures(today)
    told = {name: (value["counted"], value["of"]) for name, value in now.items()}
    assert told["conversations"] == (7, 7)
    assert now["waiting"]["value"] == 2
    assert told["handed_off"] == (5, 7)
    assert told["first_reply_median"] == (3, 5)
    assert now["first_reply_median"]["value"] == pytest.approx(60)
    assert now["first_reply_mean"]["value"] == pytest.approx(130)
    assert now["first_reply_p90"]["value"] == pytest.approx(252)  # between 60 and 300, four fifths of the way
    assert told["replied_in_target"] == (2, 3)
    assert told["csat_answered"] == (2, 3)
    assert (now["csat"]["value"], told["csat_good"]) == (4.5, (2, 2))
    assert now["nps"] == {"value": None, "counted": 0, "of": 0, "why": "none"}
    # Nobody knows yet whether the others come back within the day; one has.
    assert told["fcr"] == (0, 1)
    assert today["reasons"] == {
        "items": [_slice("asked", "asked", 5, "handed_off.asked")], "of": 5, "left_out": 0,
    }  # fmt: skip
    assert today["categories"]["items"] == [_slice("故障/甘特图", "故障/甘特图", 2, "filed")]
    (article,) = today["articles"]["items"]
    assert (article["label"], article["counted"]) == (KNOWN, 1)
    assert [(one["label"], one["counts"]["all"]) for one in today["parts"] if one["counts"]["all"]] == [
        ("2026-11-23T10:00", 7)
    ]
    mine = {one["name"]: one for one in today["agents"]}
    lin, chen = mine[monday.lin.staff.name], mine[monday.chen.staff.name]
    assert (lin["conversations"], lin["replied"], lin["csat"], lin["csat_count"]) == (2, 2, None, 2)
    assert (chen["conversations"], chen["first_reply_median"], chen["csat_count"]) == (1, pytest.approx(300), 0)

    await _check_every_number(monday, today)
    by_article = await monday.behind(today, "all", article_id=article["name"])
    assert by_article["total"] == 1
    by_category = await monday.behind(today, "filed", category="故障")
    assert by_category["total"] == 2
    assert [one["value"] for one in (await monday.behind(today, "taken", agent_id=lin["id"]))["items"]] == [60, 30]
    assert await monday.people.api_error(
        "GET", "/analytics/list?segment=all&since=2026-11-23T00:00:00&until=2026-11-24T00:00:00"
    ) == (400, "invalid")

    # Filters: what the customers of a tier, a topic, a group brought.
    assert _figures(await monday.dashboard(tier="enterprise"))["conversations"]["counted"] == 1
    assert _figures(await monday.dashboard(topic="故障"))["conversations"]["counted"] == 2
    assert _figures(await monday.dashboard(group_id=monday.group["id"]))["conversations"]["counted"] == 5
    assert _figures(await monday.dashboard(site="elsewhere"))["conversations"]["counted"] == 0

    # A day later it is known who came back, and what the bot settled.
    await monday.house.pass_time(_DAY + _HOUR)
    for _ in range(3):
        await monday.house.pass_time(61)
    seen = await monday.dashboard()
    told = {name: (value["counted"], value["of"]) for name, value in _figures(seen).items()}
    assert told["bot_resolved"] == (1, 5)  # helped; not where it had no answer, nor where a human was fetched
    assert told["fcr"] == (3, 5)  # 1, 3 and 5; not 2 without an answer, nor 4, who came back
    await _check_every_number(monday, seen)
    tomorrow = await monday.dashboard(since="2026-11-24", until="2026-11-24")
    (conversations,) = [one for one in tomorrow["figures"] if one["name"] == "conversations"]
    assert (conversations["now"]["value"], conversations["before"]["value"]) == (0, 7)


def _slice(name: str, label: str, counted: int, segment: str) -> dict[str, Any]:
    return {"name": name, "label": label, "counted": counted, "before": 0, "list": segment}


async def _check_every_number(monday: Monday, dashboard: dict[str, Any]) -> None:
    """Every figure, denominator, slice, part, target and question against its list."""
    expected: list[tuple[int, str, dict[str, str]]] = []
    for figure in dashboard["figures"]:
        now = figure["now"]
        expected.append((now["counted"], figure["list"], {}))
        if figure.get("of_list"):
            expected.append((now["of"], figure["of_list"], {}))
    for part in dashboard["parts"]:
        bounds = {"since": part["since"], "until": part["until"]}
        expected += [(counted, segment, bounds) for segment, counted in part["counts"].items()]
    expected += [(one["counted"], one["list"], {}) for one in dashboard["reasons"]["items"]]
    expected += [(one["counted"], "filed", {"category": one["name"]}) for one in dashboard["categories"]["items"]]
    for target in dashboard["targets"]:
        segment = f"target.{target['level']}.{target['kind']}"
        expected += [(target["due"], segment, {}), (target["kept"], f"{segment}.kept", {})]
    expected += [(one["times"], "questions", {"task_id": one["task_id"]}) for one in dashboard["unanswered"]]
    expected += [(one["csat_count"], "csat", {"agent_id": one["id"]}) for one in dashboard["agents"]]
    wrong = []
    for number, segment, more in {json.dumps(each): each for each in expected}.values():
        found = await monday.behind(dashboard, segment, **more)
        if not number == found["total"] == len(found["items"]):
            wrong.append((segment, more, number, found["total"], len(found["items"])))
    assert wrong == []
    assert len(expected) > 60
