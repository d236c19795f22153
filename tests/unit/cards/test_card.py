"""What the card says is what the customer said, tried and saw; their own words on it are never overwritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from bot.wording import Wording
from database.ids import uuid7
from router.cards.card import Card, as_stored, card_of, edit, for_agents, for_customer, made_anew, make, without
from router.cards.clauses import errors_in, question_in, tried_in
from router.conversations.log import as_event
from router.conversations.messages import message
from router.conversations.records import BOT, NewEvent
from router.payloads.log import Actor, Event
from tests.acceptance.leaks import leaks_in

_WORDING = Wording("金石", "小应")
_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_CUSTOMER = Actor(kind="customer", id=uuid7())
_ID = uuid7()


def _log(*entries: NewEvent) -> list[Event]:
    return [as_event(_ID, seq, _NOW, entry) for seq, entry in enumerate(entries, start=1)]


def _says(text: str, **more: Any) -> NewEvent:
    return message(_CUSTOMER, text, **more)


def _answers(article: str, title: str) -> NewEvent:
    return message(BOT, "…", sources=[{"article_id": article, "title": title, "confidence": 0.9}])


def _rates(seq: int, helpful: bool) -> NewEvent:
    return NewEvent("rating", _CUSTOMER, {"target_seq": seq, "helpful": helpful})


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("导出按钮是灰的，点不了，转人工", "导出按钮是灰的，点不了"),
        ("你好", ""),
        ("没帮助", ""),
        ("转人工", ""),
        ("在吗？甘特图导不出来", "甘特图导不出来"),
        ("Hello, the export button is greyed out. I want to talk to a person.", "the export button is greyed out."),
        ("人工工时怎么填", "人工工时怎么填"),
    ],
)
def test_the_question_is_what_is_left_without_greetings_and_wishes(text: str, question: str) -> None:
    assert question_in(text) == question


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        ("清了缓存也不行", ["清了缓存也不行"]),
        ("我重启过电脑，还是一样", ["我重启过电脑"]),
        ("I tried another browser, same thing", ["I tried another browser"]),
        ("怎么导出甘特图", []),
    ],
)
def test_what_they_tried_stands_there_in_their_own_words(text: str, tried: list[str]) -> None:
    assert tried_in(text) == tried


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("导出的时候提示“任务数超出上限”", ["任务数超出上限"]),
        ("控制台里是 TypeError: x is undefined", ["TypeError: x is undefined"]),
        ("报错 ERR_SYNC_409", ["ERR_SYNC_409"]),
        ("错误码：E1024", ["E1024"]),
        ("页面提示：没有权限，怎么办", ["没有权限"]),
        ("怎么显示工时", []),
    ],
)
def test_what_the_screen_said_is_found(text: str, errors: list[str]) -> None:
    assert errors_in(text) == errors


def test_the_card_tells_what_was_asked_shown_and_tried() -> None:
    card = make(
        _log(
            _says("你好"),
            _says("怎么把甘特图导出成图片"),
            _answers("gantt-export", "怎么把甘特图导出成图片"),
            _rates(3, False),
            _says("导出按钮是灰的，提示“没有权限”，换了浏览器也一样"),
            _answers("roles", "角色与权限"),
            _says("都不是", option_id="none_of_these"),
            _says("转人工"),
        ),
        {"title": "甘特图", "url": "https://app.example/gantt"},
        _WORDING,
        "zh-CN",
    )

    assert card.question == "怎么把甘特图导出成图片\n导出按钮是灰的，提示“没有权限”，换了浏览器也一样"
    assert card.tried.splitlines() == [
        "看过“怎么把甘特图导出成图片”，没有帮助",
        "看过“角色与权限”",
        "自己试过：换了浏览器也一样",
        "看到的提示：没有权限",
    ]
    assert card.page == "甘特图\nhttps://app.example/gantt"
    assert [(article.id, article.helpful) for article in card.articles] == [("gantt-export", False), ("roles", None)]


def test_what_was_taken_back_is_not_on_it() -> None:
    taken_back = _says("密码是 123456", redacted=True)

    assert make(_log(taken_back), None, _WORDING, "zh-CN") == Card()


def test_it_speaks_the_customers_language() -> None:
    card = make(_log(_says("the export fails"), _answers("a", "Export a chart")), None, _WORDING, "en")

    assert card.tried == "Read “Export a chart”"


def test_what_the_customer_wrote_is_never_made_anew() -> None:
    edited = edit(Card(question="旧的", tried="看过“甲”"), {"question": "导出按钮是灰的"}, _NOW)

    again = made_anew(edited, Card(question="机器整理的", tried="看过“乙”"))

    assert (again.question, again.tried, again.edited) == ("导出按钮是灰的", "看过“乙”", ("question",))
    assert again.edited_at == _NOW


def test_what_is_taken_back_later_leaves_the_card_but_not_what_they_wrote_there_themselves() -> None:
    slip = "我的密码是 hunter2，提示“密码错误 hunter2”，重启了也不行"
    card = make(_log(_says("登录不了"), _says(slip)), None, _WORDING, "zh-CN")
    assert "hunter2" in card.question
    assert "hunter2" in card.tried

    left = without(card, slip)

    assert (left.question, left.tried) == ("登录不了", "")
    own = edit(card, {"question": "hunter2 登录不了"}, _NOW)
    assert without(own, slip).question == "hunter2 登录不了"


def test_saying_the_same_again_is_no_edit() -> None:
    card = Card(question="甲", edited=("question",), edited_at=_NOW)

    assert edit(card, {"question": "甲"}, _NOW + timedelta(hours=1)) is card
    assert edit(card, {"tried": "乙", "page": ""}, _NOW).edited == ("question", "tried")


def test_emotion_and_urgency_are_for_agents_alone() -> None:
    card = make(_log(_says("甲"), _answers("a", "乙")), None, _WORDING, "zh-CN")

    inside, outside = for_agents(card, _ID, {"emotion": "angry", "urgency": "high"}), for_customer(card)

    assert (inside.emotion, inside.urgency, inside.articles[0].id) == ("angry", "high", "a")
    assert leaks_in(msgspec.to_builtins(outside)) == []
    assert len(leaks_in(msgspec.to_builtins(inside))) >= 2


def test_it_is_stored_and_read_back_as_it_was() -> None:
    card = edit(make(_log(_says("甲"), _answers("a", "乙")), None, _WORDING, "zh-CN"), {"page": "任务页"}, _NOW)

    assert card_of(as_stored(card)) == card
    assert card_of(None) is None
    assert card_of({"question": 1}) is None
