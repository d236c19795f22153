"""Customers at the desk: fields, tags and notes; two who are one are joined without losing a log."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.acceptance.people import KNOWN, People, eventually
from tests.edge.house import House


async def _found(people: People, query: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await people.api("GET", f"/customers?{query}"))["items"]
    return items


async def test_colleagues_keep_what_they_know_of_a_customer(house: House, people: People) -> None:
    agent, colleague = await people.staff(), await people.staff()
    visitor = await people.customer()
    await visitor.say(KNOWN)
    (customer,) = await _found(people, "")
    path = f"/customers/{customer['id']}"
    facts = {
        "name": "周敏", "phone": "+86 138 0000 1234", "email": "zhou@example.cn", "company_name": "远山家居",
        "tags": ["VIP 试点", "续费"], "edition": "企业版", "product_version": "8.2",
    }  # fmt: skip
    changed = await people.api("PATCH", path, {"version": customer["version"], **facts}, token=agent.token)

    assert changed["company"]["name"] == "远山家居"
    assert {name: changed[name] for name in ("tags", "edition", "product_version")} == {
        name: facts[name] for name in ("tags", "edition", "product_version")
    }
    stale = await people.api_error("PATCH", path, {"version": customer["version"], "name": "别人"}, token=agent.token)
    assert stale == (409, "conflict")
    for query in ("q=13800001234", "q=zhou@example.cn", "q=远山", "tag=续费", f"company_id={changed['company']['id']}"):
        assert [one["id"] for one in await _found(people, query)] == [customer["id"]], query
    assert await _found(people, "tag=没有") == await _found(people, "blocked=true") == []
    unlinked = await people.api("PATCH", path, {"company_name": ""}, token=agent.token)
    assert unlinked["company"] is None

    note = await people.api("POST", f"{path}/notes", {"text": "密语：喜欢先打电话"}, token=agent.token)
    (shown,) = (await people.api("GET", f"{path}/notes", token=colleague.token))["items"]
    assert (shown["text"], shown["actor_id"]) == ("密语：喜欢先打电话", agent.id)
    removal = f"/profile-notes/{note['id']}"
    assert await people.api_error("DELETE", removal, token=colleague.token) == (403, "forbidden")
    await people.api("DELETE", removal, token=agent.token)
    assert (await people.api("GET", f"{path}/notes"))["items"] == []
    written = await house.rows("select customers::text as line from customers union all select audit::text from audit")
    for secret in ("周敏", "zhou@example.cn", "13800001234", "喜欢先打电话"):
        assert not [row for row in written if secret in row["line"]], secret


async def test_a_visitor_is_joined_to_somebody_known_and_both_histories_are_one_thread(
    house: House, people: People
) -> None:
    group = await people.group()
    agent = await people.agent(group)
    signed = people.identity("u-1", name="周敏", phone="+86 138 0000 1234")
    known, known_id = await people.waiting_customer(group["name"], identity=signed)
    visitor = await people.customer()
    payload = {"client_id": str(uuid4()), "text": KNOWN}
    said = await visitor.call("send_message", payload)
    await visitor.answer_to(said)
    token = visitor.all("welcome")[0]["visitor"]
    (signed_one,) = await _found(people, "q=u-1")
    (anonymous,) = [one for one in await _found(people, "") if one["external_id"] is None]
    await people.api(
        "PATCH", f"/customers/{anonymous['id']}", {"phone": "13800001234", "email": "min@example.cn", "tags": ["试用"]}
    )
    await people.api("POST", f"/customers/{anonymous['id']}/notes", {"text": "密语：从展会来"})

    alike = await people.api("GET", f"/customers/{anonymous['id']}/alike", token=agent.staff.token)
    assert [one["id"] for one in alike["items"]] == [signed_one["id"]]
    join = f"/customers/{anonymous['id']}/join"
    body = {"other_id": signed_one["id"], "confirmed": True}
    for unsure in ({"other_id": signed_one["id"]}, {**body, "confirmed": False}):
        assert await people.api_error("POST", join, unsure, token=agent.staff.token) == (400, "invalid")
    kept = await people.api("POST", join, body, token=agent.staff.token)

    # Whoever is signed stays, with what was known of either.
    assert (kept["id"], kept["name"], kept["email"], kept["tags"]) == (
        signed_one["id"], "周敏", "min@example.cn", ["试用"],
    )  # fmt: skip
    assert (await people.api("GET", f"/customers/{anonymous['id']}"))["id"] == kept["id"]
    assert [one["id"] for one in await _found(people, "q=13800001234")] == [kept["id"]]
    assert [one["id"] for one in await _found(people, "")] == [kept["id"]]
    (note,) = (await people.api("GET", f"/customers/{kept['id']}/notes"))["items"]
    assert note["text"] == "密语：从展会来"
    # Nobody has two open conversations: the one in the line is further on, the bot's ends.
    ended = await house.rows("select id, reason, state from conversations where id = $1", said["conversation_id"])
    assert [(row["state"], row["reason"]) for row in ended] == [("closed", "merged")]
    await eventually(lambda: not visitor.connected)
    again = await people.customer(visitor=token)
    threads = await again.ask("threads")
    assert {thread["id"] for thread in threads["conversations"]} == {known_id, said["conversation_id"]}
    assert await again.call("send_message", payload) == said
    assert (await known.ask("threads"))["conversations"] == threads["conversations"]
    log = await again.ask("sync", conversation_id=said["conversation_id"], after_seq=0)
    assert log["events"][0]["text"] == KNOWN
    audited = await house.rows("select actor_id, detail from audit where action = 'customer.merged'")
    assert [(str(row["actor_id"]), row["detail"]) for row in audited] == [
        (agent.id, f'{{"from": "{anonymous["id"]}", "ended": 1}}')
    ]


async def test_two_signed_accounts_are_never_joined(house: House, people: People) -> None:
    for sub in ("u-1", "u-2"):
        await people.customer(identity=people.identity(sub))
    one, other = await _found(people, "")
    both = {"other_id": other["id"], "confirmed": True}
    assert await people.api_error("POST", f"/customers/{one['id']}/join", both) == (409, "conflict")
    alone = {"other_id": one["id"], "confirmed": True}
    assert await people.api_error("POST", f"/customers/{one['id']}/join", alone) == (400, "invalid")
    nobody = {"other_id": str(uuid4()), "confirmed": True}
    assert await people.api_error("POST", f"/customers/{one['id']}/join", nobody) == (404, "not_found")
