"""Fragments are one question; the bot waits on greetings and unfinished text only."""

import pytest

from bot import fragments
from bot.understanding import understand


@pytest.mark.parametrize(
    "text",
    [
        "在吗",
        "在吗？",
        "你好",
        "您好！",
        "我想问下",
        "想咨询一下",
        "你好 我想问一下",
        "hello",
        "hi there",
        "请问",
        "甘特图",
        "看板",
        "权限",
        "迭代燃尽图",
        "企业版",
        "工时填报",
        "gantt",
        "API",
        "我在导出的时候",
        "我想导出甘特图，",
        "就是那个…",
        "但是",
        "关于发票",
        "how to",
        "because",
        "こんにちは",
        "hola",
        "tengo una pregunta",
    ],
)
def test_more_is_awaited_after_a_greeting_or_an_unfinished_text(text: str) -> None:
    assert understand(text).awaits_more


@pytest.mark.parametrize(
    "text",
    [
        "怎么导出甘特图",
        "导不出来",
        "甘特图导出",
        "登录不了",
        "API 密钥在哪里",
        "为什么看不到看板？",
        "转人工",
        "有人吗",
        "第二个",
        "2",
        "都不是",
        "没帮助",
        "还是不行",
        "谢谢",
        "再见",
        "👍",
        "？",
        "export gantt",
        "How do I log in",
        "报错 500 怎么办",
        "忘记密码",
        "不能上传文件",
        "甘特图？",
        "你是机器人吗",
        "帮我写一首诗",
        "what steps do you take to check identity",
        "导出的账单还在",
        "审批通不过",
        "多久能开票",
        "人工工时怎么统计",
        "",
    ],
)
def test_a_complete_text_is_answered_at_once(text: str) -> None:
    assert not understand(text).awaits_more


def test_four_fragments_are_one_question() -> None:
    said = ("在吗", "我想问下", "甘特图", "导不出来")
    assert fragments.question_of(said) == "甘特图导不出来"
    assert fragments.merge(said).startswith("在吗")


@pytest.mark.parametrize(
    ("said", "question"),
    [
        (("登不上去了", "密码是对的"), "登不上去了，密码是对的"),
        (("how do I", "export the chart"), "how do I export the chart"),
        (("导不出来", "导不出来"), "导不出来"),
        (("你好",), ""),
        (("", "  "), ""),
        (("甘特图怎么导出？", "急"), "甘特图怎么导出？急"),
        (("你好\n怎么登录",), "怎么登录"),
    ],
)
def test_fragments_are_joined_as_one_would_write_them(said: tuple[str, ...], question: str) -> None:
    assert fragments.question_of(said) == question
