"""Language and dissatisfaction: what the small parts make of a message."""

import pytest

from bot import dissatisfaction, language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("怎么导出甘特图", "zh-CN"),
        ("請問怎麼匯出甘特圖", "zh-TW"),
        ("我的帳號登不上", "zh-TW"),
        ("Gantt 导不出来", "zh-CN"),
        ("How do I export the chart?", "en"),
        ("pocket sticks has how many calories", "en"),
        ("thanks", "en"),
        ("ガントチャートを画像にしたい", "ja"),
        ("ログイン出来ない", "ja"),
        ("¿Cómo exporto el diagrama?", "es"),
        ("no puedo entrar en mi cuenta", "es"),
        ("zhuan rengong", "zh-CN"),
        ("OK", "zh-CN"),
        ("👍", "zh-CN"),
        ("502", "zh-CN"),
        ("日语あぷない是什么意思", "zh-CN"),
        ("absolutely not", "en"),
        ("Error 502 Bad Gateway 怎么办", "zh-CN"),
        ("500 internal server error", "en"),
        ("Gantt 怎么 zoom in zoom out", "zh-CN"),
        ("the export to Microsoft Project 为什么 fails every single time", "zh-CN"),
        ("how do I find the member 王小明 in the list of all members", "en"),
        ("mai cuo le zenme tuikuan", "zh-CN"),
        ("no puedo exportar", "es"),
        ("", "zh-CN"),
    ],
)
def test_the_language_is_found(text: str, expected: str) -> None:
    assert language.detect(text, "zh-CN") == expected


@pytest.mark.parametrize(
    ("locale", "expected"), [("en-US", "en"), ("zh-HK", "zh-TW"), ("ja", "ja"), ("fr", "en"), ("", "zh-CN")]
)
def test_the_page_decides_where_the_text_does_not_tell(locale: str, expected: str) -> None:
    assert language.detect("502", locale) == expected


@pytest.mark.parametrize(
    "text",
    [
        "没帮助",
        "没用",
        "还是不行",
        "试了，还是不行",
        "不是这个",
        "答非所问",
        "不对",
        "没解决",
        "这个答案没用",
        "not helpful",
        "it didn't work",
        "still not working",
        "that's not what I asked",
        "役に立ちません",
        "no me sirve",
        "還是不行",
        "还是收不到",
        "照做了还是白的",
        "試了還是亂的",
        "依然报错",
        "it still fails",
    ],
)
def test_it_is_heard_that_an_answer_did_not_help(text: str) -> None:
    assert dissatisfaction.detect(text)


@pytest.mark.parametrize(
    "text",
    [
        "导出不行",
        "登录不行怎么办",
        "没用过看板，怎么开始",
        "help",
        "that helped",
        "working",
        "不能用手机登录",
        "没有权限",
        "还是收不到验证码",
        "还是我的账号吗",
        "还是用旧的吗",
    ],
)
def test_a_new_question_is_no_dissatisfaction(text: str) -> None:
    assert not dissatisfaction.detect(text)


def test_what_follows_a_refusal_is_the_question() -> None:
    assert dissatisfaction.without("不是这个，我说的是企业版的价格") == "企业版的价格"
    assert dissatisfaction.without("不是管理员能导出吗") == "不是管理员能导出吗"
