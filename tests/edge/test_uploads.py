"""Files that people send along: who may, what is taken, what becomes of it, who sees it, and when it is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tests.acceptance.people import KNOWN, People, people_of, refusal_of
from tests.clients import ChatClient
from tests.edge.conftest import OpenHouse
from tests.edge.fake_clamd import VIRUS, fake_clamd
from tests.edge.files import bomb, fetch, film, packed, photograph, picture, send, sent
from tests.edge.house import House

_DAY = 86_400
_PICTURE_ALONE = "图片收到了。请再用一句话说说遇到了什么问题，我好帮您找答案；也可以直接转人工。"


def _token(customer: ChatClient) -> str:
    return str(customer.all("welcome")[0]["visitor"])


def _stored(house: House) -> list[str]:
    """The files that are really there."""
    folder = house.folder / "uploads"
    return sorted(each.name for each in folder.rglob("*") if each.is_file())


async def test_a_picture_goes_from_the_customer_to_the_agent_and_an_answer_comes_back(
    house: House, people: People
) -> None:
    group = await people.group("pick")
    seat = await people.agent(group)
    customer = await people.customer()
    mine, shot = _token(customer), photograph()
    first = await sent(house, mine, shot, "屏幕 截图.JPG")
    assert (first["type"], first["name"]) == ("image/jpeg", "屏幕 截图.JPG")
    assert (first["width"], first["height"]) == (800, 1600)  # turned as the camera meant
    whole = await fetch(house, first["url"])
    assert whole.picture.getexif() == {}
    assert b"SecretCamera" not in whole.body
    red, blue = whole.picture.convert("RGB").getpixel((400, 100)), whole.picture.convert("RGB").getpixel((400, 1500))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert red[0] > 200 > blue[0]
    small = await fetch(house, first["preview_url"])
    assert max(small.picture.size) == 480

    asked = await customer.say(KNOWN, upload_ids=[first["id"]])
    target = {"conversation_id": asked["conversation_id"]}
    await customer.answer_to(asked)
    await customer.do("request_human", **target, topic=group["name"])
    await customer.state("waiting")
    await seat.client.ask("watch", **target)
    await customer.do("send_message", text="", upload_ids=[(await sent(house, mine))["id"]])
    await seat.client.until("card", lambda card: len(card["screenshots"]) == 2)
    await seat.client.do("accept", **target)
    log = (await seat.client.ask("sync", **target, after_seq=0))["events"]
    seen = [event["attachments"][0] for event in log if event["kind"] == "message" and event["attachments"]]
    assert [each["name"] for each in seen] == ["屏幕 截图.JPG", "截图.png"]
    assert (await fetch(house, seen[0]["url"])).body == whole.body
    card = (await seat.client.ask("hand_over_card", **target))["card"]
    assert [each["id"] for each in card["screenshots"]] == [each["id"] for each in seen]
    assert (await fetch(house, card["screenshots"][0]["preview_url"])).status == 200

    guide = await sent(house, seat.staff.token, b"%PDF-1.7\n", "操作手册.pdf")
    answer = await seat.client.do("send_message", **target, text="请看附件", upload_ids=[guide["id"]])
    heard = await customer.until("event", lambda event: event["seq"] == answer["seq"])
    assert heard["attachments"][0]["name"] == "操作手册.pdf"
    assert (await fetch(house, heard["attachments"][0]["url"])).body == b"%PDF-1.7\n"
    ticket = await seat.client.do("create_ticket", **target)
    found = (await people.api("GET", f"/tickets?q={ticket['ticket']}"))["items"][0]
    files = (await people.api("GET", f"/tickets/{found['id']}"))["attachments"]
    assert [each["name"] for each in files] == ["屏幕 截图.JPG", "截图.png", "操作手册.pdf"]


async def test_only_who_may_see_the_conversation_sees_its_files(house: House, people: People) -> None:
    group, other_group = await people.group("pick"), await people.group("pick")
    seat, stranger_seat = await people.agent(group), await people.agent(other_group)
    customer, stranger = await people.customer(), await people.customer()
    mine = await sent(house, _token(customer))
    link = f"/api/v1/uploads/{mine['id']}/link"
    asked = await customer.say("看看这个", upload_ids=[mine["id"]])
    await customer.do("request_human", conversation_id=asked["conversation_id"], topic=group["name"])
    for token in (_token(customer), seat.staff.token):
        assert (await fetch(house, link, token)).status == 200
    for token in (_token(stranger), stranger_seat.staff.token):
        assert (await fetch(house, link, token)).status == 404
    assert (await fetch(house, link)).status == 401

    good, _, key = mine["url"].partition("key=")
    assert (await fetch(house, mine["url"])).status == 200
    other = await sent(house, _token(stranger))
    wrong = (
        f"/api/v1/uploads/{mine['id']}",
        f"{good}key={'A' * len(key)}",
        good.replace("until=", "until=9") + f"key={key}",
        mine["url"].replace(mine["id"], other["id"]),
        f"/api/v1/uploads/{uuid4()}?until=9999999999&key={key}",
        "/api/v1/uploads/../../secrets/tokens?until=1&key=x",
    )
    assert [(await fetch(house, address, _token(customer))).status for address in wrong] == [404] * len(wrong)
    # A stranger takes nobody's file, a file is taken once, a repeat is the first one, and what was refused is free.
    assert (await refusal_of(stranger, "send_message", _with(mine["id"])))["code"] == "invalid"
    assert (await refusal_of(seat.client, "send_message", _with(mine["id"], **_of(asked))))["code"] == "invalid"
    assert (await refusal_of(customer, "send_message", _with(mine["id"])))["code"] == "conflict"
    fresh = await sent(house, _token(customer))
    for faulty in (_with(fresh["id"], fresh["id"]), _with(*(str(uuid4()) for _ in range(10)))):
        assert (await refusal_of(customer, "send_message", faulty))["code"] == "invalid"
    assert (await refusal_of(customer, "send_message", _with(fresh["id"], reply_to_seq=999)))["code"] == "invalid"
    again = _with(fresh["id"])
    first = await customer.call("send_message", again)
    assert first["ok"]
    assert await customer.call("send_message", again) == first
    assert await customer.call("send_message", {**again, "upload_ids": [mine["id"]]}) == first
    taken = await customer.until("event", lambda event: event["seq"] == first["seq"])
    assert [each["id"] for each in taken["attachments"]] == [fresh["id"]]

    await house.pass_time(3 * 240 * 60)  # the link is over, and a fresh one comes with every look
    assert (await fetch(house, mine["url"])).status == 404
    synced = (await customer.ask("sync", conversation_id=asked["conversation_id"], after_seq=0))["events"]
    shown = next(event["attachments"][0] for event in synced if event.get("attachments"))
    assert shown["url"] != mine["url"]
    assert (await fetch(house, shown["url"])).status == 200


async def test_what_may_be_sent_is_told_by_content_and_made_harmless(open_house: OpenHouse) -> None:
    house = await open_house(UPLOADS__KINDS__PICTURE="1", UPLOADS__KINDS__ZIP="2", UPLOADS__KINDS__MP4="2")
    async with people_of(house) as people:
        customer = await people.customer()
        token = _token(customer)
        refused: tuple[tuple[bytes, str, int, str], ...] = (
            (b"<!DOCTYPE html><script>alert(1)</script>", "a.png", 400, "invalid"),
            (b"\xef\xbb\xbf  <html><body onload=alert(1)>", "a.txt", 400, "invalid"),
            (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg", 400, "invalid"),
            (b"MZ\x90\x00" + b"\0" * 100, "setup.exe", 400, "invalid"),
            (b"\x7fELF" + b"\0" * 100, "a.jpg", 400, "invalid"),
            (packed("word/document.xml", "word/vbaProject.bin"), "a.docx", 400, "invalid"),
            (b"", "empty.txt", 400, "invalid"),
            (picture()[:-300], "truncated.png", 400, "invalid"),
            (b"\x89PNG\r\n\x1a\n not a picture", "broken.png", 400, "invalid"),
            (bomb(), "bomb.png", 413, "too_large"),
            (bomb(200_000, 1), "long.png", 400, "invalid"),
            (picture() + b"\0" * 1024 * 1024, "big.png", 413, "too_large"),
            (b"PK\x03\x04" + b"\0" * 2 * 1024 * 1024, "big.zip", 413, "too_large"),
        )
        for content, name, status, code in refused:
            got, answer = await send(house, token, content, name)
            assert (name, got, answer["error"]["code"]) == (name, status, code)
            assert answer["error"]["message"]
        taken = (
            (b"2026-11-22 ERROR \xe5\xa4\xb1\xe8\xb4\xa5\n", "app.log", "text/plain", "app.log"),
            ("编号,名称\n1,甘特图\n".encode("gb18030"), "表.csv", "text/plain", "表.csv"),
            (b"%PDF-1.4", "x.html", "application/pdf", "x.html.pdf"),
            (packed("xl/workbook.xml"), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
             "a.xlsx"),
            (packed("a.txt"), "logs.zip", "application/zip", "logs.zip"),
            (b"\0\0\0\x18ftypisom" + b"\0" * 20, "v.mp4", "video/mp4", "v.mp4"),
            (picture(kind="BMP"), "a.bmp", "image/png", "a.bmp.png"),
            (picture(kind="WEBP"), "a.webp", "image/webp", "a.webp"),
            (b"plain", "../../etc/pass\u202egpj.txt", "text/plain", "passgpj.txt"),
            (b"plain", "a%22%0D%0ASet-Cookie: x=1;.txt", "text/plain", "a_Set-Cookie_ x=1;.txt"),
            (b"plain", "CON", "text/plain", "_CON.txt"),
            (b"plain", "名" * 300 + ".txt", "text/plain", "名" * 120 + ".txt"),
        )  # fmt: skip
        for content, name, type_, safe in taken:
            got, answer = await send(house, token, content, name, type_="text/html")
            assert (got, answer.get("type"), answer.get("name")) == (201, type_, safe), answer
            file = await fetch(house, answer["url"])
            assert file.headers["Content-Type"] == type_
            assert file.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in file.headers["Content-Security-Policy"]
            assert file.headers["Cache-Control"].startswith("private")
            assert file.headers["Content-Disposition"].startswith("inline" if "image" in type_ else "attachment")
            assert "Set-Cookie" not in file.headers
            assert file.status == 200
        moving = await sent(house, token, film(), "步骤.gif")
        assert getattr((await fetch(house, moving["url"])).picture, "n_frames", 1) == 3
        part = await fetch(house, moving["url"], Range="bytes=0-3")
        assert (part.status, part.body, part.headers["Content-Range"][:10]) == (206, b"GIF8", "bytes 0-3/")
        huge = await sent(house, token, picture(6000, 1000), "a.png")
        assert (huge["width"], huge["height"]) == (4096, 683)
        # What is no picture inside a picture's coat, after its end, or beside its pixels, is not kept.
        tail = await sent(
            house, token, picture(kind="JPEG", comment=b"<script>") + b"<script>alert(1)</script>", "a.jpg"
        )
        assert b"script" not in (await fetch(house, tail["url"])).body


async def test_a_picture_alone_is_asked_about_and_sent_twice_is_one(house: House, people: People) -> None:
    customer = await people.customer()
    token, key = _token(customer), str(uuid4())
    first = await send(house, token, picture(), key=key)
    assert await send(house, token, b"anything else", "b.txt", key=key) == first
    alone = await customer.say("", upload_ids=[first[1]["id"]])
    house.clock.advance(2)
    answer = await customer.answer_to(alone)
    assert answer["text"] == _PICTURE_ALONE
    assert "request_human" in answer["buttons"]
    rows = await house.rows("select last_text, misses from conversations where id = $1", alone["conversation_id"])
    assert [tuple(row) for row in rows] == [("[图片]", 0)]
    assert (await refusal_of(customer, "send_message", {"client_id": str(uuid4()), "text": ""}))["code"] == "invalid"


async def test_what_is_taken_back_or_never_used_is_gone(house: House, people: People) -> None:
    customer = await people.customer()
    token = _token(customer)
    kept, back, loose = [await sent(house, token, picture(1000, 900)) for _ in range(3)]
    asked = await customer.say("第一张", upload_ids=[kept["id"]])
    wrong = await customer.say("发错了", upload_ids=[back["id"]])
    await customer.do("recall", conversation_id=wrong["conversation_id"], seq=wrong["seq"])
    assert (await fetch(house, back["url"])).status == 404
    synced = (await customer.ask("sync", conversation_id=asked["conversation_id"], after_seq=0))["events"]
    assert next(event for event in synced if event["seq"] == wrong["seq"])["attachments"] == []
    assert len(_stored(house)) == 6
    await house.pass_time(60)
    assert len(_stored(house)) == 4  # each with its preview
    await house.pass_time(_DAY)
    assert len(_stored(house)) == 2
    assert (await refusal_of(customer, "send_message", _with(loose["id"])))["code"] == "invalid"
    assert [row["id"] for row in await house.rows("select id from uploads")] == [UUID(kept["id"])]
    # A message that was emptied, by whatever way, takes its files along.
    await house.rows("update events set body = body - 'attachments' where seq = $1", asked["seq"])
    await house.pass_time(60)
    await house.pass_time(60)
    assert _stored(house) == []
    assert (await fetch(house, kept["url"])).status == 404


async def test_nobody_sends_without_end_and_a_sign_in_takes_files_along(open_house: OpenHouse) -> None:
    house = await open_house(UPLOADS__CUSTOMER_FILES_PER_HOUR="3")
    async with people_of(house) as people:
        customer = await people.customer()
        token = _token(customer)
        first = await sent(house, token)
        known = await people.customer(visitor=token, identity=people.identity("u-1"))
        await known.say("登录前发的图", upload_ids=[first["id"]])
        for _ in range(2):
            await sent(house, token)
        status, answer = await send(house, token, picture())
        assert (status, answer["error"]["code"]) == (429, "rate_limited")
        assert answer["error"]["details"]["retry_after"] > 0
        await house.pass_time(3601)
        await sent(house, token)
        editor = await people.staff(role="editor")
        assert [(await send(house, each, picture()))[0] for each in (None, "nonsense", "a.b.c", editor.token)] == [
            401, 401, 401, 403,
        ]  # fmt: skip


def _of(asked: dict[str, Any]) -> dict[str, Any]:
    return {"conversation_id": asked["conversation_id"]}


def _with(*upload_ids: str, **more: Any) -> dict[str, Any]:
    return {"client_id": str(uuid4()), "text": "看图", "upload_ids": list(upload_ids), **more}


async def test_a_virus_scanner_sees_every_file_before_it_is_kept(open_house: OpenHouse, tmp_path: Path) -> None:
    async with fake_clamd(tmp_path) as clamd:
        house = await open_house(UPLOADS__CLAMD=f"unix://{clamd.path}")
        async with people_of(house) as people:
            mine = _token(await people.customer())
            clean = b"a clean log\n" * 40_000
            assert (await send(house, mine, clean, "log.txt"))[0] == 201
            assert clamd.scanned == [len(clean)]
            status, refused = await send(house, mine, b"harmless? " + VIRUS, "log.txt")
            assert (status, refused["error"]["code"]) == (400, "invalid")
            assert refused["error"]["details"] == {"infected": True}
            assert len(_stored(house)) == 1
            clamd.most_bytes = 100  # it hangs up in the middle: nobody has looked at the file
            assert (await send(house, mine, clean, "log.txt"))[0] == 503
        await house.close()
    house = await open_house(UPLOADS__CLAMD=f"unix://{tmp_path}/nobody", UPLOADS__CLAMD_AWAY="pass")
    async with people_of(house) as people:
        mine = _token(await people.customer())
        assert (await send(house, mine, clean, "log.txt"))[0] == 201
