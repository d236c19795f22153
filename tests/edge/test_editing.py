"""The editors' desk: drafts that nobody overwrites, what waits for whom, files in and out, and what changes answers."""

from __future__ import annotations

import asyncio
import base64
import io
from typing import Any

import aiohttp
from PIL import Image

from tests.acceptance.people import KNOWN, People, Staff, people_of
from tests.edge.conftest import OpenHouse
from tests.edge.house import House

_QUESTION = "怎么给松鼠剪指甲"
_ANSWER = "先问松鼠，再剪。"


def content(**more: Any) -> dict[str, Any]:
    return {"question": _QUESTION, "answer": _ANSWER, **more}


async def editor(people: People) -> Staff:
    return await people.staff(role="editor")


async def drafted(people: People, who: Staff, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await people.api("POST", "/knowledge/drafts", {"content": content(**more)}, token=who.token)
    return made


async def published(house: House, people: People) -> None:
    """Until nothing is being built any more."""
    async with asyncio.timeout(30):
        while (await people.api("GET", "/articles?limit=1"))["index"]["building"]:  # noqa: ASYNC110 (over HTTP)
            await asyncio.sleep(0.05)
    await house.pass_time()


async def finished(people: People, run_id: str, who: Staff) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            run: dict[str, Any] = await people.api("GET", f"/knowledge/runs/{run_id}", token=who.token)
            if run["state"] not in ("waiting", "running"):
                return run
            await asyncio.sleep(0.1)


async def rows(people: People, query: str, who: Staff) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await people.api("GET", f"/knowledge/articles?{query}", token=who.token))["items"]
    return found


async def test_a_draft_answers_nobody_until_it_is_published_and_an_old_revision_comes_back(
    house: House, people: People
) -> None:
    who = await editor(people)
    draft = await drafted(people, who, variants=["松鼠的爪子太长怎么办"])
    path = f"/articles/{draft['article_id']}"
    assert await people.api_error("GET", path, token=who.token) == (404, "not_found")
    (row,) = await rows(people, "q=松鼠", who)
    assert (row["revision"], row["draft"]["state"]) == (0, "draft")

    first = await people.api("POST", f"{path}/draft/publish", {"version": 1, "comment": "新写"}, token=who.token)
    assert (first["revision"], first["status"]) == (1, "published")
    await published(house, people)
    customer = await people.customer()
    said = await customer.say(_QUESTION)
    assert (await customer.answer_to(said))["text"] == _ANSWER

    better = content(answer="先问松鼠，再慢慢剪。")
    saved = await people.api(
        "PUT", f"{path}/draft", {"version": 0, "base_revision": 1, "content": better}, token=who.token
    )
    assert (await people.api("GET", path, token=who.token))["answer"] == _ANSWER
    (changed,) = [
        field for field in (await people.api("GET", f"{path}/compare", token=who.token))["fields"]
        if field["name"] == "answer"
    ]  # fmt: skip
    assert {piece["op"]: piece["text"] for piece in changed["pieces"]}["new"] == "慢慢"
    second = await people.api("POST", f"{path}/draft/publish", {"version": saved["version"]}, token=who.token)
    assert second["revision"] == 2

    old = (await people.api("GET", f"{path}/history", token=who.token))["items"][-1]
    restored = {name: old[name] for name in ("question", "answer", "variants")}
    saved = await people.api(
        "PUT", f"{path}/draft", {"version": 0, "base_revision": 2, "content": restored}, token=who.token
    )
    back = await people.api("POST", f"{path}/draft/publish", {"version": saved["version"]}, token=who.token)
    assert (back["revision"], back["answer"], back["variants"]) == (3, _ANSWER, ["松鼠的爪子太长怎么办"])
    steps = (await people.api("GET", f"{path}/steps", token=who.token))["items"]
    assert [(step["step"], step["revision"]) for step in steps] == [
        ("published", 3),
        ("published", 2),
        ("published", 1),
    ]
    assert steps[-1]["comment"] == "新写"


async def test_nobody_overwrites_what_somebody_else_has_written(house: House, people: People) -> None:
    one, other = await editor(people), await editor(people)
    draft = await drafted(people, one)
    path = f"/articles/{draft['article_id']}"
    theirs = {"version": 1, "base_revision": 0, "content": content(answer="另一位编辑写的。")}
    await people.api("PUT", f"{path}/draft", theirs, token=other.token)
    mine = {"version": 1, "base_revision": 0, "content": content(answer="我写的。")}
    refused = await people.refused("PUT", f"{path}/draft", mine, token=one.token)
    assert refused["code"] == "conflict"
    assert refused["details"]["content"]["answer"] == "另一位编辑写的。"
    assert refused["details"]["reason"] == "draft_changed"
    again = {**mine, "version": refused["details"]["version"]}
    saved = await people.api("PUT", f"{path}/draft", again, token=one.token)

    known = "/articles/gantt-image"
    article = await people.api("GET", known, token=one.token)
    change = {"version": 0, "base_revision": article["revision"], "content": content()}
    other_draft = await people.api("PUT", f"{known}/draft", change, token=one.token)
    await people.api("PATCH", known, {"answer": "别处改的。"}, token=other.token)
    stale = await people.refused("POST", f"{known}/draft/publish", {"version": other_draft["version"]}, token=one.token)
    assert (stale["code"], stale["details"]["reason"]) == ("conflict", "article_changed")
    over = {"version": other_draft["version"], "over": stale["details"]["revision"]}
    assert (await people.api("POST", f"{known}/draft/publish", over, token=one.token))["answer"] == _ANSWER
    gone = await people.api_error("DELETE", f"{path}/draft?version=1", token=one.token)
    assert gone == (409, "conflict")
    await people.api("DELETE", f"{path}/draft?version={saved['version']}", token=one.token)
    assert await people.api_error("GET", f"{path}/draft", token=one.token) == (404, "not_found")


async def test_where_a_second_reviewer_is_asked_for_nobody_publishes_what_they_wrote(open_house: OpenHouse) -> None:
    house = await open_house(KNOWLEDGE__SECOND_REVIEWER="true")
    async with people_of(house) as people:
        author, reviewer = await editor(people), await editor(people)
        draft = await drafted(people, author)
        path = f"/articles/{draft['article_id']}/draft"
        assert not draft["may_publish"]
        assert await people.api_error("POST", f"{path}/publish", {"version": 1}, token=reviewer.token) == (
            403,
            "forbidden",
        )
        sent = await people.api("POST", f"{path}/submit", {"version": 1, "comment": "请看"}, token=author.token)
        assert (sent["state"], sent["may_publish"]) == ("review", False)
        own = await people.api_error("POST", f"{path}/publish", {"version": 2}, token=author.token)
        assert own == (403, "forbidden")
        back = await people.api("POST", f"{path}/return", {"version": 2, "comment": "太短"}, token=reviewer.token)
        assert back["state"] == "draft"
        saved = {"version": 3, "base_revision": 0, "content": content(answer="先问松鼠，再剪，最后道谢。")}
        sent = await people.api("PUT", path, saved, token=author.token)
        sent = await people.api("POST", f"{path}/submit", {"version": sent["version"]}, token=author.token)
        (waiting,) = (await people.api("GET", "/knowledge/drafts", token=reviewer.token))["items"]
        assert waiting["may_publish"]
        done = await people.api("POST", f"{path}/publish", {"version": sent["version"]}, token=reviewer.token)
        assert done["author"] != author.name
        steps = await people.api("GET", f"/articles/{draft['article_id']}/steps", token=author.token)
        assert [(step["step"], step["comment"]) for step in steps["items"]] == [
            ("published", None), ("submitted", None), ("returned", "太短"), ("submitted", "请看"),
        ]  # fmt: skip
        direct = {"id": "direct", **content()}
        assert await people.api_error("POST", "/articles", direct, token=author.token) == (403, "forbidden")
        assert await people.api_error("PATCH", "/articles/gantt-image", {"answer": "x"}, token=author.token) == (
            403,
            "forbidden",
        )
        sent_file = await preview(people, author, "知识.csv", "id,question,answer\nsquirrel,松鼠住在哪里,树上\n")
        assert await applied(people, author, sent_file) == {"stored": 0, "drafts": 1}
        assert {one["article_id"] for one in (await people.api("GET", "/knowledge/drafts"))["items"]} == {"squirrel"}


async def test_a_draft_may_be_unfinished_but_what_is_published_may_not(house: House, people: People) -> None:
    who = await editor(people)
    for wrong, field in (
        ({"question": " "}, "question"),
        ({"answer": ""}, "answer"),
        ({"answer": "看图 ![图](images/no-such.png)"}, "answer"),
        ({"valid_from": "2026-12-02T00:00:00Z", "valid_to": "2026-12-01T00:00:00Z"}, "valid_to"),
    ):
        draft = await drafted(people, who, **wrong)
        for act in ("submit", "publish"):
            path = f"/articles/{draft['article_id']}/draft/{act}"
            refused = await people.refused("POST", path, {"version": 1}, token=who.token)
            assert (refused["code"], refused["details"]["field"]) == ("invalid", field)


async def test_a_picture_is_written_anew_shown_in_the_answer_and_goes_out_and_in_with_the_archive(
    house: House, people: People
) -> None:
    who = await editor(people)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "在客户现场拍的"
    Image.new("RGB", (30, 20), "green").save(out, "JPEG", exif=exif)
    sent = {"file_name": "现场 1.jpg", "content": base64.b64encode(out.getvalue()).decode()}
    picture = await people.api("POST", "/knowledge/pictures", sent, token=who.token)
    kept = await _bytes(house, picture["url"])
    assert not dict(Image.open(io.BytesIO(kept)).getexif())
    lie = {"file_name": "x.png", "content": base64.b64encode(b"<svg onload=alert(1)>").decode()}
    assert await people.api_error("POST", "/knowledge/pictures", lie, token=who.token) == (400, "invalid")

    answer = f"看图：\n\n![现场]({picture['name']})"
    draft = await drafted(people, who, answer=answer, pictures=[picture])
    path = f"/articles/{draft['article_id']}"
    done = await people.api("POST", f"{path}/draft/publish", {"version": 1}, token=who.token)
    assert done["pictures"] == [picture]
    await published(house, people)
    customer = await people.customer()
    said = await customer.say(_QUESTION)
    assert picture["url"] in (await customer.answer_to(said))["text"]

    for form, name in (("markdown", "知识库.zip"), ("xlsx", "知识库.xlsx")):
        file = await people.api("GET", f"/knowledge/export?format={form}", token=who.token)
        assert file["file_name"] == name
        looked = await people.api(
            "POST", "/knowledge/imports", {"file_name": name, "content": file["content"]}, token=who.token
        )
        told = [(entry["kind"], entry["id"], entry["message"][:20]) for entry in looked["entries"]]
        if form == "markdown":
            assert looked["counts"]["faulty"] == looked["counts"]["added"] == 0, told
            assert looked["counts"]["unchanged"] == 10
        else:  # a table has no place for pictures beside it
            assert looked["counts"]["unchanged"] == 10, told


async def _bytes(house: House, path: str) -> bytes:
    async with aiohttp.ClientSession(house.url) as session, session.get(path) as response:
        assert response.status == 200
        return await response.read()


async def preview(people: People, who: Staff, name: str, text: str) -> dict[str, Any]:
    sent = {"file_name": name, "content": base64.b64encode(text.encode()).decode()}
    made: dict[str, Any] = await people.api("POST", "/knowledge/imports", sent, token=who.token)
    return made


async def applied(people: People, who: Staff, looked: dict[str, Any], *take: str) -> dict[str, Any]:
    done: dict[str, Any] = await people.api(
        "POST", f"/knowledge/imports/{looked['id']}/apply", {"take": list(take)}, token=who.token
    )
    return done


async def test_an_import_says_row_by_row_what_it_would_do_and_stores_what_is_good(house: House, people: People) -> None:
    who = await editor(people)
    await people.api("PATCH", "/articles/invoice", {"answer": "在后台改过。"}, token=who.token)
    table = (
        "id,question,answer\n"
        "squirrel,松鼠住在哪里,树上\n"
        "gantt-pdf,怎么把甘特图导出成 PDF,新的答案\n"
        "invoice,怎么申请开具发票,文件里的答案\n"
        "empty,没有答案的问题,\n"
        "squirrel,松鼠吃什么,松子\n"
    )
    looked = await preview(people, who, "知识.csv", table)
    told = [(entry["kind"], entry["id"], entry["line"]) for entry in looked["entries"]]
    assert told == [
        ("added", "squirrel", 2), ("changed", "gantt-pdf", 3), ("conflicting", "invoice", 4), ("faulty", "empty", 5),
        ("faulty", "squirrel", 6),
    ]  # fmt: skip
    changed = looked["entries"][1]["fields"]
    assert "answer" in {field["name"] for field in changed}
    assert await people.api_error("GET", "/articles/squirrel", token=who.token) == (404, "not_found")

    assert await applied(people, who, looked) == {"stored": 2, "drafts": 0}
    assert (await people.api("GET", "/articles/squirrel", token=who.token))["answer"] == "树上"
    assert (await people.api("GET", "/articles/invoice", token=who.token))["answer"] == "在后台改过。"
    again = await people.api_error("POST", f"/knowledge/imports/{looked['id']}/apply", {}, token=who.token)
    assert again == (404, "not_found")
    repeated = await preview(people, who, "知识.csv", table.replace("树上", "树洞里"))
    kinds = {entry["id"]: entry["kind"] for entry in repeated["entries"] if entry["kind"] != "faulty"}
    assert kinds == {"squirrel": "changed", "gantt-pdf": "unchanged", "invoice": "conflicting"}
    assert await applied(people, who, repeated, "invoice") == {"stored": 2, "drafts": 0}
    assert (await people.api("GET", "/articles/invoice", token=who.token))["answer"] == "文件里的答案"
    for name in ("x.exe", "x.zip"):
        refused = await people.refused(
            "POST", "/knowledge/imports", {"file_name": name, "content": "AAAA"}, token=who.token
        )
        assert refused["code"] == "invalid"


async def test_a_release_makes_stale_what_nobody_has_looked_at_since(house: House, people: People) -> None:
    who = await editor(people)
    assert await rows(people, "stale=true", who) == []
    house.clock.advance(86_400)
    new = {"name": "8.2", "released_at": house.clock.now().isoformat(), "categories": ["甘特图"]}
    token = await people.token(who)
    who = Staff(who.id, who.username, who.name, who.password, {"access_token": token})
    release = await people.api("POST", "/knowledge/releases", new, token=token)
    assert (release["articles"], release["stale"]) == (2, 2)
    stale = await rows(people, "stale=true", who)
    assert {row["id"]: row["stale"] for row in stale} == {"gantt-image": ["8.2"], "gantt-pdf": ["8.2"]}
    house.clock.advance(60)
    await people.api("POST", "/articles/gantt-image/confirm", token=token)
    assert [row["id"] for row in await rows(people, "stale=true", who)] == ["gantt-pdf"]
    await people.api("PATCH", "/articles/gantt-pdf", {"answer": "8.2 起在文件菜单里导出。"}, token=token)
    assert await rows(people, f"release={release['id']}", who) == []
    await people.api("DELETE", f"/knowledge/releases/{release['id']}", token=token)
    assert (await people.api("GET", "/knowledge/releases", token=token))["items"] == []


async def test_the_list_is_found_by_words_and_filters(house: House, people: People) -> None:
    who = await editor(people)
    await people.api(
        "PATCH", "/articles/roles", {"visibility": "internal", "editions": ["enterprise"], "audience": ["admin"]},
        token=who.token,
    )  # fmt: skip
    customer = await people.customer()
    said = await customer.say(KNOWN)
    answer = await customer.answer_to(said)
    agent = await people.staff(role="admin")
    flag = f"/conversations/{answer['conversation_id']}/events/{answer['seq']}/flag"
    await people.api("POST", flag, {"comment": "过时了"}, token=agent.token)

    async def ids(query: str) -> set[str]:
        return {row["id"] for row in await rows(people, query, who)}

    assert await ids("q=甘特图 导出") == {"gantt-image", "gantt-pdf"}
    assert (
        await ids("visibility=internal") == await ids("edition=enterprise") == await ids("audience=admin") == {"roles"}
    )
    assert await ids("origin=desk") == {"roles"}
    assert await ids("category=甘特图") == {"gantt-image", "gantt-pdf"}
    assert await ids("flagged=true") == {"gantt-image"}
    assert "gantt-image" not in (unused := await ids("unused=true"))
    assert len(unused) == 9
    page = await people.api("GET", "/knowledge/articles?limit=4&order=id&offset=8", token=who.token)
    assert (len(page["items"]), page["total"]) == (2, 10)


async def test_a_question_is_tried_as_somebody_would_ask_it_and_with_a_draft_before_it_is_published(
    house: House, people: People
) -> None:
    who = await editor(people)
    tried = await people.api("POST", "/knowledge/try", {"question": KNOWN}, token=who.token)
    assert (tried["decision"], tried["article_id"]) == ("answer", "gantt-image")
    best = tried["candidates"][0]
    assert best["chance"] == tried["confidence"] >= tried["answer_at"] == best["needs"]
    near = await people.api("GET", "/knowledge/nearest?q=甘特图导出成图片", token=who.token)
    assert near["items"][0]["id"] == "gantt-image"
    without = await people.api("GET", "/knowledge/nearest?q=甘特图导出成图片&without=gantt-image", token=who.token)
    assert "gantt-image" not in {one["id"] for one in without["items"]}

    draft = await drafted(people, who, editions=["enterprise"])
    asked = {"kind": "try", "drafts": [draft["article_id"]]}
    trial = {**asked, "trial": {"question": _QUESTION, "edition": "enterprise"}}
    run = await people.api("POST", "/knowledge/runs", trial, token=who.token)
    result = (await finished(people, run["id"], who))["result"]
    assert (result["before"]["decision"], result["after"]["decision"]) == ("clarify", "answer")


async def test_a_replay_shows_what_a_draft_does_to_what_customers_asked(house: House, people: People) -> None:
    who = await editor(people)
    customer = await people.customer()
    said = await customer.say(_QUESTION)
    await customer.answer_to(said)
    draft = await drafted(people, who)
    run = await people.api(
        "POST", "/knowledge/runs", {"kind": "replay", "drafts": [draft["article_id"]]}, token=who.token
    )
    done = await finished(people, run["id"], who)
    assert done["state"] == "done", done
    summary = done["result"]["summary"]
    assert (summary["changes"], summary["better"], summary["worse"], summary["look"]) == (1, 0, 0, 1)
    (change,) = done["result"]["changes"]
    assert (change["question"], change["verdict"]) == (_QUESTION, "look")
    assert (change["before"]["text"], change["after"]["text"]) == ("", _ANSWER)
    report = await people.api("GET", f"/knowledge/runs/{run['id']}/report", token=who.token)
    assert _QUESTION in report["html"]
    assert await people.api_error("GET", f"/articles/{draft['article_id']}", token=who.token) == (404, "not_found")


async def test_an_index_is_built_told_about_and_taken_back(house: House, people: People) -> None:
    who = await editor(people)
    before = (await people.api("GET", "/knowledge/versions", token=who.token))["items"]
    await people.api("PATCH", "/articles/gantt-pdf", {"answer": "新的答案。"}, token=who.token)
    await published(house, people)
    run = await people.api("POST", "/knowledge/runs", {"kind": "reindex"}, token=who.token)
    done = await finished(people, run["id"], who)
    assert (done["state"], done["result"]["summary"]["built"]) == ("done", False)
    versions = (await people.api("GET", "/knowledge/versions", token=who.token))["items"]
    assert len(versions) == len(before) + 1
    served = await people.api("POST", f"/knowledge/versions/{before[0]['version']}/serve", token=who.token)
    assert served["version"] == before[0]["version"]
    article = await people.api("GET", "/articles/gantt-pdf", token=who.token)
    assert article["answer"] != "新的答案。"
    listed = (await people.api("GET", "/knowledge/runs?kind=reindex", token=who.token))["items"]
    assert [one["id"] for one in listed] == [run["id"]]


async def test_questions_that_ask_alike_become_one_article_that_settles_them(house: House, people: People) -> None:
    who = await editor(people)
    for text in ("火星上有没有水呀", "火星上有没有水", "企鹅冬天吃不吃冰淇淋"):
        for _ in range(2 if "企鹅" not in text else 1):
            customer = await people.customer()
            said = await customer.say(text)
            await customer.answer_to(said)
    await house.pass_time(1)
    clusters = (await people.api("GET", "/learning/clusters", token=who.token))["items"]
    mars = next(one for one in clusters if "火星" in one["questions"][0]["question"])
    assert (mars["times"], len(mars["questions"])) == (4, 2)
    assert len(clusters) == 2
    made = await people.api(
        "POST", "/learning/drafts",
        {
            "task_ids": [one["id"] for one in mars["questions"]],
            "questions": [one["question"] for one in mars["questions"]],
        },
        token=who.token,
    )  # fmt: skip
    path = f"/articles/{made['article_id']}/draft"
    draft = await people.api("GET", path, token=who.token)
    assert len(draft["content"]["variants"]) == 1
    body = {"version": 1, "base_revision": 0, "content": {**draft["content"], "answer": "有冰。"}}
    saved = await people.api("PUT", path, body, token=who.token)
    await people.api("POST", f"{path}/publish", {"version": saved["version"]}, token=who.token)
    left = (await people.api("GET", "/learning/clusters", token=who.token))["items"]
    assert [one["questions"][0]["question"] for one in left] == ["企鹅冬天吃不吃冰淇淋"]

    penguin = left[0]["questions"][0]
    more = {"task_ids": [penguin["id"]], "article_id": "board", "variants": [penguin["question"]], "publish": True}
    assert (await people.api("POST", "/learning/variants", more, token=who.token))["published"]
    assert penguin["question"] in (await people.api("GET", "/articles/board", token=who.token))["variants"]
    assert (await people.api("GET", "/learning/clusters", token=who.token))["items"] == []
