"""The wish for a human is heard in five languages, and the product's own words are not taken for it."""

import time

import pytest

from bot import wish
from tests.unit.bot.utterances import ASK_FOR_A_HUMAN, IMPLY_A_HUMAN, NO_WISH


@pytest.mark.parametrize("line", ASK_FOR_A_HUMAN)
def test_asking_for_a_human_is_heard(line: str) -> None:
    assert wish.detect(line) is not None


@pytest.mark.parametrize("line", IMPLY_A_HUMAN)
def test_what_only_a_human_can_do_is_a_wish(line: str) -> None:
    assert wish.detect(line) is not None


@pytest.mark.parametrize("line", NO_WISH)
def test_a_question_about_the_product_is_no_wish(line: str) -> None:
    assert wish.detect(line) is None


@pytest.mark.parametrize(
    "line", ["转人工", "I want to talk to a human", "オペレーターお願いします", "quiero hablar con un agente"]
)
def test_a_said_wish_is_told_from_an_implied_one(line: str) -> None:
    found = wish.detect(line)
    assert found is not None
    assert found.kind == "asked"


@pytest.mark.parametrize(
    "line", ["转" * 5000, "我要" * 2500, "a " * 2500, "talk to " * 600, "quiero " * 700, "担当者に" * 1250, "(" * 5000]
)
def test_a_long_message_costs_no_more_than_a_few_milliseconds(line: str) -> None:
    began = time.thread_time()
    wish.detect(line)
    assert time.thread_time() - began < 0.1
