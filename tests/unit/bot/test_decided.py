"""Decisions that are kept for those who ask the same: whatever the conversation has a say in is decided anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import follow_up
from bot.answering import Answerer
from bot.decided import VALID_SECONDS
from bot.records import Answer, Option, Turn
from bot.settings import BotSettings
from kb_index.records import Scope
from tests.unit.bot.fakes import EXPORT, PDF, FakeEncoder, FakeSearcher

SURE = ((EXPORT, 0.97), (PDF, 0.01))
QUESTION = "怎么把甘特图导出成图片发给客户看"


def _answerer() -> Answerer:
    return Answerer(BotSettings(), FakeEncoder(), FakeSearcher(SURE))


async def test_who_asks_the_same_elsewhere_gets_the_same_decision_without_a_search() -> None:
    answerer = _answerer()
    decision = await answerer.answer(Turn((QUESTION,)))
    assert isinstance(decision, Answer)
    elsewhere = Turn(
        (QUESTION,), misses=1, previous_question="能不能把任务复制到别的项目里去呢", last_article_ids=("x",)
    )
    assert answerer.recall(elsewhere) is decision
    assert await answerer.answer(elsewhere) is decision


async def test_what_begins_or_ends_to_be_valid_does_so_some_seconds_later() -> None:
    answerer, at = _answerer(), datetime(2026, 11, 22, 12, tzinfo=UTC)

    def asked(seconds: int) -> Turn:
        return Turn((QUESTION,), scope=Scope(at=at + timedelta(seconds=seconds)))

    await answerer.answer(asked(0))
    assert [answerer.recall(asked(seconds)) is None for seconds in range(20)].index(True) <= VALID_SECONDS


@pytest.mark.parametrize(
    "change",
    [
        {"last_article_ids": (EXPORT.id,)},
        {"refused_article_ids": (EXPORT.id,)},
        {"offered": (Option(EXPORT.id, EXPORT.question),)},
        {"asked_back": True},
        {"attachments": 1},
        {"chosen_option": EXPORT.id},
        {"fragments": (QUESTION, "急")},
        {"humans_available": False},
        {"locale": "en"},
    ],
)
async def test_a_conversation_that_has_a_say_in_it_is_decided_by_itself(change: dict[str, object]) -> None:
    answerer = _answerer()
    await answerer.answer(Turn((QUESTION,)))
    assert answerer.recall(replace(Turn((QUESTION,)), **change)) is None  # type: ignore[arg-type]


async def test_other_thresholds_and_another_index_forget() -> None:
    answerer = _answerer()
    await answerer.answer(Turn((QUESTION,)))
    answerer.retune(BotSettings(answer_at=0.99))
    assert answerer.recall(Turn((QUESTION,))) is None
    await answerer.answer(Turn((QUESTION,)))
    answerer.swap(FakeSearcher(()))
    assert answerer.recall(Turn((QUESTION,))) is None


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        (QUESTION, True),
        ("How do I export the Gantt chart as a picture for a client", True),
        ("那手机上呢？", False),
        ("怎么弄", False),
        ("导出，不是导入", False),
        ("我问的是导出不是导入", False),
        ("不是这个，我说的是企业版怎么升级", False),
        ("and what about the archived ones", False),
        ("", False),
    ],
)
def test_words_stand_alone_only_where_the_question_before_changes_nothing(text: str, alone: bool) -> None:
    assert follow_up.stands_alone(text) is alone
    if alone:
        befores = ("", "怎么导入任务", "甘特图导出成图片后很模糊怎么办")
        assert len({follow_up.read(text, before).alone for before in befores}) == 1
        assert not any(follow_up.read(text, before).joined for before in befores)
