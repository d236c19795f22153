"""Erasing a customer: not a word of them is left anywhere, figures stay; and the copy that they may ask for before."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from tests.acceptance.people import KNOWN, UNKNOWN, People, eventually
from tests.clients import ChatClient
from tests.edge.files import fetch, sent
from tests.edge.house import House
from tests.edge.ticket_desk import TicketDesk, with_agent

_DAY = 86_400
_MARK = "獬豸"  # stands in everything that somebody says or writes below
_WORDS = "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
_SURE = {"confirmed": True}


def _visitor(client: ChatClient) -> str:
    return str(client.all("welcome")[0]["visitor"])


async def _left(house: House) -> dict[str, Any]:
    """Tables that still hold a word of the customer or about them, and what is sealed."""
    found = {}
    for row in await house.rows(_WORDS):
        name = row["table_name"]
        if rows := await house.rows(f'select t::text as line from "{name}" t where t::text like $1', f"%{_MARK}%"):
            found[name] = [each["line"][:300] for each in rows]
    sealed = await house.rows(
        "select coalesce(name_sealed, email_sealed, phone_sealed, email_hash, phone_hash) as kept from customers "
        "where erased_at is not null union all select contact_sealed from tickets union all "
        "select contact_sealed from tasks union all select sealed from notices where recipient_kind = 'customer'"
    )
    if any(row["kept"] for row in sealed):
        found["sealed"] = [len(sealed)]
    return found


async def _lived(house: House, people: People) -> tuple[ChatClient, str, str, dict[str, Any]]:
    """A customer with something of every kind; their page, their id, their conversation, a file of theirs."""
    identity = people.identity("u-1", name=f"{_MARK}女士", email="zhi@example.cn", phone="13800001234")
    group, seat, customer, conversation_id = await with_agent(people, identity=identity)
    customer_id = (await people.api("GET", "/customers?q=u-1"))["items"][0]["id"]
    await customer.ask("track", name=f"看了{_MARK}", properties={"词": _MARK}, url="https://shop.test/a")
    await customer.ask("track", name="$attributes", properties={"plan": _MARK})
    shot = await sent(house, _visitor(customer), name=f"{_MARK}.png")
    at = {"conversation_id": conversation_id}
    await customer.do("send_message", **at, text=f"我叫{_MARK}，请看图", upload_ids=[shot["id"]])
    await seat.client.do("send_message", **at, text=f"{_MARK}女士您好，请升级到 5.2 再导出")
    await seat.client.do("add_note", **at, text=f"{_MARK}很着急")
    desk = TicketDesk(people, seat)
    made = await desk.send("POST", "/tickets", {**at, "title": f"{_MARK}的导出", "summary": f"{_MARK}要的"})
    log = await sent(house, await people.token(seat.staff), name=f"{_MARK}日志.png")
    await desk.comment(made["number"], f"{_MARK}在等", "internal", upload_ids=[log["id"]])
    await desk.patch(made["number"], title=f"{_MARK}的图片导出")
    await people.api("POST", f"/customers/{customer_id}/notes", {"text": f"{_MARK}喜欢电话"})
    task = {"kind": "other", "customer_id": customer_id, "text": f"给{_MARK}寄资料"}
    await people.api("POST", "/tasks", {**task, "due_at": house.clock.now().isoformat(), "group_id": group["id"]})
    await seat.client.do(
        "close", **at, resolved=True, wrap_up={"category": "使用问题/甘特图", "note": f"{_MARK}谢过", "tags": [_MARK]}
    )
    await customer.do("rate_conversation", **at, resolved=True, csat=5, comment=f"{_MARK}很满意")
    await people.api("POST", f"/customers/{customer_id}/blocks", {"reason": f"{_MARK}闹过", "hours": 1})
    await seat.client.do("set_presence", status="offline")
    await house.pass_time(5)
    return customer, customer_id, conversation_id, shot


async def _copy(house: House, people: People, customer_id: str) -> zipfile.ZipFile:
    got = await fetch(house, f"/api/v1/customers/{customer_id}/copy", await people.admin_token())
    assert got.status == 200, got.body[:300]
    return zipfile.ZipFile(io.BytesIO(got.body))


async def test_of_an_erased_customer_not_a_word_is_left_and_figures_stay(house: House, people: People) -> None:
    _, customer_id, conversation_id, shot = await _lived(house, people)
    other = await people.customer()
    await other.say(UNKNOWN)
    before = await _left(house)
    assert set(before) > {"events", "notes", "tickets", "ticket_comments", "customer_steps", "profile_notes", "sealed"}
    path = f"/customers/{customer_id}/erasure"
    assert await people.api_error("GET", path) == (404, "not_found")
    for unsure in ({}, {"confirmed": False}):
        assert await people.api_error("POST", path, unsure) == (400, "invalid")

    begun = await people.api("POST", path, _SURE)

    # Who they are is gone with the answer; what they said soon after, also by a process that was started anew.
    assert (begun["customer_id"], begun["done_at"]) == (customer_id, None)
    assert await people.api_error("GET", f"/customers/{customer_id}") == (404, "not_found")
    await house.restart()
    await house.pass_time(1)
    await house.pass_time(61)
    await house.pass_time(30)

    assert await _left(house) == {}
    done = await people.api("GET", path)
    assert done["done_at"] is not None
    assert (done["conversations"], done["tickets"], done["files"]) == (1, 1, 2)
    assert await house.rows("select 1 from uploads") == []
    assert (await fetch(house, shot["url"])).status == 404
    log = (await people.api("GET", f"/conversations/{conversation_id}"))["events"]
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    assert not any(event.get("text") for event in log)
    (kept,) = await house.rows("select csat, resolved from ratings")
    assert tuple(kept) == (5, True)
    (row,) = await house.rows("select wrap_up from conversations where id = $1", conversation_id)
    assert json.loads(row["wrap_up"]) == {"category": "使用问题/甘特图"}
    audited = await house.rows(
        "select action, subject_id, detail from audit where action like 'customer.eras%' order by id"
    )
    assert [(entry["action"], entry["subject_id"]) for entry in audited] == [
        ("customer.erased", customer_id), ("customer.erasure_done", customer_id),
    ]  # fmt: skip
    assert (await people.api("POST", path, _SURE))["id"] == done["id"]  # somebody asks again: it is done
    assert [one["id"] for one in (await people.api("GET", "/erasures"))["items"]] == [done["id"]]
    assert len(await house.rows("select 1 from events where body ->> 'text' = $1", UNKNOWN)) == 1  # nobody else's


async def test_who_was_erased_comes_back_as_somebody_new(house: House, people: People) -> None:
    identity = people.identity("u-1", name=f"{_MARK}女士", email="zhi@example.cn")
    customer = await people.customer(identity=identity)
    said = await customer.say(KNOWN)
    token = _visitor(customer)
    (known,) = (await people.api("GET", "/customers?q=u-1"))["items"]

    await people.api("POST", f"/customers/{known['id']}/erasure", _SURE)

    await eventually(lambda: not customer.connected)
    again = await people.customer(visitor=token)
    assert _visitor(again) != token
    assert (await again.ask("threads"))["conversations"] == []
    await house.pass_time(1)
    closed = await house.rows(
        "select state, reason, last_text from conversations where id = $1", said["conversation_id"]
    )
    assert [tuple(row) for row in closed] == [("closed", "erased", "")]
    signed = await people.customer(identity=identity)
    assert (await signed.ask("threads"))["conversations"] == []
    (new,) = (await people.api("GET", "/customers?q=u-1"))["items"]
    assert new["id"] != known["id"]


async def test_a_copy_holds_everything_also_from_the_archive_and_the_archive_forgets(
    house: House, people: People
) -> None:
    _, customer_id, conversation_id, _ = await _lived(house, people)
    await house.pass_time(400 * _DAY)
    (file,) = [path for path in (house.folder / "archive").rglob("*") if path.is_file()]

    whole = await _copy(house, people, customer_id)

    names = whole.namelist()
    texts = {name: whole.read(name).decode() for name in names if not name.startswith("files/")}
    (talk,) = [json.loads(text) for name, text in texts.items() if name.startswith("conversations/")]
    assert f"我叫{_MARK}，请看图" in [event.get("text") for event in talk["events"]]
    assert json.loads(texts["customer.json"])["email"] == "zhi@example.cn"
    assert json.loads(texts["ratings.json"])[0]["comment"] == f"{_MARK}很满意"
    assert json.loads(texts["tickets.json"])[0]["title"] == f"{_MARK}的图片导出"
    theirs = "".join(text for name, text in texts.items() if not name.startswith("colleagues/"))
    for inside in ("很着急", "喜欢电话", "在等", "闹过"):
        assert inside not in theirs, inside
        assert inside in "".join(texts.values()), inside
    assert sorted(Path(name).name[13:] for name in names if name.startswith("files/")) == [
        f"{_MARK}.png", f"{_MARK}日志.png",
    ]  # fmt: skip

    await people.api("POST", f"/customers/{customer_id}/erasure", _SURE)
    await house.pass_time(1)
    assert await house.rows("select 1 from archived_conversations where key is not null") == []
    assert file.exists()  # nobody reads of them in it any more
    assert not any(
        event.get("text") for event in (await people.api("GET", f"/conversations/{conversation_id}"))["events"]
    )
    audited = await house.rows("select subject_id from audit where action = 'customer.copied'")
    assert [row["subject_id"] for row in audited] == [customer_id]
