"""Small talk is what holds nothing else; a greeting before a question leaves the question."""

import pytest

from bot import small_talk


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("你好", "greeting"),
        ("您好！", "greeting"),
        ("早上好啊", "greeting"),
        ("hello there!", "greeting"),
        ("こんにちは", "greeting"),
        ("¡Hola! buenos días", "greeting"),
        ("你好，在吗", "presence"),
        ("在吗？", "presence"),
        ("在吗在吗在吗", "presence"),
        ("請問", "presence"),
        ("我想问下", "presence"),
        ("are you there?", "presence"),
        ("谢谢", "thanks"),
        ("谢谢你的帮助！", "thanks"),
        ("好的，谢谢", "thanks"),
        ("thx~", "thanks"),
        ("謝謝您", "thanks"),
        ("Thank you so much!", "thanks"),
        ("ありがとうございます", "thanks"),
        ("muchas gracias", "thanks"),
        ("好的谢谢再见", "goodbye"),
        ("拜拜", "goodbye"),
        ("没有了，谢谢", "goodbye"),
        ("bye bye", "goodbye"),
        ("你是谁", "identity"),
        ("你是机器人吗？", "identity"),
        ("你是真人还是机器人", "identity"),
        ("are you a robot?", "identity"),
        ("你能做什么？", "ability"),
        ("what can you do?", "ability"),
        ("解决了，谢谢", "solved"),
        ("it works now, thanks", "solved"),
        ("太棒了", "praise"),
        ("666", "praise"),
        ("好的，知道了", "agreed"),
        ("嗯嗯", "agreed"),
        ("OK", "agreed"),
        ("哈哈哈哈哈哈", "laugh"),
        ("👍", "emoji"),
        ("😭😭😭", "emoji"),
        ("？？？", "nudge"),
        ("...", "nudge"),
        ("asdfgh", "key_mash"),
        ("jkljkljkl", "key_mash"),
        ("dfgdfgdfg", "key_mash"),
        ("aaaaaaaa", "key_mash"),
    ],
)
def test_small_talk_is_told_apart(line: str, kind: str) -> None:
    assert small_talk.detect(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "你好，甘特图怎么导出",
        "在吗，登录不了",
        "谢谢，那怎么打印",
        "好的，但是还是导不出来",
        "hello, how do I export?",
        "hint",
        "TH01-A",
        "502",
        "SSO",
        "HTTPS",
        "gantt",
        "JSON",
        "导出",
        "很好用的功能在哪",
        "你好怎么登录",
        "早会怎么开",
        "再见面会议怎么排",
        "thanks, but how do I undo it?",
        "好友怎么加",
        "",
        "机器人通知怎么配置",
        "测试用例怎么导入",
        "csv",
        "MySQL",
        "ldap",
    ],
)
def test_a_question_is_no_small_talk(line: str) -> None:
    assert small_talk.detect(line) is None


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("你好，甘特图怎么导出", "甘特图怎么导出"),
        ("在吗 我想问下 甘特图导不出来", "甘特图导不出来"),
        ("Hi, how do I export?", "how do I export?"),
        ("您好，请问一下怎么登录", "怎么登录"),
        ("你好", ""),
        ("早会怎么开", "早会怎么开"),
        ("帮助文档在哪", "帮助文档在哪"),
        ("１２３ＡＢＣ怎么用", "１２３ＡＢＣ怎么用"),
    ],
)
def test_the_opening_is_taken_off_the_question(line: str, question: str) -> None:
    assert small_talk.without_opening(line) == question
