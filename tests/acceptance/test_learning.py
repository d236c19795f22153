"""What people say about answers changes the answers: from the agent's flag to what the next customer hears."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.acceptance import commands
from tests.acceptance.conftest import MakeProgram
from tests.acceptance.people import KNOWN, People, Seat, people_of
from tests.acceptance.program import KNOWLEDGE, Program
from tests.clients import ChatClient

pytestmark = pytest.mark.slow

#: A nickname that customers have for a thing whose article does not know it.
NICKNAME = "小蓝鲸"
#: Answered with the article about pictures.
MISTAKEN = "甘特图能保存成 PNG 照片吗"
UNSEEN = f"昨天的{NICKNAME}能存成图片吗"
ENOUGH = 20


@pytest.fixture
def program(make_program: MakeProgram, dsn: str) -> Program:
    made = make_program(dsn, LEARNING__LEAST_HELD_OUT=str(ENOUGH), LEARNING__SWEEP_SECONDS="0.2")
    made.start()
    return made


@pytest.fixture
async def people(program: Program) -> AsyncIterator[People]:
    async with people_of(program) as made:
        yield made


def _train(program: Program, dsn: str, *arguments: str) -> dict[str, Any]:
    done = commands.run(
        "train", "--json", *arguments,
        YINGDA_DATABASE__URL=dsn, YINGDA_DATA_DIR=str(program.folder), YINGDA_LEARNING__LEAST_HELD_OUT=str(ENOUGH),
    )  # fmt: skip
    assert done.status == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


async def _answer(people: People, text: str) -> dict[str, Any]:
    customer = await people.customer()
    return await customer.answer_to(await customer.say(text))


async def _teach(people: People, questions: list[str], article_id: str | None) -> None:
    for question in questions:
        await people.api("POST", "/learning/pairs", {"question": question, "article_id": article_id})


async def _serving(people: People, version: int) -> None:
    async with asyncio.timeout(90):
        while (await people.api("GET", "/articles?limit=1"))["index"]["version"] != version:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def _nicknamed() -> list[str]:
    asks = ["怎么存成图片", "能存成图片吗", "如何变成图片", "图片在哪下载", "怎么下载成图片", "可以导成图片吗"]
    openings = ["", "请问", "我们的", "项目里的", "老板要的"]
    return [f"{opening}{NICKNAME}{ask}" for opening in openings for ask in asks]


async def _flagged(people: People, text: str) -> tuple[ChatClient, Seat, str, int]:
    """A customer whose answer an agent flags: customer, agent, conversation, the answer's place."""
    group = await people.group()
    seat = await people.agent(group)
    customer = await people.customer()
    ack = await customer.say(text)
    answer = await customer.answer_to(ack)
    return customer, seat, ack["conversation_id"], answer["seq"]


async def test_from_the_flag_to_another_answer_and_back(people: People, program: Program, dsn: str) -> None:
    before = await _answer(people, MISTAKEN)
    assert [source["article_id"] for source in before["sources"]] == ["gantt-image"]
    _, seat, conversation_id, seq = await _flagged(people, MISTAKEN)
    flag = {"comment": "客户问的是另一件事"}
    path = f"/conversations/{conversation_id}/events/{seq}/flag"
    task_id = (await people.api("POST", path, flag, token=seat.staff.token))["task_id"]

    editor = await people.staff(role="editor")
    listed = await people.api("GET", "/learning/tasks", token=editor.token)
    assert [(task["id"], task["question"], task["comment"]) for task in listed["items"]] == [
        (task_id, MISTAKEN, "客户问的是另一件事")
    ]
    task = await people.api("GET", f"/learning/tasks/{task_id}", token=editor.token)
    assert "gantt-image" in [each["article_id"] for each in task["suggestions"]]
    resolution = {"outcome": "article", "article_id": "gantt-pdf"}
    await people.api("POST", f"/learning/tasks/{task_id}/resolve", resolution, token=editor.token)
    await _teach(people, _nicknamed(), "gantt-image")

    assert not (await _answer(people, UNSEEN))["sources"]
    rehearsed = _train(program, dsn, "--dry-run")
    assert (rehearsed["better"], rehearsed["promoted"]) == ("lessons", None)
    done = _train(program, dsn)
    attempt = done["attempts"][0]
    assert attempt["questions"] == len(_nicknamed()) + 1
    assert attempt["after"]["right"] > attempt["before"]["right"]
    assert done["promoted"] == done["served_before"] + 1

    await _serving(people, done["promoted"])
    assert [each["article_id"] for each in (await _answer(people, UNSEEN))["sources"]] == ["gantt-image"]
    assert [each["article_id"] for each in (await _answer(people, MISTAKEN))["sources"]] == ["gantt-pdf"]

    environment = {"YINGDA_DATABASE__URL": dsn, "YINGDA_DATA_DIR": str(program.folder)}
    assert commands.run("index", "rollback", **environment).status == 0
    await _serving(people, done["served_before"])
    assert [each["article_id"] for each in (await _answer(people, MISTAKEN))["sources"]] == ["gantt-image"]


async def test_too_little_or_nothing_better_promotes_nothing(people: People, program: Program, dsn: str) -> None:
    await _teach(people, _nicknamed()[: ENOUGH - 1], "gantt-image")
    little = _train(program, dsn)
    assert little["promoted"] is None
    assert "prove nothing" in little["attempts"][0]["reason"]

    for pair in (await people.api("GET", "/learning/pairs?limit=200"))["items"]:
        await people.api("PATCH", f"/learning/pairs/{pair['id']}", {"dismissed": True})
    known = [json.loads(line) for line in (KNOWLEDGE / "desk.jsonl").read_text("utf-8").splitlines()]
    for article in known:  # answered well without any lesson: nothing gets better
        await _teach(people, [article["question"], *article["variants"]], article["id"])
    noise = _train(program, dsn)
    assert noise["attempts"][0]["questions"] == 3 * len(known)
    assert (noise["better"], noise["promoted"]) == (None, None)


async def test_what_was_learnt_goes_on_into_the_next_version(people: People, program: Program, dsn: str) -> None:
    await _teach(people, _nicknamed(), "gantt-image")
    promoted = _train(program, dsn)["promoted"]
    assert promoted is not None
    article = await people.api("GET", "/articles/password")
    await people.api("PATCH", "/articles/password", {"answer": article["answer"] + " 或联系管理员。"})
    await _serving(people, promoted + 1)
    assert [each["article_id"] for each in (await _answer(people, UNSEEN))["sources"]] == ["gantt-image"]


async def _status(people: People, method: str, path: str, token: str, body: Any = None) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(people.program.url, headers=headers) as session,
        session.request(method, f"/api/v1{path}", json=body) as response,
    ):
        return response.status


async def test_who_may_do_what(people: People) -> None:
    _, seat, conversation_id, seq = await _flagged(people, KNOWN)
    editor = await people.staff(role="editor")
    supervisor = await people.staff(role="supervisor")
    path = f"/conversations/{conversation_id}/events/{seq}/flag"
    assert await _status(people, "POST", path, editor.token, {}) == 403
    assert await _status(people, "POST", path, seat.staff.token, {"article_id": "no-such"}) == 400
    assert await _status(people, "POST", f"/conversations/{conversation_id}/events/1/flag", seat.staff.token, {}) == 404
    assert await _status(people, "POST", f"/conversations/{conversation_id}/events/x/flag", seat.staff.token, {}) == 404
    assert await _status(people, "POST", path, seat.staff.token, {}) == 201
    for path in ("/learning/tasks", "/learning/pairs"):
        assert await _status(people, "GET", path, seat.staff.token) == 403
        assert await _status(people, "GET", path, supervisor.token) == 403
        assert await _status(people, "GET", path, editor.token) == 200


async def test_another_groups_answer_cannot_be_flagged(people: People) -> None:
    group, other = await people.group(), await people.group()
    stranger = await people.agent(other)
    customer = await people.customer()
    ack = await customer.say(KNOWN)
    seq = (await customer.answer_to(ack))["seq"]
    await customer.do("request_human", topic=group["name"])
    path = f"/conversations/{ack['conversation_id']}/events/{seq}/flag"
    assert await _status(people, "POST", path, stranger.staff.token, {}) == 404
