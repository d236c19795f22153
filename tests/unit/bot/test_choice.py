"""An option is taken by number or by words; two that fit alike are never guessed between."""

import pytest

from bot import choice
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
    ],
)
def test_an_option_is_chosen(text: str, place: int) -> None:
    assert choice.choose(text, OFFERED) == OFFERED[place]


@pytest.mark.parametrize("text", ["甘特图", "9", "怎么登录", "都不是", "", "导出", "一共有几个人能导出", "是的"])
def test_nothing_is_guessed(text: str) -> None:
    assert choice.choose(text, OFFERED) is None


def test_yes_takes_the_only_option() -> None:
    assert choice.choose("对的", OFFERED[:1]) == OFFERED[0]


def test_without_an_offer_a_number_means_nothing() -> None:
    assert choice.choose("1", ()) is None


@pytest.mark.parametrize(
    "text",
    ["都不是", "都不是。", "都不对", "没有我要的", "以上都不是", "none of these", "neither", "どれでもない", "ninguno"],
)
def test_all_options_can_be_turned_down(text: str) -> None:
    assert choice.is_none_of_these(text)


@pytest.mark.parametrize("text", ["都不是管理员能登录吗", "怎么导出", "none of my tasks are shown"])
def test_a_question_turns_nothing_down(text: str) -> None:
    assert not choice.is_none_of_these(text)
