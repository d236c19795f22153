"""What customers take away or look up: a conversation by mail, an article behind an answer; nothing of others."""

from __future__ import annotations

from uuid import uuid4

from tests.acceptance.people import KNOWN, KNOWN_TITLE, People, people_of, refusal_of
from tests.edge.conftest import OpenHouse
from tests.edge.house import House
from tests.edge.test_notifications import mail, say, served
from tests.integration.notifications.receivers import Mailbox, smtp_server

_NOBODY = str(uuid4())


async def test_a_conversation_is_mailed_as_its_customer_saw_it(open_house: OpenHouse) -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox):
        house = await open_house(**mail(mailbox), TRANSCRIPTS__PER_CUSTOMER="2")
        async with people_of(house) as people:
            assert (await people.customer()).all("welcome")[0]["transcripts"] is True
            customer, seat, conversation_id = await served(people, "takes")
            target = {"conversation_id": conversation_id}
            await say(seat, conversation_id, "请升级到 5.2，再 <b>导出</b>")
            slip = await customer.say("密码是 hunter2")
            await customer.do("recall", **target, seq=slip["seq"])
            await seat.client.do("add_note", **target, text="密语：不要寄出去")
            await seat.client.do("close", **target, resolved=True)

            wish = {"client_id": str(uuid4()), **target, "email": "her@home.test"}
            assert await customer.call("email_transcript", wish) == {"ok": True}
            assert await customer.call("email_transcript", wish) == {"ok": True}  # a repeat sends nothing
            await house.pass_time(5)
            await mailbox.until(1)
            await customer.do("email_transcript", **target, email="her@home.test")
            await house.pass_time(5)
            await mailbox.until(2)
            third = {"client_id": str(uuid4()), **target, "email": "other@home.test"}
            assert (await refusal_of(customer, "email_transcript", third))["code"] == "rate_limited"
            assert await customer.call("email_transcript", wish) == {"ok": True}  # … and is no third one

            stranger = await people.customer()
            for code, what in (
                ("not_found", third),
                ("not_found", {**third, "conversation_id": _NOBODY}),
            ):
                assert (await refusal_of(stranger, "email_transcript", what))["code"] == code
            await house.pass_time(24 * 3600 + 1)
            wrong = {**third, "email": "nobody"}
            assert (await refusal_of(customer, "email_transcript", wrong))["code"] == "invalid"
            await customer.do("email_transcript", **target, email="her@home.test")
    assert mailbox.recipients[:2] == [["her@home.test"], ["her@home.test"]]
    text, html = (mailbox.mails[0].get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    words, page = text.get_content(), html.get_content()
    assert mailbox.mails[0]["Subject"] == "您和客服的对话记录"
    assert f"{seat.staff.name}  11月" in words.replace("\r\n", "\n")
    assert "请升级到 5.2，再 <b>导出</b>" in words
    assert "请升级到 5.2，再 &lt;b&gt;导出&lt;/b&gt;" in page
    for secret in ("hunter2", "密语", "unsubscribe"):
        assert secret not in words + page


async def test_without_a_mail_server_nobody_is_offered_mails(people: People) -> None:
    customer = await people.customer()
    assert "transcripts" not in customer.all("welcome")[0]
    asked = await customer.say(KNOWN)
    await customer.answer_to(asked)
    wish = {"client_id": str(uuid4()), "conversation_id": asked["conversation_id"], "email": "her@home.test"}
    assert (await refusal_of(customer, "email_transcript", wish))["code"] == "forbidden"


async def test_the_article_behind_an_answer_opens_and_only_what_is_public_does(house: House, people: People) -> None:
    customer = await people.customer()
    (source,) = (await customer.answer_to(await customer.say(KNOWN)))["sources"]
    article = (await customer.ask("article", article_id=source["article_id"]))["article"]
    assert article["title"] == KNOWN_TITLE
    assert "右上角的导出" in article["text"]
    assert set(article) == {"id", "title", "text"}

    kept = {"question": "密语：内部怎么处理退款", "answer": "密语：先问财务", "status": "published"}
    await people.api("POST", "/articles", {"id": "inside", **kept, "visibility": "internal"})
    await people.api("POST", "/articles", {"id": "draft", **kept, "status": "draft"})
    await people.api("POST", "/articles", {"id": "over", **kept, "valid_to": "2026-01-01T00:00:00Z"})
    await people.api("POST", "/articles", {"id": "open", "question": "新的一篇", "answer": "答", "status": "published"})
    for _ in range(200):
        await house.pass_time(0.5)
        if (await customer.call("article", {"article_id": "open"}))["ok"]:
            break
    assert (await customer.ask("article", article_id="open"))["article"]["title"] == "新的一篇"
    for one in ("inside", "draft", "over", "nothing", ""):
        assert (await refusal_of(customer, "article", {"article_id": one}))["code"] == "not_found"


async def test_what_is_said_about_data_is_the_operators_in_the_pages_language(open_house: OpenHouse) -> None:
    house = await open_house(
        PRIVACY__NOTICE='{"zh-CN": "会话会被保存。", "en": "We keep it.", "ja": ""}', PRIVACY__URL="/privacy"
    )
    async with people_of(house) as people:
        said = [
            (await people.customer(locale=locale)).all("welcome")[0].get("privacy")
            for locale in ("zh-CN", "en-GB", "ja")
        ]
    assert said == [{"text": "会话会被保存。", "url": "/privacy"}, {"text": "We keep it.", "url": "/privacy"}, None]
