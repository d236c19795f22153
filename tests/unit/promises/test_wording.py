"""Promises by their words alone: sure of what is plain, silent about what is none."""

from __future__ import annotations

import pytest

from router.promises.wording import judge, sentences


@pytest.mark.parametrize(
    "said",
    [
        "明天上午答复您", "我下午三点前回您", "核实后给您回电", "有结果第一时间通知您", "我們明天給您答覆",
        "I'll get back to you tomorrow", "We will call you within two hours",
    ],
)  # fmt: skip
def test_what_is_plainly_promised(said: str) -> None:
    assert judge(said) == "yes"


@pytest.mark.parametrize(
    "said",
    [
        "您明天再试试", "已答复您", "明天上午会发布新版本？", "昨天已经给您回过电话了", "请您在下班前回复我",
        "需要我给您回电吗", "我没法答应您明天能修好", "您稍后把截图发给我", "Could you reply by Friday?",
        "Please try again tomorrow", "The system sends a report every Monday",
    ],
)  # fmt: skip
def test_what_is_none(said: str) -> None:
    assert judge(said) != "yes"


@pytest.mark.parametrize(
    "said",
    [
        "上次说周三前给您答复的，是哪位同事呢", "之前答应明天给您回电的是谁？", "谁答应您今天给您回电的呢",
        "Who promised you that we would call by Wednesday?",
    ],
)  # fmt: skip
def test_what_asks_about_an_old_promise_is_never_a_new_one(said: str) -> None:
    assert judge(said) == "never"
    assert judge("上次的问题我明天给您答复") != "never"


def test_a_message_is_taken_sentence_by_sentence() -> None:
    assert list(sentences("您好。请稍等！明天答复您\n谢谢")) == ["您好。", "请稍等！", "明天答复您", "谢谢"]
