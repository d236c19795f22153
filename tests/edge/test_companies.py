"""Companies: made or linked on sight, changed at the desk, merged; their tier counts, their manager is theirs."""

from __future__ import annotations

from typing import Any

from tests.acceptance.people import People
from tests.edge.house import House


async def _customer(people: People, customer_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await people.api("GET", f"/customers/{customer_id}")
    return found


async def test_a_signed_company_is_made_on_sight_and_found_again_by_its_id(house: House, people: People) -> None:
    await people.customer(identity=people.identity("u-1", name="周敏", company={"id": "c-9", "name": "远山家居"}))
    await people.customer(identity=people.identity("u-2", company={"id": "c-9", "name": "远山家居（新）"}))
    await people.customer(identity=people.identity("u-3", company={"name": "蓝鲸制造"}))
    await people.customer(identity=people.identity("u-4", company={"name": "蓝鲸制造"}))
    await people.customer()

    companies = (await people.api("GET", "/companies"))["items"]
    seen = {(one["external_id"], one["name"], one["contacts"]) for one in companies}
    assert seen == {("c-9", "远山家居", 2), (None, "蓝鲸制造", 2)}
    (found,) = (await people.api("GET", "/companies?q=c-9"))["items"]
    contacts = (await people.api("GET", f"/customers?company_id={found['id']}"))["items"]
    assert {contact["external_id"] for contact in contacts} == {"u-1", "u-2"}
    assert (await people.api("GET", "/companies?q=%25"))["items"] == []
    page = await people.api("GET", "/companies?limit=1")
    (second,) = (await people.api("GET", f"/companies?limit=1&cursor={page['next']}"))["items"]
    assert second["id"] != page["items"][0]["id"]


async def test_the_companys_tier_counts_where_it_is_the_higher_one(house: House, people: People) -> None:
    group = await people.group()
    agent = await people.agent(group)
    signed = people.identity("u-1", tier="standard", company={"id": "c-9", "name": "远山家居"})
    await people.customer(identity=signed)
    (company,) = (await people.api("GET", "/companies"))["items"]
    (customer,) = (await people.api("GET", "/customers?q=u-1"))["items"]
    assert (customer["tier"], customer["signed_tier"]) == ("standard", "standard")

    raise_it = {"version": company["version"], "tier": "strategic"}
    path = f"/companies/{company['id']}"
    assert await people.api_error("PATCH", path, raise_it, token=agent.staff.token) == (403, "forbidden")
    unknown = {"version": company["version"], "tier": "platinum"}
    assert await people.api_error("PATCH", path, unknown) == (400, "invalid")
    changed = await people.api("PATCH", path, raise_it)
    assert await people.api_error("PATCH", path, raise_it) == (409, "conflict")
    assert (await _customer(people, customer["id"]))["tier"] == "strategic"

    await people.waiting_customer(group["name"], identity=signed)
    line = await agent.client.ask("waiting_line")
    assert [item["customer"]["tier"] for item in line["items"]] == ["strategic"]
    assert line["items"][0]["priority"] == 1200
    # The higher one counts, whichever it is.
    await people.api("PATCH", path, {"version": changed["version"], "tier": "free"})
    assert (await _customer(people, customer["id"]))["tier"] == "standard"


async def test_colleagues_fill_a_company_in_and_two_that_are_one_are_merged(house: House, people: People) -> None:
    manager = await people.staff()
    await people.customer(identity=people.identity("u-1", company={"id": "c-1", "name": "远山"}))
    await people.customer(identity=people.identity("u-2", company={"id": "c-2", "name": "远山家居有限公司"}))
    found = {one["external_id"]: one for one in (await people.api("GET", "/companies"))["items"]}
    kept, other = found["c-1"], found["c-2"]
    (contact,) = (await people.api("GET", f"/customers?company_id={other['id']}"))["items"]
    facts = {
        "edition": "企业版", "product_version": "8.2", "hosting": "private", "contract_start": "2026-01-01",
        "contract_end": "2026-12-31", "tags": ["续费", "续费", " 制造业 "], "main_contact": contact["id"],
        "success_manager": manager.id,
    }  # fmt: skip
    other = await people.api("PATCH", f"/companies/{other['id']}", {"version": other["version"], **facts})
    assert other["tags"] == ["续费", "制造业"]
    await people.api("POST", f"/companies/{other['id']}/notes", {"text": "合同快到期"})
    ends = "/companies?contract_ends_by="
    assert [one["id"] for one in (await people.api("GET", f"{ends}2026-12-31"))["items"]] == [other["id"]]
    assert (await people.api("GET", f"{ends}2026-12-30"))["items"] == []
    backwards = {"version": other["version"], "contract_end": "2025-01-01"}
    assert await people.api_error("PATCH", f"/companies/{other['id']}", backwards) == (400, "invalid")
    foreign = {"version": kept["version"], "main_contact": contact["id"]}
    assert await people.api_error("PATCH", f"/companies/{kept['id']}", foreign) == (400, "invalid")
    taken = {"version": kept["version"], "external_id": "c-2"}
    assert await people.api_error("PATCH", f"/companies/{kept['id']}", taken) == (409, "conflict")

    merge = {"other_id": other["id"], "version": kept["version"], "confirmed": True}
    unsure = await people.api_error("POST", f"/companies/{kept['id']}/merge", {**merge, "confirmed": False})
    assert unsure == (400, "invalid")
    merged = await people.api("POST", f"/companies/{kept['id']}/merge", merge)

    filled = {name: merged[name] for name in facts if name != "tags"}
    assert filled == {name: value for name, value in facts.items() if name != "tags"}
    assert (merged["contacts"], merged["name"]) == (2, "远山")
    assert (await people.api("GET", f"/companies/{other['id']}"))["id"] == kept["id"]
    (note,) = (await people.api("GET", f"/companies/{kept['id']}/notes"))["items"]
    assert note["text"] == "合同快到期"
    # Who is signed as of the merged one belongs to the one that is left.
    await people.customer(identity=people.identity("u-3", company={"id": "c-2", "name": "远山家居有限公司"}))
    assert [one["contacts"] for one in (await people.api("GET", "/companies"))["items"]] == [3]
    audited = await house.rows("select action from audit where subject_kind = 'company' order by id")
    assert [row["action"] for row in audited] == ["company.changed", "company.merged"]
