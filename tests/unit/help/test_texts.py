"""What is made of texts: sounds to search by, variables, replies fit for others, private numbers, plain answers."""

from __future__ import annotations

import pytest

from router.help.plain import plain
from router.help.private_numbers import cards_in, phones_in, qq_in, wechat_in
from router.help.reuse import reusable
from router.help.sounding import needle, search_key
from router.help.variables import fill, unknown_in
from router.help.wanted_words import found


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


@pytest.mark.parametrize(
    "said",
    [
        "微 信 号 abc12345", "微-信 abc_123", "加我薇❤ abc12345", "加我薇❤️abc12345", "ｗｘ：abc12345", "v❤x abc12345",
        "威信号 abc12345", "我的V：abc12345", "加我vabc12345", "加 我 微 信", "加我 v 信", "微信号 a b c 1 2 3 4",
    ],
)  # fmt: skip
def test_a_private_wechat_name_is_seen_however_it_is_pulled_apart(said: str) -> None:
    assert wechat_in(said)


@pytest.mark.parametrize(
    "said",
    [
        "微信 wechat pay 收款", "微信小程序 v2.3.45678", "wx1234567890 是 appid", "我的vpn2024x连不上",
        "升级到v10abcdef版本", "请添加公司的企业微信 jinshi_01", "薇薇 abc12345", "联系vip12345客服", "在微信里扫码",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_none(said: str) -> None:
    assert wechat_in(said) == []


@pytest.mark.parametrize(
    "said",
    [
        "１３８００１３８０００", "一三八零零一三八零零零", "幺三八 〇〇一三 八〇〇〇", "1 3 8 0 0 1 3 8 0 0 0",
        "138❤0013❤8000", "138.0013.8000", "１３8\u200b0013\u200b8000",
    ],
)  # fmt: skip
def test_a_mobile_number_is_seen_however_it_is_written(said: str) -> None:
    assert phones_in(said) == ["13800138000"]


@pytest.mark.parametrize(
    "said", ["13:00-18:00 共 100 人", "2026-11-22 10:30", "金额 13,800,138,000", "192.168.1.100:8080", "版本 1.3.8.0.0"]
)
def test_other_figures_are_no_mobile_number(said: str) -> None:
    assert phones_in(said) == []


def test_the_words_of_a_rule_are_found_pulled_apart_but_not_across_clauses() -> None:
    assert found("保证", "我保 证没问题", unless_denied=True) == "保证"
    assert found("保证", "保*证修好", unless_denied=True) == "保证"
    assert found("保证", "有担保，证据在这里", unless_denied=True) is None
    assert found("不归我*管", "这个不归我们管", unless_denied=False) == "不归我们管"


@pytest.mark.parametrize(
    ("word", "said", "is_met"),
    [
        ("保证", "不能保证明天修好", False),
        ("保证", "这个我们无法百分百保证", False),
        ("保证", "不敢跟您保证", False),
        ("保证", "不用担心，我保证", True),
        ("保证", "不能保证今天，但保证明天", True),
        ("guarantee", "we can’t guarantee it", False),
        ("guarantee", "we guarantee it", True),
    ],
)
def test_what_is_denied_is_no_promise(word: str, said: str, is_met: bool) -> None:
    assert (found(word, said, unless_denied=True) is not None) == is_met
    assert found(word, said, unless_denied=False) is not None


def test_an_articles_answer_reads_as_typed() -> None:
    text = "## 步骤\n1. 点 **导出**\n- 选 [高清](https://e.com/a)\n\n\n\n![图](a.png)\n用 `Ctrl+E`"
    assert plain(text) == "步骤\n1. 点 导出\n· 选 高清（https://e.com/a）\n\n用 Ctrl+E"
