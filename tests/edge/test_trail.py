"""What the page around the chat tells: kept in bounds, shown to colleagues, forgotten in time, never left behind."""

from __future__ import annotations

from uuid import UUID

from tests.acceptance.people import KNOWN, people_of, refusal_of
from tests.edge.conftest import OpenHouse

_DAY = 86_400.0


async def test_steps_attributes_and_pages_reach_the_agents_and_go_along_with_who_signs_in(
    open_house: OpenHouse,
) -> None:
    house = await open_house(TRAIL__PER_CUSTOMER="3", TRAIL__KEPT_DAYS="2")
    async with people_of(house) as people:
        customer = await people.customer(page={"url": "https://shop.test/a", "title": "A"})
        for number in range(5):
            step = {"name": "导出甘特图", "properties": {"第几次": number, "ok": True}, "url": "https://shop.test/a"}
            for _ in range(2):  # the acknowledgement was lost: it is told again
                await customer.ask("track", **step, client_id=str(UUID(int=number)))
        await customer.ask("track", name="$attributes", properties={"plan": "pro", "seats": 12})
        for name, properties, code in (
            ("", None, "invalid"),
            ("$own", None, "invalid"),
            ("n" * 101, None, "too_large"),
            ("big", {"text": "x" * 5_000}, "too_large"),
            ("nested", {"of": {"things": 1}}, "invalid"),
        ):
            assert (await refusal_of(customer, "track", {"name": name, "properties": properties}))["code"] == code, name
        ack = await customer.say(KNOWN)
        await customer.ask("track", name="$page", properties={"title": "B"}, url="https://shop.test/b")

        conversation = await people.api("GET", f"/conversations/{ack['conversation_id']}")
        assert conversation["conversation"]["page"] == {"url": "https://shop.test/b", "title": "B"}
        (anonymous,) = (await people.api("GET", "/customers"))["items"]
        trail = await people.api("GET", f"/customers/{anonymous['id']}/trail")
        assert [step["properties"]["第几次"] for step in trail["items"]] == [4, 3, 2]
        assert {(step["name"], step["url"], step["site"]) for step in trail["items"]} == {
            ("导出甘特图", "https://shop.test/a", "main")
        }
        assert trail["attributes"] == {"plan": "pro", "seats": 12}

        token = customer.all("welcome")[0]["visitor"]
        known = await people.customer(visitor=token, identity=people.identity("u-1", name="周敏"))
        await known.ask("track", name="登录")
        (signed_in,) = (await people.api("GET", "/customers?q=周敏"))["items"]
        assert UUID(signed_in["id"])
        trail = await people.api("GET", f"/customers/{signed_in['id']}/trail")
        assert [step["name"] for step in trail["items"]] == ["登录", "导出甘特图", "导出甘特图"]
        assert trail["attributes"] == {"plan": "pro", "seats": 12}

        await house.pass_time(2 * _DAY + 1)
        trail = await people.api("GET", f"/customers/{signed_in['id']}/trail")
        assert (trail["items"], trail["attributes"]) == ([], {})
