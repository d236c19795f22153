"""The editors' desk: drafts that nobody overwrites, and what waits for whom."""

from __future__ import annotations

from tests.acceptance.people import People, people_of
from tests.edge.conftest import OpenHouse
from tests.edge.editing_desk import ANSWER, QUESTION, applied, content, drafted, editor, preview, published, rows
from tests.edge.house import House


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
    said = await customer.say(QUESTION)
    assert (await customer.answer_to(said))["text"] == ANSWER

    better = content(answer="先问松鼠，再慢慢剪。")
    saved = await people.api(
        "PUT", f"{path}/draft", {"version": 0, "base_revision": 1, "content": better}, token=who.token
    )
    assert (await people.api("GET", path, token=who.token))["answer"] == ANSWER
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
    assert (back["revision"], back["answer"], back["variants"]) == (3, ANSWER, ["松鼠的爪子太长怎么办"])
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
    assert (await people.api("POST", f"{known}/draft/publish", over, token=one.token))["answer"] == ANSWER
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
