"""What a text asks together with the question before it; words say how likely that is, searching decides."""

import pytest

from bot import follow_up

BEFORE = "怎么批量导入任务"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("那手机上呢？", "手机上"),
        ("那企业版呢", "企业版"),
        ("手机端呢", "手机端"),
        ("what about the mobile app?", "the mobile app"),
        ("and on mobile?", "on mobile"),
        ("does it work offline?", "does it work offline"),
        ("じゃあ、スマホは？", "スマホは"),
        ("¿y en el móvil?", "en el móvil"),
        ("这个在哪里设置", "这个在哪里设置"),
        ("具体怎么操作", "具体怎么操作"),
        ("管理员的", "管理员的"),
    ],
)
def test_a_text_that_leans_is_read_with_the_question_before(text: str, joined: str) -> None:
    reading = follow_up.read(text, BEFORE)
    assert reading.leans
    assert reading.joined == f"{BEFORE} {joined}"
    assert reading.alone == text
    assert not reading.corrects


@pytest.mark.parametrize("text", ["怎么登录不上去了", "发票抬头填错了怎么改", "how do I log in", "为什么还没到账呢"])
def test_a_whole_question_is_searched_alone_first(text: str) -> None:
    assert not follow_up.read(text, BEFORE).leans


def test_a_long_text_and_a_first_question_have_nothing_before_them() -> None:
    assert follow_up.read("那手机上呢", "").joined == ""
    assert follow_up.read("这个" * 50, BEFORE).joined == ""


def test_more_words_are_read_together_where_the_bot_asked_for_them() -> None:
    assert follow_up.read("在任务列表页面，点了导入就报错", BEFORE, asked_back=True).leans


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("我问的是导出不是导入", "怎么批量导出任务"),
        ("不是导入，是导出", "怎么批量导出任务"),
        ("我说的不是导入，而是导出", "怎么批量导出任务"),
        ("导出，不是导入", "怎么批量导出任务"),
        ("我問的是匯出不是導入", "怎么批量匯出任务"),
        ("我要的是导出不是下载", "怎么批量导入任务 导出"),
        ("不是这个，我说的是企业版的", "怎么批量导入任务 企业版的"),
        ("不对，我想问的是项目经理的权限", "怎么批量导入任务 项目经理的权限"),
    ],
)
def test_a_correction_is_put_into_the_question_before(text: str, joined: str) -> None:
    reading = follow_up.read(text, BEFORE)
    assert reading.joined == joined
    assert reading.leans
    assert reading.corrects


@pytest.mark.parametrize(
    ("text", "before", "joined"),
    [
        ("I asked about export, not import", "how do I import tasks", "how do I export tasks"),
        ("not import, I mean export", "how do I import tasks", "how do I export tasks"),
        ("no importar, sino exportar", "cómo importar tareas", "cómo exportar tareas"),
        ("インポートではなくエクスポートです", "タスクのインポート方法", "タスクのエクスポート方法"),
    ],
)
def test_a_correction_is_understood_in_other_languages(text: str, before: str, joined: str) -> None:
    assert follow_up.read(text, before).joined == joined


@pytest.mark.parametrize(
    "text", ["不是管理员能导出吗", "是不是导入不了", "我不是管理员怎么导出", "为什么不是按周显示", "not working"]
)
def test_a_question_with_a_not_is_no_correction(text: str) -> None:
    assert not follow_up.read(text, BEFORE).corrects
