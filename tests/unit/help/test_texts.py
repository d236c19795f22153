"""What is made of texts: sounds to search by, variables, replies fit for others, private numbers, plain answers."""

from __future__ import annotations

import pytest

from router.help.plain import plain
from router.help.private_numbers import cards_in, phones_in, qq_in, wechat_in
from router.help.reuse import reusable
from router.help.sounding import needle, search_key
from router.help.variables import fill, unknown_in


def _is_found(asked: str) -> bool:
    return needle(asked) in search_key("售后/退款", "重新开票", "请把發票抬头发我")


@pytest.mark.parametrize(
    "asked", ["开票", "cxkp", "zxkp", "chongxin", "zhongxinkaipiao", "shtk", "抬头", "发票", "CXKP", "開票"]
)
def test_a_reply_is_found_by_words_pinyin_and_initials_of_every_reading(asked: str) -> None:
    assert _is_found(asked)


def test_what_is_not_there_is_not_found() -> None:
    assert not _is_found("fapiao tuikuan")
    assert not _is_found("xyz")


def test_values_are_put_in_once_and_literally() -> None:
    filled = fill("{客户姓名}，{ 公司 }，{customer}，{没有}", {"customer": "{公司}\n<b>", "company": "远山\u202e"})
    assert filled.text == "{公司} <b>，远山，{公司} <b>，{没有}"
    assert filled.missing == ("{没有}",)
    assert unknown_in("{客户姓名}{客户名字}{没有}{没有}") == ("客户名字", "没有")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("王总您好，在设置里打开开关，保存后刷新就好。", "在设置里打开开关，保存后刷新就好。"),
        ("您好！在设置里打开开关就好。明天上午我再给您回电。", "在设置里打开开关就好。"),
        ("您的手机号 138 0013 8000 已经绑定好了", ""),
        ("账号发到 wang@example.com 了", ""),
        ("初始密码是 abc12345", ""),
        ("李女士的工单已经转给研发了", ""),
        ("工单 GD20261122-0031 已经建好", ""),
    ],
)
def test_only_what_anybody_may_read_is_proposed_to_others(said: str, kept: str) -> None:
    assert reusable(said) == kept


def test_numbers_that_lead_around_the_desk_are_seen() -> None:
    assert wechat_in("加V信 xiao_lin8021 哦") == ["xiao_lin8021"]
    assert wechat_in("可以加一下我微信") == ["加一下我微信"]
    assert wechat_in("微信登录失败怎么办，公众号在哪里关注") == []
    assert qq_in("我的QQ：123456789") == ["123456789"]
    assert phones_in("打我 138-0013-8000 或 +86 139 1234 5678") == ["13800138000", "13912345678"]
    assert phones_in("单号 202611221380013800099") == []
    assert cards_in("单号 6222 0212 3456 7890 129") == []
    assert cards_in("卡号 4012 8888 8888 1881，订单 2026112200001111") == ["4012 8888 8888 1881"]
    assert cards_in("身份证 11010519491231002X") == ["11010519491231002X"]


def test_an_articles_answer_reads_as_typed() -> None:
    text = "## 步骤\n1. 点 **导出**\n- 选 [高清](https://e.com/a)\n\n\n\n![图](a.png)\n用 `Ctrl+E`"
    assert plain(text) == "步骤\n1. 点 导出\n· 选 高清（https://e.com/a）\n\n用 Ctrl+E"
