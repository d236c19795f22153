"""What stops a clock and what does not."""

from __future__ import annotations

import pytest

from router.clocks.replies import is_reply


@pytest.mark.parametrize(
    "text",
    [
        "您好",
        "你好，我是小林，很高兴为您服务",
        "您好！请问有什么可以帮您？",
        "您好，工号8021为您服务",
        "亲，您好",
        "在的呢",
        "让您久等了",
        "感谢您的耐心等待",
        "请稍等",
        "稍等一下哦",
        "请您稍等片刻",
        "您好，请稍等，我帮您查一下",
        "您好，这边帮您核实一下，请稍等哦～",
        "好的，正在核实，请稍候",
        "马上为您处理",
        "稍等，核查中",
        "我先看看情况哈",
        "让我查一下",
        "好的",
        "收到",
        "👋",
        "……",
        "Hello!",
        "Hi, this is Lin. One moment please.",
        "let me check that for you",
        "少々お待ちください",
    ],
)
def test_greetings_holding_words_and_mere_nods_are_no_first_reply(text: str) -> None:
    assert not is_reply(text)


@pytest.mark.parametrize(
    "text",
    [
        "您好，我是小林，前面的对话我看过了。您是想把甘特图导出成图片，但按钮是灰的，对吗？",
        "请点右上角的导出",
        "是哪个项目？",
        "稍等，您用的是哪个版本？",
        "好的，请刷新页面再试",
        "您好，发票已开具",
        "我查了一下，是权限问题",
        "我是说要先保存",
        "可以",
        "是的",
        "12345",
        "Please click export",
        "https://example.com/help",
    ],
)
def test_an_answer_or_a_question_back_is_a_reply(text: str) -> None:
    assert is_reply(text)


@pytest.mark.parametrize("text", ["好的", "收到", "不客气"])
def test_later_on_a_nod_may_be_all_that_is_owed(text: str) -> None:
    assert is_reply(text, first=False)


@pytest.mark.parametrize("text", ["请稍等", "稍等，核查中", "您好"])
def test_holding_words_are_none_at_any_time(text: str) -> None:
    assert not is_reply(text, first=False)
