"""What only thanks or praises, by the feeling in it and by its words."""

import pytest

from bot import cheer, question_shape
from bot.signals import Feeling

HAPPY, DOUBTFUL, ANGRY, CALM = (
    Feeling("happy", 0.95), Feeling("happy", 0.55), Feeling("angry", 0.9, 0.8), Feeling("neutral", 0.9),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("弄成了，太感谢您了", "thanks"),
        ("我们全组都夸你们做得好", "praise"),
        ("Gracias, quedó muy bonito", "thanks"),
        ("すごく便利になりました", "praise"),
    ],
)
def test_joy_is_answered_as_thanks_or_as_praise(text: str, kind: str) -> None:
    assert cheer.read(text, HAPPY, 0.8) == kind


def test_joy_that_is_not_certain_must_not_tell_of_trouble() -> None:
    assert cheer.read("真不错，继续加油", DOUBTFUL, 0.8) == "praise"
    assert cheer.read("真棒，图纸又丢了", DOUBTFUL, 0.8) is None


def test_strong_words_with_thanks_in_a_clause_of_their_own_are_joy() -> None:
    assert cheer.read("搞定了！折腾了我整整两天", ANGRY, 0.8) == "praise"
    assert cheer.read("还是登不上，谢谢", ANGRY, 0.8) is None
    assert cheer.read("感谢你们让我加班到天亮", ANGRY, 0.8) is None


def test_a_calm_thank_you_after_a_request_is_no_joy() -> None:
    assert cheer.read("看下我的订单，谢谢", CALM, 0.8) is None


@pytest.mark.parametrize(
    "text",
    ["怎么加人", "这个能改不", "在哪儿看", "可以撤回吗", "支不支持离线", "Where is the export", "¿Puedo volver?"],
)
def test_questions_are_told(text: str) -> None:
    assert question_shape.asks(text)


@pytest.mark.parametrize("text", ["原来这么简单", "一下就弄好了", "It is exactly what I needed", "便利です"])
def test_statements_are_no_questions(text: str) -> None:
    assert not question_shape.asks(text)
