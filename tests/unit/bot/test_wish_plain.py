"""A human asked for outright is fetched, whatever else a message asks; a clause that asks something may be doubted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import wish
from bot.settings import SignalSettings
from bot.signals import NOTHING

#: Heads and neighbours that hear no wish at all.
DEAF = replace(NOTHING, wish=0.001, wish_in_part=0.001, wish_alike=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "甘特图打印出来是空白的，转人工",
        "按钮是灰的 换了浏览器也一样 转人工",
        "怎么导出？麻烦马上帮我转人工，谢谢",
        "人工客服",
        "the report is empty, transfer me to a human",
    ],
)
def test_said_outright_it_is_obeyed(text: str) -> None:
    assert wish.is_heard(wish.read(text), None, DEAF, SignalSettings(), answerable=True)


@pytest.mark.parametrize("text", ["转人工要收费吗", "机器人怎么转人工", "人工工时怎么统计", "怎么设置转人工的时间"])
def test_what_asks_about_it_is_left_to_doubt(text: str) -> None:
    assert not wish.is_heard(wish.read(text), None, DEAF, SignalSettings(), answerable=True)
