"""The card that goes along: what the customer sees and edits is what the agent gets, live, and no more comes back."""

from __future__ import annotations

from uuid import uuid4

from tests.acceptance.leaks import leaks_in
from tests.acceptance.people import ANGRY, KNOWN, People, refusal_of
from tests.edge.house import House

_PAGE = {"url": "https://app.example/gantt", "title": "甘特图"}


async def test_a_card_is_made_edited_and_read_live(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer = await people.customer(page=_PAGE)
    asked = await customer.say(KNOWN)
    target = {"conversation_id": asked["conversation_id"]}
    answer = await customer.answer_to(asked)
    await customer.do("rate_answer", **target, seq=answer["seq"], helpful=False)

    before = (await customer.ask("hand_over_card", **target))["card"]  # it can be seen before the hand-off …
    assert before["question"] == KNOWN
    first = await customer.do("edit_card", **target, page="甘特图，导出菜单")  # … and edited
    assert first["card"]["edited"] == ["page"]
    await customer.do("request_human", **target, topic=group["name"])
    await customer.state("waiting")
    await seat.client.ask("watch", **target)
    await customer.say("换了浏览器也不行，提示“没有权限”")  # what they add while they wait goes along as well
    await seat.client.until("card", lambda it: "看到的提示：没有权限" in it["tried"])

    card = (await customer.ask("hand_over_card", **target))["card"]
    assert card["question"].splitlines()[0] == KNOWN
    assert card["tried"].splitlines() == [
        f"看过“{answer['sources'][0]['title']}”，没有帮助",
        "自己试过：换了浏览器也不行",
        "看到的提示：没有权限",
    ]
    assert card["page"] == "甘特图，导出菜单"
    assert card["screenshots"] == []
    assert set(card) == {"question", "tried", "page", "screenshots", "edited", "edited_at"}

    seen = (await seat.client.ask("hand_over_card", **target))["card"]
    assert (seen["question"], seen["articles"][0]["helpful"]) == (card["question"], False)
    edit = {"client_id": str(uuid4()), **target, "question": "导出按钮是灰的", "tried": ""}
    edited = await customer.call("edit_card", edit)
    assert edited["card"]["edited"] == ["question", "tried", "page"]
    live = await seat.client.until("card", lambda it: it["question"] == "导出按钮是灰的")
    assert (live["conversation_id"], live["tried"], live["page"]) == (target["conversation_id"], "", "甘特图，导出菜单")
    assert live["edited_at"] is not None

    await seat.client.do("accept", **target)
    await house.restart()
    again = await people.customer(visitor=customer.all("welcome")[0]["visitor"])
    assert (await again.ask("hand_over_card", **target))["card"] == edited["card"]
    assert (
        await again.call("edit_card", {**edit, "question": "anything"}) == edited
    )  # the same client id, the same answer


async def test_what_is_taken_back_is_gone_from_the_card_with_the_same_write(house: House, people: People) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"])
    target = {"conversation_id": conversation_id}
    await seat.client.ask("watch", **target)
    await customer.say("登录不了")
    slip = await customer.say("密码是 hunter2，提示“hunter2 不正确”")
    await seat.client.until("card", lambda it: "hunter2" in it["tried"])

    await customer.do("recall", **target, seq=slip["seq"])

    (stored,) = await house.rows("select card::text as card from conversations where id = $1", conversation_id)
    assert "hunter2" not in stored["card"]
    assert "登录不了" in stored["card"]
    assert "hunter2" not in str(await seat.client.ask("hand_over_card", **target))


async def test_feelings_are_for_agents_and_a_card_is_for_nobody_else(people: People) -> None:
    group, other = await people.group("pick"), await people.group("pick")
    seat, stranger = await people.agent(group), await people.agent(other)
    boss = await people.agent(role="supervisor", online=False)
    customer = await people.customer()
    ack = await customer.say(ANGRY)
    target = {"conversation_id": ack["conversation_id"]}
    await customer.state("waiting")
    await customer.ask("hand_over_card", **target)

    inside = (await boss.client.ask("hand_over_card", **target))["card"]
    for fields, code in (({}, "invalid"), ({"question": "长" * 1_001}, "too_large")):
        wish = {"client_id": str(uuid4()), **target, **fields}
        assert (await refusal_of(customer, "edit_card", wish))["code"] == code
    assert inside["emotion"] == "angry"
    assert inside["urgency"]
    assert leaks_in([customer.received, customer.acknowledged]) == []
    nosy = await people.customer()
    for stranger_page in (stranger.client, nosy):
        refusal = await refusal_of(stranger_page, "hand_over_card", target)
        assert refusal["code"] in ("not_found", "forbidden")
    assert seat.id not in str(customer.acknowledged)
