"""Workbooks: what is in them, read back; who gets which; nothing in them is a formula; too long a list says so."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import aiohttp
import pytest
from python_calamine import CalamineWorkbook

from router.exports.lists import LISTS
from tests.acceptance.people import People, people_of
from tests.edge.conftest import OpenHouse
from tests.edge.house import House

_EVIL = ['=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3|cmd", "@SUM(A1)", "\t=1+1", "普通的话"]


@pytest.fixture
async def people(open_house: OpenHouse) -> AsyncIterator[People]:
    async with people_of(await open_house(ROUTING__ASSIGNMENT="pick")) as made:
        yield made


async def _book(people: People, path: str, token: str | None = None) -> tuple[str, dict[str, list[list[Any]]]]:
    """The file's name, and its sheets by name."""
    headers = {"Authorization": f"Bearer {token or await people.admin_token()}"}
    async with (
        aiohttp.ClientSession(people.program.url, headers=headers) as session,
        session.get(f"/api/v1{path}") as response,
    ):
        assert response.status == 200, await response.text()
        assert response.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        name = unquote(response.headers["Content-Disposition"].split("UTF-8''")[1])
        book = CalamineWorkbook.from_filelike(io.BytesIO(await response.read()))
    return name, {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}


async def test_a_list_becomes_a_workbook_of_what_its_reader_may_see_and_its_words_stay_words(people: People) -> None:
    mine, others = await people.group(), await people.group()
    agent = await people.agent(mine)
    said = {}
    for text in _EVIL:
        customer, conversation_id = await people.waiting_customer(mine["name"])
        await customer.do("send_message", conversation_id=conversation_id, text=text)
        said[conversation_id] = text.strip()
    _, hidden = await people.waiting_customer(others["name"])

    name, sheets = await _book(people, "/exports/conversations?state=waiting", agent.staff.token)

    assert name.startswith("会话 2026-11-23 10")
    head, *rows = sheets["会话"]
    found = {row[head.index("会话编号")]: row for row in rows}
    assert set(found) == set(said)
    assert hidden not in found
    assert {key: row[head.index("最后一句")] for key, row in found.items()} == said
    assert {row[head.index("状态")] for row in rows} == {"排队"}
    assert {row[head.index("开始时间")].isoformat()[:16] for row in rows} == {"2026-11-23T10:00"}
    assert ["行数", float(len(said))] in sheets["说明"]
    assert ["时间所用时区", "Asia/Shanghai"] in sheets["说明"]

    # A supervisor gets everything, in English, and the audit knows.
    _, sheets = await _book(people, "/exports/conversations?locale=en&customer_id=" + str(uuid4()))
    assert (list(sheets), len(sheets["Conversations"])) == (["Conversations", "About"], 1)
    house = people.program
    assert isinstance(house, House)
    entries = await house.rows("select subject_id, detail from audit where action = 'list.exported' order by id")
    assert [row["subject_id"] for row in entries] == ["conversations", "conversations"]
    assert "customer_id" in entries[1]["detail"]
    assert str(len(said)) in entries[0]["detail"]


async def test_every_list_can_be_exported_by_who_may_read_it_and_by_nobody_else(people: People) -> None:
    agent = await people.staff(role="agent")
    editor = await people.staff(role="editor")
    window = "since=2026-11-23T00:00:00Z&until=2026-11-24T00:00:00Z&segment=all"
    for name in LISTS:
        _, sheets = await _book(people, f"/exports/{name}?{window}")
        assert len(sheets) == 2
    for name, token in (
        ("ratings", agent.token), ("unanswered", agent.token), ("analytics", agent.token), ("tickets", editor.token),
        ("customers", editor.token), ("analytics", editor.token),
    ):  # fmt: skip
        assert await people.api_error("GET", f"/exports/{name}?{window}", token=token) == (403, "forbidden")
    assert await people.api_error("GET", "/exports/passwords") == (404, "not_found")
    assert await people.api_error("GET", "/exports/tickets?limit=many") == (400, "invalid")


async def test_the_dashboard_as_a_workbook_says_what_the_page_says(people: People) -> None:
    group = await people.group()
    await people.waiting_customer(group["name"])
    house = people.program
    assert isinstance(house, House)
    await house.pass_time(1)
    name, sheets = await _book(people, "/analytics/export?since=2026-11-23&until=2026-11-23")
    assert name == "数据看板 2026-11-23 2026-11-23.xlsx"
    told = {row[0]: row[1:4] for row in sheets["总览"]}
    assert told["会话"][:2] == [1.0, 1.0]
    assert told["转人工"] == ["100.0%", 1.0, 1.0]
    assert told["净推荐值（NPS）"][0] == "–"
    assert sheets["转人工的原因"][1][:3] == ["主动要求人工", 1.0, 1.0]
    assert len(sheets["趋势"]) == 1 + 24


async def test_a_list_that_is_too_long_says_that_it_was_cut(open_house: OpenHouse) -> None:
    async with people_of(await open_house(EXPORTS__MOST_ROWS="2")) as people:
        for name in ("one", "two", "three"):
            await people.api("POST", "/companies", {"name": name})
        _, sheets = await _book(people, "/exports/companies")
        assert len(sheets["公司"]) == 1 + 2
        assert ["注意", "只导出了前 2 行，后面还有。请缩小筛选范围再导出。"] in sheets["说明"]
