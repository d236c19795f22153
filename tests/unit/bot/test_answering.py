"""One question in, one decision out: the whole bot with a searcher that finds what the test says."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from bot.answering import Answerer
from bot.records import Answer, Clarification, Handoff, SmallTalk
from bot.settings import BotSettings
from kb_index.records import Picture, Scope
from tests.unit.bot.fakes import (
    ARTICLES,
    EXPORT,
    HELLO,
    MOBILE,
    PDF,
    PRINT,
    ROLES,
    SHARE,
    EmptySearcher,
    FakeEncoder,
    FakeSearcher,
    Found,
    bot,
    options,
    turn,
)

SURE = ((EXPORT, 0.9), (PDF, 0.05))
UNSURE = ((EXPORT, 0.4), (PDF, 0.3), (PRINT, 0.1), (ROLES, 0.01))
NOTHING = ((ROLES, 0.05), (PDF, 0.02))


# What probability decides ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["怎么导出", "怎麼匯出", "怎么匯出", "匯出"])
async def test_the_one_word_of_a_question_that_several_articles_are_about_gets_options(text: str) -> None:
    assert isinstance(await bot(SURE).answer(turn(text)), Clarification)


async def test_a_sure_answer_is_given_with_its_source() -> None:
    decision = await bot(SURE).answer(turn("怎么把甘特图导出成图片"))
    assert isinstance(decision, Answer)
    assert decision.text == EXPORT.answer
    assert [source.article_id for source in decision.sources] == [EXPORT.id]
    assert decision.sources[0].confidence == decision.analysis.confidence == 0.9
    assert not decision.is_miss


async def test_between_the_thresholds_the_likely_articles_are_offered() -> None:
    decision = await bot(UNSURE).answer(turn("甘特图怎么弄出来"))
    assert isinstance(decision, Clarification)
    assert decision.options == options(EXPORT, PDF, PRINT)  # ROLES is too unlikely to be read
    assert decision.buttons == ("none_of_these", "request_human")
    assert not decision.is_miss


async def test_never_more_than_five_options() -> None:
    found = tuple((article, 0.3 + place / 1000) for place, article in enumerate(ARTICLES))
    decision = await bot(found).answer(turn("甘特图怎么弄出来"))
    assert isinstance(decision, Clarification)
    assert len(decision.options) == 5


async def test_without_a_guess_the_bot_asks_back_and_counts_a_miss() -> None:
    decision = await bot(NOTHING).answer(turn("为什么天是蓝的"))
    assert isinstance(decision, Clarification)
    assert decision.options == ()
    assert decision.reason == "no_answer"
    assert decision.is_miss
    assert decision.text.startswith("这个问题我没有找到可靠的答案")
    assert decision.buttons == ("describe", "request_human")


@pytest.mark.parametrize("found", [NOTHING, ()])
async def test_the_second_miss_fetches_a_human(found: Found) -> None:
    decision = await bot(found).answer(turn("为什么天是蓝的", misses=1))
    assert isinstance(decision, Handoff)
    assert decision.reason == "repeated_miss"
    assert decision.is_miss


async def test_after_a_miss_a_sure_answer_is_still_given() -> None:
    assert isinstance(await bot(SURE).answer(turn("怎么导出成图片", misses=1)), Answer)
    assert isinstance(await bot(SURE).answer(turn("怎么导出成图片", misses=2)), Answer)


async def test_after_two_misses_no_more_options_are_offered() -> None:
    decision = await bot(UNSURE).answer(turn("甘特图怎么弄出来", misses=2))
    assert isinstance(decision, Handoff)
    assert decision.reason == "repeated_miss"


async def test_the_thresholds_are_the_settings() -> None:
    strict = BotSettings(answer_at=0.95, offer_at=0.92)
    decision = await bot(SURE, settings=strict).answer(turn("怎么把甘特图导出成图片"))
    assert isinstance(decision, Clarification)
    assert decision.is_miss


async def test_an_article_can_have_a_threshold_of_its_own() -> None:
    careful, easy = replace(EXPORT, answer_at=0.95), replace(EXPORT, answer_at=0.3)
    assert isinstance(await bot(((careful, 0.9),)).answer(turn("怎么导出成图片")), Clarification)
    assert isinstance(await bot(((easy, 0.4),)).answer(turn("怎么导出成图片")), Answer)
    assert isinstance(await bot(((PDF, 0.4), (easy, 0.35))).answer(turn("怎么导出成图片")), Clarification)


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer_at": 0.1},
        {"answer_at": 1.2},
        {"max_options": 0},
        {"candidates": 2},
        {"misses_before_handoff": 0},
        {"offer_at": -1},
    ],
)
def test_settings_that_contradict_each_other_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="bot"):
        BotSettings(**wrong)


# Small talk --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "在吗",
        "谢谢",
        "👍",
        "asdfgh",
        "再见",
        "你是机器人吗",
        "好的",
        "？？？",
        "哈哈",
        "解决了",
        "你会什么",
        "真棒",
    ],
)
async def test_small_talk_is_answered_and_never_a_miss(text: str) -> None:
    decision = await bot(NOTHING).answer(turn(text, misses=1))
    assert isinstance(decision, SmallTalk)
    assert decision.text
    assert not decision.is_miss
    assert decision.analysis.candidates or not any(character.isalnum() for character in text)


async def test_a_greeting_before_a_question_is_a_question() -> None:
    decision = await bot(SURE).answer(turn("你好，怎么把甘特图导出成图片"))
    assert isinstance(decision, Answer)
    assert decision.analysis.question == "怎么把甘特图导出成图片"


async def test_the_vendors_own_answer_to_small_talk_goes_first() -> None:
    decision = await bot(((HELLO, 0.95),)).answer(turn("您好"))
    assert isinstance(decision, Answer)
    assert decision.text == HELLO.answer


async def test_a_chance_hit_does_not_replace_small_talk() -> None:
    assert isinstance(await bot(SURE).answer(turn("谢谢")), SmallTalk)


async def test_the_bot_says_that_it_is_one() -> None:
    decision = await bot().answer(turn("你是真人吗"))
    assert isinstance(decision, SmallTalk)
    assert "机器人" in decision.text
    assert decision.buttons == ("request_human",)


# Fragments, pictures, links ----------------------------------------------------------------------------------------


async def test_fragments_are_one_question_and_one_miss() -> None:
    decision = await bot(NOTHING).answer(turn("在吗", "我想问下", "甘特图", "导不出来"))
    assert isinstance(decision, Clarification)
    assert decision.analysis.question == "甘特图导不出来"
    assert decision.is_miss


async def test_a_bare_name_is_no_miss() -> None:
    decision = await bot(NOTHING).answer(turn("甘特图", misses=1))
    assert isinstance(decision, Clarification)
    assert not decision.is_miss


@pytest.mark.parametrize(
    ("fragments", "attachments", "words"),
    [
        ((), 1, "图片收到了"),
        (("",), 1, "图片收到了"),
        (("https://example.com/a/b?c=1",), 0, "链接收到了"),
        (("  ",), 0, "请用一句话"),
    ],
)
async def test_what_has_no_words_gets_a_request_for_one_sentence(
    fragments: tuple[str, ...], attachments: int, words: str
) -> None:
    decision = await bot(SURE).answer(turn(*fragments, attachments=attachments, misses=1))
    assert isinstance(decision, Clarification)
    assert decision.reason == "nothing_to_read"
    assert decision.text.startswith(words)
    assert "request_human" in decision.buttons
    assert not decision.is_miss


# Everything else ---------------------------------------------------------------------------------------------------


async def test_a_follow_up_is_searched_with_the_question_before() -> None:
    encoder = FakeEncoder()
    answerer = Answerer(BotSettings(), encoder, FakeSearcher((), {"甘特图 手机上": ((MOBILE, 0.9),)}))
    decision = await answerer.answer(turn("那手机上呢？", previous_question="怎么看甘特图"))
    assert isinstance(decision, Answer)
    assert decision.text == MOBILE.answer
    assert decision.analysis.question_in_context == "怎么看甘特图 手机上"
    assert sorted(encoder.asked) == ["怎么看甘特图 手机上", "那手机上呢？"]


async def test_a_sure_question_is_searched_once_whatever_was_asked_before() -> None:
    encoder = FakeEncoder()
    await Answerer(BotSettings(), encoder, FakeSearcher(SURE)).answer(
        turn("怎么把甘特图导出成图片", previous_question="项目经理有哪些权限")
    )
    assert encoder.asked == ["怎么把甘特图导出成图片"]


async def test_an_unsure_question_about_something_else_is_not_answered_out_of_the_one_before() -> None:
    found = {"权限": ((ROLES, 0.97), (SHARE, 0.01))}
    decision = await bot(((PDF, 0.05),), found).answer(
        turn("为什么天是蓝的", previous_question="项目经理有哪些权限", last_article_ids=(ROLES.id,))
    )
    assert isinstance(decision, Clarification)
    assert decision.reason == "no_answer"


@pytest.mark.parametrize("index", [None, EmptySearcher()])
async def test_without_knowledge_a_human_is_fetched_and_small_talk_goes_on(index: FakeSearcher | None) -> None:
    answerer = Answerer(BotSettings(), FakeEncoder(), index)
    decision = await answerer.answer(turn("怎么导出甘特图"))
    assert isinstance(decision, Handoff)
    assert decision.reason == "low_confidence"
    assert decision.analysis.confidence == 0.0
    assert isinstance(await answerer.answer(turn("你好")), SmallTalk)


async def test_a_swapped_index_answers_the_next_question() -> None:
    answerer = bot(NOTHING)
    assert isinstance(await answerer.answer(turn("怎么导出图片")), Clarification)
    answerer.swap(FakeSearcher(SURE))
    decision = await answerer.answer(turn("怎么导出图片"))
    assert isinstance(decision, Answer)
    assert decision.analysis.index_version == 7


async def test_the_scope_reaches_the_search() -> None:
    searcher = FakeSearcher(SURE)
    scope = Scope(site="a", edition="企业版")
    await Answerer(BotSettings(), FakeEncoder(), searcher).answer(turn("怎么导出图片", scope=scope))
    assert searcher.scopes == [replace(scope, locale="zh-CN")]


@pytest.mark.parametrize(
    ("text", "locale"), [("How do I export it?", "en"), ("怎么导出图片", "zh-CN"), ("502", "zh-CN")]
)
async def test_the_translation_in_the_language_of_the_message_is_preferred(text: str, locale: str) -> None:
    searcher = FakeSearcher(SURE)
    await Answerer(BotSettings(), FakeEncoder(), searcher).answer(turn(text, scope=Scope(locale="ja")))
    assert [scope and scope.locale for scope in searcher.scopes] == [locale]


async def test_the_reply_is_in_the_customers_language() -> None:
    assert "reliable answer" in (await bot(NOTHING).answer(turn("Why is the sky blue?"))).text
    assert "可靠的答案" in (await bot(NOTHING).answer(turn("为什么天是蓝的"))).text
    assert "不想隨便答您" in (await bot(NOTHING).answer(turn("為什麼天是藍的"))).text
    assert "担当者におつなぎ" in (await bot(NOTHING).answer(turn("なぜ空は青いのですか"))).text
    assert "hablar con una persona" in (await bot(NOTHING).answer(turn("¿por qué el cielo es azul?"))).text


@pytest.mark.parametrize(
    "text",
    [
        "\ud800怎么",
        "\x00" * 50,
        "a" * 5000,
        "怎" * 5000,
        "😀" * 2000,
        "{name} %s {0}",
        "<script>alert(1)</script>",
        "\u202e\u200b\ufeff",
        json.dumps([[[[{}]]]]),
        "转人工" * 1000,
        "“”’‘",
        "ﷺ" * 100,
        "İıſK" * 40,
    ],
)
async def test_any_text_gets_a_decision(text: str) -> None:
    decision = await bot(NOTHING).answer(turn(text, text))
    assert decision.text
    assert decision.analysis.elapsed_ms >= 0


async def test_turns_at_the_same_time_do_not_mix() -> None:
    answerer = bot((), {"图片": SURE, "经理": ((ROLES, 0.9),)})
    first, second = await asyncio.gather(answerer.answer(turn("怎么导出图片")), answerer.answer(turn("经理有哪些权限")))
    assert (first.text, second.text) == (EXPORT.answer, ROLES.answer)


async def test_pictures_of_the_article_come_with_the_answer() -> None:

    picture = Picture("导出.png", "media/1.png", "0" * 64)
    decision = await bot(((replace(EXPORT, pictures=(picture,)), 0.9),)).answer(turn("怎么导出图片"))
    assert isinstance(decision, Answer)
    assert decision.pictures == (picture,)
