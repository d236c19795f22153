"""Knowledge over HTTP: what is refused, many editors at once, and what a change does to the answers."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.people import KNOWN, People, people_of

_QUESTION = "怎么给松鼠剪指甲"


def _article(**more: Any) -> dict[str, Any]:
    return {"id": f"a-{uuid4().hex[:12]}", "question": _QUESTION, "answer": "先问松鼠。", **more}


async def _ask(people: People, method: str, path: str, body: Any = None, key: str | None = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {await people.admin_token()}"} | ({"Idempotency-Key": key} if key else {})
    async with (
        aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=30)) as session,
        session.request(method, f"{people.program.url}/api/v1/articles{path}", json=body) as response,
    ):
        return response.status, await response.json()


async def _published(people: People) -> dict[str, Any]:
    """The index once nothing is being built any more."""
    async with asyncio.timeout(30):
        while True:
            _, listed = await _ask(people, "GET", "?limit=1")
            if not listed["index"]["building"]:
                index: dict[str, Any] = listed["index"]
                return index
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("field", ["valid_from", "valid_to"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
async def test_a_date_beyond_all_calendars_is_refused_and_publishing_goes_on(
    people: People, field: str, moment: str
) -> None:
    status, body = await _ask(people, "POST", "", _article(**{field: moment}))

    assert (status, body["error"]["code"]) == (400, "invalid")
    assert "1970" in body["error"]["message"]
    assert (await _published(people))["failed"] is None


@pytest.mark.parametrize("path", ["/%00", "/%00/history", "/%ED%A0%80/history", "/no-such/history"])
async def test_what_cannot_be_an_id_is_not_found(people: People, path: str) -> None:
    headers = {"Authorization": f"Bearer {await people.admin_token()}"}
    reader, writer = await asyncio.open_connection("127.0.0.1", people.program.port)
    lines = [f"GET /api/v1/articles{path} HTTP/1.1", "Host: x", *(f"{n}: {v}" for n, v in headers.items()), "", ""]
    writer.write("\r\n".join(lines).encode())

    status = await reader.readline()

    writer.close()
    assert status.split()[1] == b"404"


async def test_a_repeated_request_stores_one_article_and_has_the_same_answer(people: People) -> None:
    article, key = _article(), str(uuid4())

    first, second = await asyncio.gather(*(_ask(people, "POST", "", article, key) for _ in range(2)))

    assert first == second
    assert first[0] == 201
    assert (await _ask(people, "POST", "", article, key)) == first
    status, history = await _ask(people, "GET", f"/{article['id']}/history")
    assert (status, len(history["items"])) == (200, 1)
    assert (await _ask(people, "POST", "", article, str(uuid4())))[0] == 409


@pytest.mark.slow
async def test_many_articles_at_once_are_stored_and_published_while_the_chat_goes_on(
    make_program: MakeProgram, dsn: str
) -> None:
    program = make_program(dsn)
    await program.started()
    async with people_of(program) as people:
        await people.admin_token()
        version = (await _published(people))["version"]
        customer = await people.customer()

        articles = [_article(), *(_article(question=f"第 {number} 号仓库的钥匙归谁管") for number in range(39))]
        storing = asyncio.gather(*(_ask(people, "POST", "", article, str(uuid4())) for article in articles))
        said = await customer.say(KNOWN)
        assert (await customer.answer_to(said))["sources"]

        assert {status for status, _ in await storing} == {201}
        index = await _published(people)
        assert index["failed"] is None
        assert version < index["version"] <= version + 4  # many changes share a build
        asked = await (customer := await people.customer()).say(_QUESTION)
        answer = await customer.answer_to(asked)
        assert [source["article_id"] for source in answer["sources"]] == [articles[0]["id"]]


@pytest.mark.slow
async def test_a_change_right_before_a_crash_is_published_by_the_next_start(
    make_program: MakeProgram, dsn: str
) -> None:
    program = make_program(dsn)
    await program.started()
    async with people_of(program) as people:
        assert (await _ask(people, "POST", "", _article(), str(uuid4())))[0] == 201

        await program.killed_and_started()

        assert (await _published(people))["failed"] is None
        customer = await people.customer()
        said = await customer.say(_QUESTION)
        assert (await customer.answer_to(said))["sources"]


@pytest.mark.slow
async def test_a_build_that_fails_is_seen(make_program: MakeProgram, dsn: str) -> None:
    program = make_program(dsn)
    await program.started()
    async with people_of(program) as people:
        await people.admin_token()
        (program.folder / "index").rename(program.folder / "moved")
        (program.folder / "index").write_text("no folder")

        assert (await _ask(people, "POST", "", _article(), str(uuid4())))[0] == 201

        assert (await _published(people))["failed"]
        async with aiohttp.ClientSession() as session, session.get(f"{program.url}/metrics") as response:
            assert "yingda_index_build_failed 1.0" in await response.text()
