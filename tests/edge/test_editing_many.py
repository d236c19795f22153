"""The editors' desk on many articles: files in and out, releases, trials, and what changes answers."""

from __future__ import annotations

from tests.acceptance.people import KNOWN, People, Staff
from tests.edge.editing_desk import (
    ANSWER,
    QUESTION,
    applied,
    drafted,
    editor,
    finished,
    form_of,
    preview,
    published,
    rows,
)
from tests.edge.house import House

ASKED = f"{QUESTION}呢"


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
    other = await preview(people, who, "别的.csv", "id,question,answer\nowl,猫头鹰几点起床,天黑以后\n")
    assert [entry["kind"] for entry in other["entries"]] == ["added"]  # what else there is stays, and is not named
    for name in ("x.exe", "x.zip"):
        sent = form_of(name, b"\0\0\0")
        assert await people.api_error("POST", "/knowledge/imports", sent, token=who.token) == (400, "invalid")


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
    trial = {**asked, "trial": {"question": QUESTION, "edition": "enterprise"}}
    run = await people.api("POST", "/knowledge/runs", trial, token=who.token)
    result = (await finished(people, run["id"], who))["result"]
    assert (result["before"]["decision"], result["after"]["decision"]) == ("clarify", "answer")


async def test_a_replay_shows_what_a_draft_does_to_what_customers_asked(house: House, people: People) -> None:
    who = await editor(people)
    customer = await people.customer()
    said = await customer.say(ASKED)
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
    assert (change["question"], change["verdict"]) == (ASKED, "look")
    assert (change["before"]["text"], change["after"]["text"]) == ("", ANSWER)
    report = await people.api("GET", f"/knowledge/runs/{run['id']}/report", token=who.token)
    assert ASKED in report["html"]
    assert await people.api_error("GET", f"/articles/{draft['article_id']}", token=who.token) == (404, "not_found")

    # What is erased from the log is gone from the replay too: it holds places, no words.
    assert not await house.rows("select 1 from knowledge_runs r where position($1 in r::text) > 0", ASKED)
    await house.rows(
        "update events set body = '{}' where conversation_id = $1 and actor_kind = 'customer' returning seq",
        said["conversation_id"],
    )
    erased = await people.api("GET", f"/knowledge/runs/{run['id']}", token=who.token)
    assert erased["result"]["changes"][0]["question"] is None
    report = await people.api("GET", f"/knowledge/runs/{run['id']}/report", token=who.token)
    assert ASKED not in report["html"]


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
