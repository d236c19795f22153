"""An option is taken by number or by words; two that fit alike are never guessed between."""

import pytest

from bot import choice
from kb_index.records import Article
from tests.unit.bot.fakes import EXPORT, PDF, PRINT, options

OFFERED = options(EXPORT, PDF, PRINT)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("２", 1),
        ("②", 1),
        ("2.", 1),
        ("第二个", 1),
        ("第二个吧", 1),
        ("选2", 1),
        ("我选第三个", 2),
        ("三", 2),
        ("3番", 2),
        ("最后一个", 2),
        ("the second one", 1),
        ("option 3", 2),
        ("el segundo", 1),
        ("怎么打印甘特图", 2),
        ("打印", 2),
        ("导出成图片", 0),
        ("PDF", 1),
        ("pdf", 1),
        ("第二个怎么弄", 1),
        ("打印的那个", 2),
        ("我要打印", 2),
        ("那第三个呢", 2),
        ("2吧", 1),
        ("就第一个吧，谢谢", 0),
        ("看看第2个是什么意思", 1),
        ("上面那个", 0),
        ("最下面那个", 2),
        ("中间的那个", 1),
        ("倒数第二个", 1),
        ("選第二個", 1),
        ("what about the third one?", 2),
        ("I'd pick 2", 1),
        ("the last one please", 2),
        ("2番目です", 1),
        ("最後の", 2),
        ("la segunda", 1),
        ("opción 3", 2),
    ],
)
def test_an_option_is_chosen(text: str, place: int) -> None:
    assert choice.read(text, OFFERED).taken == OFFERED[place]


@pytest.mark.parametrize("text", ["甘特图", "9", "怎么登录", "都不是", "", "导出", "一共有几个人能导出", "是的"])
def test_nothing_is_guessed(text: str) -> None:
    assert choice.read(text, OFFERED).taken is None


def test_yes_takes_the_only_option() -> None:
    assert choice.read("对的", OFFERED[:1]).taken == OFFERED[0]
    assert choice.read("对的", OFFERED).which
    assert choice.read("嗯对", OFFERED).which


def test_without_an_offer_a_number_means_nothing() -> None:
    assert not choice.read("1", ())


@pytest.mark.parametrize(
    "text",
    ["都不是", "都不是。", "都不对", "没有我要的", "以上都不是", "none of these", "neither", "どれでもない", "ninguno"],
)
def test_all_options_can_be_turned_down(text: str) -> None:
    assert choice.read(text, OFFERED).none


@pytest.mark.parametrize("text", ["都不是管理员能登录吗", "怎么导出", "none of my tasks are shown"])
def test_a_question_turns_nothing_down(text: str) -> None:
    assert not choice.read(text, OFFERED).none


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("前两个都不是", (PRINT,)),
        ("不是第一个", (PDF, PRINT)),
        ("后两个不是", (EXPORT,)),
        ("第二个不是", (EXPORT, PRINT)),
        ("not the first two", (PRINT,)),
        ("not the second one", (EXPORT, PRINT)),
    ],
)
def test_some_options_can_be_turned_down(text: str, left: tuple[Article, ...]) -> None:
    assert choice.read(text, OFFERED).left == options(*left)


@pytest.mark.parametrize("text", ["前三个都不是", "not the first three"])
def test_turning_each_down_turns_all_down(text: str) -> None:
    assert choice.read(text, OFFERED).none


@pytest.mark.parametrize("text", ["9", "第六个", "option 5"])
def test_a_number_under_no_option_is_told_from_a_question(text: str) -> None:
    assert choice.read(text, OFFERED).out_of_range


@pytest.mark.parametrize(
    "text", ["一个项目最多几个人", "第一次登录怎么改密码", "第二步那里是灰的", "上面的按钮点不了", "2个人能一起编辑吗"]
)
def test_a_question_with_a_number_is_no_choice(text: str) -> None:
    assert not choice.read(text, OFFERED)
