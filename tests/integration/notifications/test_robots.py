"""Robots of group chats: each one's own JSON and signature, merged when many, never more than 20 messages a minute."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from database.ids import uuid7
from router.notifications.records import Address, Supervisors
from router.payloads.desk import Alert, CustomerCard
from tests.integration.notifications.conftest import OpenPost
from tests.integration.notifications.receivers import HttpReceiver

SECRET = "SEC-of-the-robot"
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)


def robots(receiver: HttpReceiver, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "robots": {"ops": {"type": kind, **more}},
        "robot_urls": {"ops": f"{receiver.url}/robot?key=a-secret-key"},
        "robot_secrets": {"ops": SECRET},
        "console_url": "https://help.test/console",
    }


def alert(number: int = 0, **more: Any) -> Alert:
    given: dict[str, Any] = {"kind": "clock_breached", "at": AT, "ticket": f"GD{number}", "text": "首次回复超时"}
    return Alert(**{**given, **more})


def mac(key: str, message: str) -> str:
    made = HMAC(key.encode(), hashes.SHA256())
    made.update(message.encode())
    return base64.b64encode(made.finalize()).decode()


async def test_wecom_gets_markdown_in_which_nothing_is_markup(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**robots(receiver, "wecom"))
    card = CustomerCard(id=uuid7(), name="**林**<@all>")
    conversation_id = uuid7()
    told = alert(conversation_id=conversation_id, ticket=None, customer=card, text="[点我](https://evil.test) <@all>")
    await post.alerts.tell(told, owner=None, group_id=None)
    await post.go()
    (got,) = receiver.got
    assert got.query == {"key": "a-secret-key"}
    message = json.loads(got.body)
    assert message["msgtype"] == "markdown"
    content = message["markdown"]["content"]
    assert "已超时" in content
    assert "<@" not in content
    assert "](https://evil.test)" not in content
    assert "**林**" not in content
    assert f"(https://help.test/console#/workbench/{conversation_id})" in content


async def test_dingtalk_is_signed_in_the_address(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**robots(receiver, "dingtalk"))
    await post.alerts.tell(alert(), owner=None, group_id=None)
    await post.go()
    (got,) = receiver.got
    timestamp = str(int(post.clock.now().timestamp() * 1000))
    assert got.query == {
        "key": "a-secret-key",
        "timestamp": timestamp,
        "sign": mac(SECRET, f"{timestamp}\n{SECRET}"),
    }
    message = json.loads(got.body)
    assert (message["msgtype"], message["markdown"]["title"]) == ("markdown", "已超时 GD0")
    assert "首次回复超时" in message["markdown"]["text"]


async def test_feishu_is_signed_in_the_body(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**robots(receiver, "feishu"))
    await post.alerts.tell(alert(text="<at user_id='all'></at>"), owner=None, group_id=None)
    await post.go()
    message = json.loads(receiver.got[0].body)
    timestamp = str(int(post.clock.now().timestamp()))
    assert message["timestamp"] == timestamp
    assert message["sign"] == mac(f"{timestamp}\n{SECRET}", "")
    assert message["msg_type"] == "post"
    post_body = message["content"]["post"]["zh_cn"]
    assert post_body["title"] == "已超时 GD0"
    assert post_body["content"][0] == [{"tag": "text", "text": "<at user_id='all'></at>"}]
    assert post_body["content"][-1][0]["href"] == "https://help.test/console"


async def test_many_alerts_are_merged_and_stay_below_the_limit(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**robots(receiver, "wecom"))
    for number in range(100):
        await post.alerts.tell(alert(number), owner=None, group_id=None)
    for _ in range(60):
        await post.go(1)
    assert 10 <= len(receiver.got) <= 20
    assert await post.states() == ["sent"] * 100
    whole = "".join(got.body.decode() for got in receiver.got)
    places = [whole.index(f"GD{number}") for number in range(10)]
    assert places == sorted(places)
    assert all(len(json.dumps(json.loads(got.body), ensure_ascii=False).encode()) < 4_096 for got in receiver.got)


async def test_a_robot_that_refuses_is_asked_again_later(open_post: OpenPost, receiver: HttpReceiver) -> None:
    for number, (kind, answer) in enumerate([
        ("wecom", b'{"errcode": 45009, "errmsg": "api freq out of limit"}'),
        ("dingtalk", b'{"errcode": 130101, "errmsg": "send too fast"}'),
        ("feishu", b'{"code": 11232, "msg": "frequency limited"}'),
        ("feishu", b'{"code": 19021, "msg": "sign match fail"}'),
        ("wecom", b"<html>"),
    ]):  # fmt: skip
        post = open_post(**robots(receiver, kind))
        receiver.got.clear()
        post.clock.advance(10)  # the pause after the last message
        receiver.answers = [(200, answer)]
        await post.alerts.tell(alert(2 * number), owner=None, group_id=None)
        await post.go()
        await post.alerts.tell(alert(2 * number + 1), owner=None, group_id=None)
        assert (await post.states())[-1] == "failed"
        await post.go(1)
        assert len(receiver.got) == 1  # what came later waits behind it
        await post.go(700)
        assert set(await post.states()) == {"sent"}
        assert len(receiver.got) == 2


async def test_a_robot_speaks_for_its_groups_and_kinds(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**robots(receiver, "wecom", groups=["账务支持"], kinds=["bad_rating"]))
    groups: dict[str, UUID] = {}
    for name in ("账务支持", "使用支持"):
        groups[name] = uuid7()
        await post.database.execute(
            "insert into groups (id, name, created_at) values ($1, $2, $3)", groups[name], name, AT
        )
    await post.alerts.tell(alert(kind="bad_rating", ticket="GD1"), owner=None, group_id=groups["账务支持"])
    await post.alerts.tell(alert(kind="bad_rating", ticket="GD2"), owner=None, group_id=groups["使用支持"])
    await post.alerts.tell(alert(kind="soured", ticket="GD3"), owner=None, group_id=groups["账务支持"])
    await post.go()
    (got,) = receiver.got
    assert "GD1" in got.body.decode()
    assert len(await post.deliveries()) == 1


async def test_an_alert_of_a_kind_without_words_and_a_notice_that_lacks_some_are_told_all_the_same(
    open_post: OpenPost, receiver: HttpReceiver
) -> None:
    post = open_post(**robots(receiver, "wecom"))
    await post.alerts.tell(alert(kind="brand_new", text="新的情况"), owner=None, group_id=None)
    await post.put("outbox_trouble", Supervisors(), "k", text="少了变量")
    await post.put("test", Address(), "t", endpoint="robot:ops", by="主管")
    await post.go()
    content = json.loads(receiver.got[0].body)["markdown"]["content"]
    assert "新的情况" in content
    assert "少了变量" in content
    assert "由 主管 在控制台发送" in content


async def test_a_test_waits_behind_nothing(open_post: OpenPost, receiver: HttpReceiver) -> None:
    post = open_post(**robots(receiver, "feishu"))
    receiver.answers = [500]
    await post.alerts.tell(alert(), owner=None, group_id=None)
    await post.go()
    await post.put("test", Address(), "t", endpoint="robot:ops", by="主管")
    await post.go(1)
    assert "测试消息" in receiver.got[-1].body.decode()
    assert await post.states() == ["failed", "sent"]
