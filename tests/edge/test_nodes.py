"""Two nodes of one desk on one database and one Redis: who is at one hears what happens at the other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from database.pool import Database
from router.conversations.batch import Moment
from router.conversations.log import event_from_row
from router.conversations.loose_ends import LooseEnds
from router.conversations.records import Change, Conversation
from router.conversations.transitions import state_event, to_human
from router.payloads.log import AgentRef
from tests.acceptance.people import KNOWN, People, eventually, people_of
from tests.edge.conftest import OpenHouse
from tests.edge.dying_node import committed_by_a_dying_node
from tests.edge.house import House
from tests.wires import RedisForTests


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with RedisForTests(tmp_path_factory.mktemp("redis")) as server:
        yield server


@dataclass(frozen=True)
class Desk:
    """``left`` and ``right`` are where people go; the houses are the nodes."""

    left: People
    right: People
    houses: tuple[House, House]

    async def pass_time(self, seconds: float = 0) -> None:
        self.houses[0].clock.advance(seconds)
        for house in self.houses:
            await house.desk.timetable.run_once()


@pytest.fixture
async def desk(open_house: OpenHouse, redis_server: RedisForTests) -> AsyncIterator[Desk]:
    settings = {"REDIS__URL": redis_server.url, "REDIS__CHANNEL": uuid4().hex}
    houses = (await open_house(**settings), await open_house(**settings))
    async with people_of(houses[0]) as left, people_of(houses[1]) as right:
        await eventually(lambda: all(house.desk.is_connected_to(1) for house in houses))
        yield Desk(left, right, houses)


def _is_gone(conversation_id: str, step: dict[str, Any]) -> bool:
    return conversation_id in step["remove"]


async def test_a_customer_at_one_node_and_an_agent_at_the_other_hear_each_other(desk: Desk) -> None:
    group = await desk.left.group("pick")
    agent = await desk.right.agent(group)
    customer = await desk.left.customer()

    ack = await customer.do("request_human", topic=group["name"])
    waits = await agent.client.until("waiting", lambda step: bool(step["upsert"]))
    assert waits["upsert"][0]["conversation_id"] == ack["conversation_id"]
    await agent.client.do("accept", conversation_id=ack["conversation_id"])
    human = await customer.state("human")
    assert human["agent"]["id"] == agent.id
    said = await customer.say("你好，在吗")
    heard = await agent.client.until("event", lambda e: e.get("id") == said["id"])
    assert heard["text"] == "你好，在吗"
    await agent.client.tell("typing", {"conversation_id": ack["conversation_id"]})
    assert (await customer.until("typing"))["actor"]["kind"] == "agent"
    await customer.tell("typing", {"conversation_id": ack["conversation_id"]})
    assert (await agent.client.until("typing"))["actor"]["kind"] == "customer"
    replied = await agent.client.do("send_message", conversation_id=ack["conversation_id"], text="在的")
    assert (await customer.until("event", lambda e: e.get("id") == replied["id"]))["text"] == "在的"
    await customer.ask("read", conversation_id=ack["conversation_id"], seq=replied["seq"])
    assert (await agent.client.until("read"))["seq"] == replied["seq"]
    await agent.client.do("close", conversation_id=ack["conversation_id"], resolved=True)
    assert (await customer.state("closed"))["reason"] == "resolved"
    log = [event["seq"] for event in customer.events(ack["conversation_id"])]
    assert log == list(range(1, len(log) + 1))


async def test_whom_a_dying_node_gave_a_customer_hears_of_it_although_the_talk_goes_on_here(desk: Desk) -> None:
    group = await desk.right.group("pick")
    agent = await desk.right.agent(group)
    customer, waiting = await desk.right.waiting_customer(group["name"])
    await agent.client.until("waiting", lambda step: bool(step["upsert"]))

    def assign(row: Conversation, moment: Moment) -> Change:
        ref = AgentRef(id=UUID(agent.id), name="小李")
        return Change(
            events=(state_event("human", "assigned", agent=ref),), fields=to_human(row, ref, "assigned", moment.now)
        )

    await committed_by_a_dying_node(desk.houses[1], UUID(waiting), assign)
    await customer.say("有人吗")

    assert (await agent.client.until("assigned"))["conversation_id"] == waiting
    assert (await customer.state("human"))["agent"]["id"] == agent.id


async def test_of_agents_at_both_nodes_one_gets_the_conversation(desk: Desk) -> None:
    group = await desk.left.group("pick")
    seats = [await side.agent(group, capacity=50) for side in (desk.left, desk.right) for _ in range(2)]
    customer = await desk.left.customer()
    for _ in range(5):
        waiting = (await customer.do("request_human", topic=group["name"]))["conversation_id"]

        answers = await asyncio.gather(
            *(seat.client.call("accept", {"client_id": str(uuid4()), "conversation_id": waiting}) for seat in seats)
        )

        winners = [seat for seat, answer in zip(seats, answers, strict=True) if answer["ok"]]
        assert len(winners) == 1, answers
        refusals = {answer["error"]["details"]["owner"] for answer in answers if not answer["ok"]}
        assert refusals == {winners[0].id}
        for seat in seats:  # everybody sees it leave the line
            await seat.client.until("waiting", partial(_is_gone, waiting))
        await winners[0].client.do("close", conversation_id=waiting, resolved=True)


async def test_one_client_id_at_both_nodes_is_one_message(desk: Desk) -> None:
    first = await desk.left.customer()
    visitor = first.all("welcome")[0]["visitor"]
    await first.say(KNOWN)
    pages = [first, *[await side.customer(visitor=visitor) for side in (desk.right, desk.left, desk.right)]]
    said = {"client_id": str(uuid4()), "text": "怎么改看板的列名"}

    acks = await asyncio.gather(*(pages[n % 4].call("send_message", said) for n in range(50)))

    assert all(ack == acks[0] and ack["ok"] for ack in acks)
    page = await pages[1].ask("sync", conversation_id=acks[0]["conversation_id"], after_seq=0)
    assert Counter(e.get("client_id") for e in page["events"])[said["client_id"]] == 1
    for each in pages:
        await each.answer_to(acks[0])


async def test_fragments_that_come_in_at_two_nodes_are_one_question(desk: Desk) -> None:
    first = await desk.left.customer()
    second = await desk.right.customer(visitor=first.all("welcome")[0]["visitor"])
    await first.say(KNOWN)
    await first.until("event", lambda e: e["actor"]["kind"] == "bot")

    await first.say("请问一下，")
    rest = await second.say("怎么把甘特图导出成图片")

    answer = await second.answer_to(rest)
    assert answer["reply_to_seq"] == rest["seq"]
    desk.houses[0].clock.advance(10)
    await desk.houses[0].close()  # nothing is being answered there any more
    page = await second.ask("sync", conversation_id=rest["conversation_id"], after_seq=0)
    assert [e["reply_to_seq"] for e in page["events"] if e["actor"]["kind"] == "bot"] == [1, rest["seq"]]


async def test_presence_and_rights_hold_at_both_nodes(desk: Desk) -> None:
    group = await desk.left.group("pick")
    supervisor = await desk.left.agent(group, role="supervisor")
    agent = await desk.right.agent(group, online=False)
    await agent.client.ask("set_presence", status="away", reason="吃饭")
    told = await supervisor.client.until("presence", lambda p: p["agent_id"] == agent.id and p["status"] == "away")
    assert told["reason"] == "吃饭"

    await desk.left.api("PATCH", f"/agents/{agent.id}", {"disabled": True})
    await desk.pass_time(10)

    await eventually(lambda: not agent.client.connected)


async def test_what_the_wire_lost_is_found_in_the_database(desk: Desk, redis_server: RedisForTests) -> None:
    group = await desk.left.group("pick")
    supervisor = await desk.left.agent(group, role="supervisor")
    agent = await desk.right.agent(group)
    customer = await desk.left.customer()
    redis_server.kill()

    ack = await customer.do("request_human", topic=group["name"])
    waiting = ack["conversation_id"]
    await agent.client.until("waiting", lambda step: waiting in str(step["upsert"]), timeout=15)
    await agent.client.do("accept", conversation_id=waiting)
    await customer.until("event", lambda e: e.get("state") == "human", timeout=15)
    note = await agent.client.do("add_note", conversation_id=waiting, text="密语")
    replied = await agent.client.do("send_message", conversation_id=waiting, text="在的")
    await customer.until("event", lambda e: e.get("id") == replied["id"], timeout=15)
    await customer.ask("read", conversation_id=waiting, seq=replied["seq"])
    await agent.client.until("read", lambda mark: mark["seq"] == replied["seq"], timeout=15)
    await agent.client.ask("set_presence", status="away")
    await supervisor.client.until("presence", lambda p: p["status"] == "away", timeout=15)
    said = await customer.say("谢谢")
    await agent.client.until("event", lambda e: e.get("id") == said["id"], timeout=15)
    assert note["note_seq"] == 1

    redis_server.start()
    await eventually(lambda: all(house.desk.is_connected_to(1) for house in desk.houses), seconds=15)
    await customer.tell("typing", {"conversation_id": waiting})
    await agent.client.until("typing")


async def test_a_talk_that_came_and_went_while_the_wire_was_lost_is_told(
    desk: Desk, redis_server: RedisForTests
) -> None:
    customer = await desk.left.customer()
    elsewhere = await desk.right.customer(visitor=customer.all("welcome")[0]["visitor"])
    redis_server.kill()
    await eventually(lambda: not desk.houses[1].desk.is_connected_to(1), seconds=15)
    try:
        said = await customer.say("在吗")
        await customer.do("close", conversation_id=said["conversation_id"])

        await elsewhere.until("event", lambda e: e.get("id") == said["id"], timeout=15)
        await elsewhere.until("event", lambda e: e.get("state") == "closed", timeout=15)
    finally:
        redis_server.start()


async def test_another_index_and_other_settings_hold_at_both_nodes(desk: Desk) -> None:
    revision = (await desk.left.api("GET", "/settings"))["revision"]
    notice = {"privacy.notice.zh-CN": "对话会保存三个月。"}
    await desk.left.api("PATCH", "/settings", {"changes": notice, "revision": revision})
    article = {"id": "squirrel", "question": "怎么给松鼠剪指甲", "answer": "先问松鼠。"}
    await desk.left.api("POST", "/articles", article)
    async with asyncio.timeout(30):
        while (await desk.left.api("GET", "/articles?limit=1"))["index"]["building"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    await desk.pass_time(3)

    customer = await desk.right.customer()
    assert customer.all("welcome")[0]["privacy"]["text"] == notice["privacy.notice.zh-CN"]
    answer = await customer.answer_to(await customer.say(article["question"]))
    assert article["answer"] in answer["text"]


async def test_half_a_sentence_that_another_node_answered_is_found_in_the_log(desk: Desk, database: Database) -> None:
    customer = await desk.left.customer()
    half = await customer.say("我的甘特图，")
    desk.houses[0].clock.advance(3)
    await customer.answer_to(half)
    rest = await customer.say(KNOWN)
    rows = await database.fetch("select * from events where seq = $1", rest["seq"])
    row = await database.fetchrow("select * from conversations")
    assert row is not None
    at_another = LooseEnds(database, lambda text: text.endswith("，"), within_seconds=8, alone=False)
    too_late = LooseEnds(database, lambda text: text.endswith("，"), within_seconds=2, alone=False)

    found = [await ends.before(Conversation.from_row(row), event_from_row(rows[0])) for ends in (at_another, too_late)]

    assert found == ["我的甘特图，", None]
