"""Language, emotion, urgency and dissatisfaction: what the small parts make of a message."""

import pytest

from bot import dissatisfaction, emotion, language, urgency


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
    ("text", "expected"),
    [
        ("你们这什么垃圾软件", "angry"),
        ("说了多少遍了还是不行！！", "angry"),
        ("又卡了，每次都这样", "angry"),
        ("我要投诉", "angry"),
        ("不好用", "angry"),
        ("😡", "angry"),
        ("This is ridiculous!!", "angry"),
        ("not happy with this", "angry"),
        ("最悪です", "angry"),
        ("es una estafa", "angry"),
        ("什麼爛軟體，受夠了", "angry"),
        ("数据全没了怎么办啊！！", "anxious"),
        ("马上要汇报了导不出来，急！", "anxious"),
        ("好担心啊，文件会不会丢了", "anxious"),
        ("I'm worried I lost all my tasks", "anxious"),
        ("困っています、助けて", "anxious"),
        ("谢谢，解决了", "happy"),
        ("太好了，真棒", "happy"),
        ("Great, works now. Thanks!", "happy"),
        ("👍", "happy"),
        ("怎么导出甘特图", "neutral"),
        ("垃圾箱在哪", "neutral"),
        ("不是垃圾邮件怎么办", "neutral"),
        ("没有生气，就是问问", "neutral"),
        ("502 Bad Gateway", "neutral"),
        ("任务的截止日期风险怎么看", "neutral"),
        ("投诉工单怎么流转", "neutral"),
        ("how do I set a deadline", "neutral"),
        ("优先级怎么设为紧急", "neutral"),
        ("今天天气怎么样", "neutral"),
        ("版本怎么回滚", "neutral"),
        ("资源紧张的时候怎么排期", "neutral"),
        ("做完了的任务怎么归档", "neutral"),
        ("怎么导出？谢谢", "neutral"),
        ("老是收不到通知", "neutral"),
        ("I made a terrible mistake and deleted a column", "neutral"),
        ("trash bin location", "neutral"),
    ],
)
def test_the_emotion_is_found(text: str, expected: str) -> None:
    assert emotion.detect(text).emotion == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("系统崩了全公司都登不上", "high"),
        ("急急急！", "high"),
        ("客户在催，能快点吗", "high"),
        ("误删了项目能恢复吗", "high"),
        ("今天下班前必须弄好", "high"),
        ("urgent! production is down", "high"),
        ("need this ASAP", "high"),
        ("至急お願いします", "high"),
        ("es urgente", "high"),
        ("資料全沒了，很急", "high"),
        ("不是很急，有空回复就行", "low"),
        ("随便问问，能导出吗", "low"),
        ("no rush, just wondering", "low"),
        ("急ぎではないのですが", "low"),
        ("紧急程度字段怎么加", "normal"),
        ("优先级怎么设为紧急", "normal"),
        ("删除后立即生效吗", "normal"),
        ("怎么导出甘特图", "normal"),
        ("加急审批怎么配置", "normal"),
        ("严重程度怎么改", "normal"),
        ("how do I mark a task as urgent", "normal"),
        ("critical path not shown", "normal"),
        ("怎么@所有人", "normal"),
        ("任务是 blocked 状态怎么办", "normal"),
        ("万分之三的手续费怎么算", "normal"),
        ("it takes a few minutes right now, is that normal", "normal"),
        ("how do I set a deadline", "normal"),
    ],
)
def test_the_urgency_is_found(text: str, expected: str) -> None:
    assert urgency.detect(text) == expected


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
    ],
)
def test_a_new_question_is_no_dissatisfaction(text: str) -> None:
    assert not dissatisfaction.detect(text)


def test_what_follows_a_refusal_is_the_question() -> None:
    assert dissatisfaction.without("不是这个，我说的是企业版的价格") == "企业版的价格"
    assert dissatisfaction.without("不是管理员能导出吗") == "不是管理员能导出吗"
