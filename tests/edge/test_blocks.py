"""The block list: proposed by agents, approved by a supervisor, in force at once on open pages, over by itself."""

from __future__ import annotations

from uuid import uuid4

from tests.acceptance.people import KNOWN, People, refusal_of
from tests.edge.house import House

_HOUR = 3_600.0


async def test_a_block_is_proposed_approved_in_force_at_once_and_over_by_itself(house: House, people: People) -> None:
    group = await people.group()
    agent, boss = await people.agent(group), await people.agent(role="supervisor")
    customer, conversation_id = await people.waiting_customer(group["name"])
    await agent.client.do("accept", conversation_id=conversation_id)
    payload = {"client_id": str(uuid4()), "text": "你们怎么回事"}
    said = await customer.call("send_message", payload)
    (found,) = (await people.api("GET", "/customers"))["items"]
    path = f"/customers/{found['id']}/blocks"
    body = {"reason": "连续辱骂", "hours": 2, "conversation_id": conversation_id}
    block = await people.api("POST", path, body, token=agent.staff.token)
    assert (block["state"], block["ends_at"]) == ("proposed", None)
    assert await people.api_error("POST", path, body, token=agent.staff.token) == (409, "conflict")
    asked = await boss.client.until("alert", lambda alert: alert["kind"] == "block_asked")
    assert asked["text"] == "连续辱骂"
    await customer.say("还能说话吗")
    decision = f"/blocks/{block['id']}/decision"
    approve = {"decision": "approve", "hours": 1}
    assert await people.api_error("POST", decision, approve, token=agent.staff.token) == (403, "forbidden")

    approved = await people.api("POST", decision, approve, token=boss.staff.token)

    assert approved["state"] == "approved"
    over = await customer.state("closed")
    assert "reason" not in over
    (words,) = [event for event in customer.events(conversation_id) if event["seq"] == over["seq"] - 1]
    assert words["text"] == "这次会话先到这里，暂时不能继续。谢谢您的理解。"
    gone = await agent.client.until("unassigned", lambda one: one["conversation_id"] == conversation_id)
    assert gone["reason"] == "blocked"
    for event, more in (("send_message", {"text": KNOWN}), ("request_human", {}), ("rate_conversation", {"csat": 1})):
        refusal = await refusal_of(
            customer, event, {"client_id": str(uuid4()), "conversation_id": conversation_id, **more}
        )
        assert refusal["code"] == "forbidden", event
    assert await customer.call("send_message", payload) == said
    assert (await customer.ask("sync", conversation_id=conversation_id, after_seq=0))["state"] == "closed"
    in_force = (await people.api("GET", "/blocks?in_force=true"))["items"]
    assert [one["id"] for one in in_force] == [block["id"]]
    assert [one["id"] for one in (await people.api("GET", "/customers?blocked=true"))["items"]] == [found["id"]]

    # A new page and a new life of the server change nothing.
    token = customer.all("welcome")[0]["visitor"]
    await house.restart()
    again = await people.customer(visitor=token)
    refusal = await refusal_of(again, "send_message", {"client_id": str(uuid4()), "text": KNOWN})
    assert refusal["code"] == "forbidden"
    await house.pass_time(_HOUR - 1)
    assert (await refusal_of(again, "send_message", {"client_id": str(uuid4()), "text": KNOWN}))["code"] == "forbidden"
    await house.pass_time(1)
    ack = await again.say(KNOWN)
    assert ack["conversation_id"] != conversation_id
    assert (await people.api("GET", "/blocks?in_force=true"))["items"] == []
    actions = await house.rows("select action from audit where action like 'block%' order by id")
    assert [row["action"] for row in actions] == ["block.proposed", "block.approved"]


async def test_supervisors_block_at_once_refuse_and_lift(house: House, people: People) -> None:
    boss, agent = await people.staff(role="supervisor"), await people.staff()
    customer = await people.customer()
    await customer.say(KNOWN)
    (found,) = (await people.api("GET", "/customers"))["items"]
    path = f"/customers/{found['id']}/blocks"

    refused = await people.api("POST", path, {"reason": "广告", "hours": 5}, token=agent.token)
    await people.api("POST", f"/blocks/{refused['id']}/decision", {"decision": "refuse"}, token=boss.token)
    await customer.say(KNOWN)
    block = await people.api("POST", path, {"reason": "广告", "hours": 5}, token=boss.token)
    assert block["state"] == "approved"
    await customer.state("closed")
    assert (await refusal_of(customer, "request_human", {"client_id": str(uuid4())}))["code"] == "forbidden"
    lift = {"decision": "lift"}
    await people.api("POST", f"/blocks/{block['id']}/decision", lift, token=boss.token)
    await customer.say(KNOWN)

    again = await people.api_error("POST", f"/blocks/{block['id']}/decision", lift, token=boss.token)
    assert again == (409, "conflict")
    history = (await people.api("GET", path))["items"]
    assert [one["state"] for one in history] == ["lifted", "refused"]
    for wrong in ({"reason": "", "hours": 1}, {"reason": "x", "hours": 0}):
        assert await people.api_error("POST", path, wrong, token=boss.token) == (400, "invalid")


async def test_somebody_blocked_who_signs_in_stays_blocked(house: House, people: People) -> None:
    await people.customer(identity=people.identity("u-1"))
    visitor = await people.customer()
    (anonymous,) = [one for one in (await people.api("GET", "/customers"))["items"] if one["external_id"] is None]
    await people.api("POST", f"/customers/{anonymous['id']}/blocks", {"reason": "广告", "hours": 1})
    token = visitor.all("welcome")[0]["visitor"]
    signed = await people.customer(visitor=token, identity=people.identity("u-1"))
    refusal = await refusal_of(signed, "send_message", {"client_id": str(uuid4()), "text": KNOWN})
    assert refusal["code"] == "forbidden"
