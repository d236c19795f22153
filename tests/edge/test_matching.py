"""Which group and which agent a customer gets: skills, the named manager, the agent of last time."""

from __future__ import annotations

from uuid import UUID

from tests.acceptance.people import People
from tests.edge.floor import owner
from tests.edge.house import House


async def test_language_and_topic_choose_the_group(house: House, people: People) -> None:
    english, billing = await people.group("pick"), await people.group("pick")
    await people.api("PATCH", f"/groups/{english['id']}", {"languages": ["en"]})
    made = await people.api("PATCH", f"/groups/{billing['id']}", {"topics": ["账单"], "languages": ["zh-CN"]})
    assert (made["topics"], made["languages"], made["overflow_to"]) == (["账单"], ["zh-CN"], None)

    speaks_english = await (await people.customer(locale="en")).do("request_human")
    about_money = await (await people.customer(locale="zh-CN")).do("request_human", topic="账单/退款")
    english_about_money = await (await people.customer(locale="en")).do("request_human", topic="账单/退款")

    rows = await house.rows("select id, group_id from conversations")
    groups = {str(row["id"]): str(row["group_id"]) for row in rows}
    assert groups[speaks_english["conversation_id"]] == english["id"]
    assert groups[about_money["conversation_id"]] == billing["id"]
    assert groups[english_about_money["conversation_id"]] == english["id"]


async def test_a_hand_off_goes_by_what_was_said_as_read_again_for_it(house: House, people: People) -> None:
    billing = await people.group("pick")
    await people.api("PATCH", f"/groups/{billing['id']}", {"topics": ["账单"]})
    customer = await people.customer()
    said = await customer.say("发票抬头写错了，怎么重开发票")
    await customer.answer_to(said)
    conversation_id = said["conversation_id"]
    await house.rows(  # as the turn may have misheard it
        "update conversations set signals = signals || jsonb_build_object('topic', '故障/甘特图') where id = $1::uuid",
        UUID(conversation_id),
    )

    await customer.do("request_human", conversation_id=conversation_id)

    row = (await house.rows("select group_id, signals ->> 'topic' as topic from conversations"))[0]
    assert (str(row["group_id"]), row["topic"]) == (billing["id"], "账单/发票")


async def test_the_named_manager_goes_first_though_from_another_group(house: House, people: People) -> None:
    group = await people.group("auto")
    manager, agent = await people.agent(await people.group("auto")), await people.agent(group)
    claims = {"tier": "enterprise", "company": {"id": "acme", "name": "远山科技"}}
    customer = await people.customer(identity=people.identity("key", **claims))
    named = await house.rows(
        "update companies set success_manager = $1::uuid where external_id = 'acme' returning id", UUID(manager.id)
    )
    assert named
    ack = await customer.do("request_human", topic=group["name"])
    assert (ack["outcome"], await owner(house, ack["conversation_id"])) == ("assigned", manager.id)

    await manager.client.ask("set_presence", status="away", reason="meeting")
    await manager.client.do(
        "transfer", conversation_id=ack["conversation_id"], to={"group_id": group["id"]}, note="密语：请接一下"
    )
    assert await owner(house, ack["conversation_id"]) == agent.id


async def test_a_manager_from_outside_takes_their_customer_while_the_group_is_full(
    house: House, people: People
) -> None:
    group = await people.group("auto")
    await people.agent(group, capacity=1)
    manager = await people.agent(await people.group("auto"), online=False)
    await people.waiting_customer(group["name"])
    _, earlier = await people.waiting_customer(group["name"])
    claims = {"tier": "enterprise", "company": {"id": "acme", "name": "远山科技"}}
    customer = await people.customer(identity=people.identity("key", **claims))
    await house.rows(
        "update companies set success_manager = $1::uuid where external_id = 'acme' returning id", UUID(manager.id)
    )
    theirs = (await customer.do("request_human", topic=group["name"]))["conversation_id"]
    assert await owner(house, theirs) is None

    await manager.client.ask("set_presence", status="online")
    assert await owner(house, theirs) == manager.id
    assert await owner(house, earlier) is None  # whose turn it is in that line is another matter


async def test_the_agent_of_last_time_is_preferred_except_after_a_bad_rating(house: House, people: People) -> None:
    group = await people.group("auto")
    seats = [await people.agent(group), await people.agent(group)]
    customer = await people.customer()

    first = (await customer.do("request_human", topic=group["name"]))["conversation_id"]
    whose = await owner(house, first)
    had = next(seat for seat in seats if seat.id == whose)
    other = next(seat for seat in seats if seat is not had)
    await had.client.do("close", conversation_id=first, resolved=True)
    while await _load(house, had.id) <= await _load(house, other.id):
        await people.waiting_customer(group["name"])

    second = (await customer.do("request_human"))["conversation_id"]
    assert await owner(house, second) == had.id

    await had.client.do("close", conversation_id=second, resolved=False)
    await customer.do("rate_conversation", conversation_id=second, csat=1)
    while await _load(house, had.id) <= await _load(house, other.id):
        await people.waiting_customer(group["name"])
    third = (await customer.do("request_human"))["conversation_id"]
    assert await owner(house, third) == other.id


async def test_after_two_minutes_in_line_the_agent_of_last_time_is_one_of_many(house: House, people: People) -> None:
    group = await people.group("pick")
    had, other = await people.agent(group), await people.agent(group)
    customer = await people.customer()
    first = (await customer.do("request_human", topic=group["name"]))["conversation_id"]
    await had.client.do("accept", conversation_id=first)
    await had.client.do("close", conversation_id=first, resolved=True)
    again = (await customer.do("request_human"))["conversation_id"]
    _, another = await people.waiting_customer(group["name"])
    await had.client.do("accept", conversation_id=another)

    house.clock.advance(121)
    await people.api("PATCH", f"/groups/{group['id']}", {"assignment": "auto"})
    await house.pass_time()
    assert await owner(house, again) == other.id


async def _load(house: House, agent: str) -> int:
    rows = await house.rows(
        "select count(*) as n from conversations where owner = $1::uuid and state = 'human'", UUID(agent)
    )
    return int(rows[0]["n"])


async def test_no_more_new_ones_is_not_away(house: House, people: People) -> None:
    group = await people.group("auto")
    seat = await people.agent(group)
    await seat.client.ask("set_presence", status="online", accepting=False)
    customer, waiting = await people.waiting_customer(group["name"])
    assert await owner(house, waiting) is None
    await seat.client.do("accept", conversation_id=waiting)  # what they choose themselves they may have
    await customer.state("human")
    assert await owner(house, waiting) == seat.id
