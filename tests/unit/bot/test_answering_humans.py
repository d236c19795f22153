"""When a human is fetched, and when not: the wish for one, topics of a rule, feelings and haste."""

import pytest

from bot.answering import Answerer
from bot.records import Answer, Clarification, Handoff, SmallTalk
from bot.settings import BotSettings, SignalSettings
from bot.signals import SignalReader
from tests.unit.bot.fakes import (
    EXPORT,
    PDF,
    PRINT,
    ROLES,
    FakeEncoder,
    FakeHeads,
    FakeSearcher,
    bot,
    options,
    turn,
)

SURE = ((EXPORT, 0.9), (PDF, 0.05))
UNSURE = ((EXPORT, 0.4), (PDF, 0.3), (PRINT, 0.1), (ROLES, 0.01))
NOTHING = ((ROLES, 0.05), (PDF, 0.02))


# The wish for a human ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["转人工", "怎么导出图片，转人工", "转人功", "有人吗", "I want to talk to a human", "给我打个电话"]
)
async def test_the_wish_for_a_human_is_obeyed_even_with_a_sure_answer(text: str) -> None:
    decision = await bot(SURE).answer(turn(text))
    assert isinstance(decision, Handoff)
    assert decision.reason == "asked"
    assert decision.analysis.wants_human
    assert decision.analysis.candidates  # retrieval ran all the same
    assert not decision.is_miss


async def test_the_wish_is_heard_across_fragments() -> None:
    decision = await bot(SURE).answer(turn("在吗", "导不出来", "转人工吧"))
    assert isinstance(decision, Handoff)
    assert decision.reason == "asked"


async def test_the_hand_off_speaks_the_customers_language_and_names_the_group() -> None:
    chinese = await bot().answer(turn("转人工", group_name="使用支持"))
    english = await bot().answer(turn("I want a human", group_name="Billing"))
    assert "使用支持同事" in chinese.text
    assert "a colleague from Billing" in english.text


# Topics that always go to a human ----------------------------------------------------------------------------------

ROUTED = BotSettings(always_human={"账单/退款": "账务支持"})


async def test_a_topic_of_the_rule_goes_to_its_group_although_the_bot_knows() -> None:
    decision = await bot(SURE, settings=ROUTED).answer(turn("怎么退款", group_name="使用支持"))
    assert isinstance(decision, Handoff)
    assert (decision.reason, decision.group, decision.is_miss) == ("rule", "账务支持", False)
    assert "账务支持同事" in decision.text


async def test_topics_are_told_with_each_question_only_where_a_rule_needs_them() -> None:
    encoder = FakeEncoder()
    answerer = Answerer(BotSettings(), encoder, FakeSearcher(SURE), signals=SignalReader(SignalSettings(), FakeHeads()))
    await answerer.answer(turn("怎么退款"))
    await answerer.answer(turn("垃圾"))
    assert (len(encoder.asked), encoder.told) == (2, [])
    assert (await answerer.read_signals("退款的事")).topic == "账单/退款"
    assert encoder.told == ["退款的事"]
    answerer.retune(ROUTED)
    await answerer.answer(turn("发票怎么开"))
    assert encoder.told == ["退款的事", "发票怎么开"]


async def test_a_wish_for_a_human_about_that_topic_goes_to_the_same_group() -> None:
    decision = await bot(SURE, settings=ROUTED).answer(turn("退款的事转人工"))
    assert isinstance(decision, Handoff)
    assert (decision.reason, decision.group) == ("asked", "账务支持")


@pytest.mark.parametrize("text", ["怎么把甘特图导出成图片", "谢谢"])
async def test_what_is_about_something_else_stays_with_the_bot(text: str) -> None:
    assert not isinstance(await bot(SURE, settings=ROUTED).answer(turn(text)), Handoff)


# Feelings and haste ------------------------------------------------------------------------------------------------


async def test_open_anger_fetches_a_human_although_the_bot_knows() -> None:
    decision = await bot(SURE).answer(turn("你们这什么垃圾软件，图都导不出来"))
    assert isinstance(decision, Handoff)
    assert decision.reason == "emotion"
    assert decision.text.startswith("明白，这件事影响到您的工作了")


async def test_annoyance_with_a_sure_answer_gets_the_answer() -> None:
    assert isinstance(await bot(SURE).answer(turn("真难用，怎么把甘特图导出成图片")), Answer)


async def test_annoyance_over_options_gets_the_options() -> None:
    decision = await bot(UNSURE).answer(turn("真难用，又导不出来"))
    assert isinstance(decision, Clarification)
    assert decision.options
    assert "request_human" in decision.buttons


async def test_annoyance_without_an_answer_or_options_gets_a_human() -> None:
    decision = await bot(NOTHING).answer(turn("真难用，又导不出来"))
    assert isinstance(decision, Handoff)
    assert decision.reason == "emotion"


async def test_a_question_in_an_annoyed_tone_without_an_answer_is_asked_back() -> None:
    assert isinstance(await bot(NOTHING).answer(turn("真难用，怎么导出啊")), Clarification)


async def test_an_angry_customer_who_gets_options_gets_a_word_of_understanding_once() -> None:
    angry = await bot(UNSURE).answer(turn("真难用，怎么导出啊"))
    again = await bot(UNSURE).answer(turn("真难用，怎么导出啊", offered=options(ROLES)))
    calm = await bot(UNSURE).answer(turn("怎么导出啊"))
    assert isinstance(angry, Clarification)
    assert angry.text.startswith("明白，这件事影响到您的工作了。")
    assert angry.options
    assert not again.text.startswith("明白，这件事")
    assert not calm.text.startswith("明白")


@pytest.mark.parametrize(
    "text", ["真开心，一次就成功了", "真开心！领导都夸你们", "so happy with it, love this product", "真开心，谢谢你们"]
)
async def test_joy_without_a_question_is_small_talk_and_no_miss(text: str) -> None:
    decision = await bot(NOTHING).answer(turn(text, misses=1))
    assert isinstance(decision, SmallTalk)
    assert decision.reason in ("thanks", "praise")
    assert not decision.is_miss


async def test_a_question_after_praise_is_answered() -> None:
    assert isinstance(await bot(SURE).answer(turn("真开心！再问下怎么把甘特图导出成图片")), Answer)
    assert isinstance(await bot(UNSURE).answer(turn("真开心！再问下怎么导出")), Clarification)


@pytest.mark.parametrize("text", ["人工客服几点下班", "周末有人工服务吗", "你们客服几点上班？"])
async def test_who_asks_when_humans_are_there_is_told_and_not_handed_over(text: str) -> None:
    decision = await bot(NOTHING).answer(turn(text, hours="工作日 9:00–18:00"))
    assert isinstance(decision, SmallTalk)
    assert "工作日 9:00–18:00" in decision.text
    assert "request_human" in decision.buttons


async def test_a_correction_is_no_miss_the_first_time() -> None:
    decision = await bot(NOTHING).answer(
        turn("不是这个我说的是企业的", last_article_ids=(EXPORT.id,), previous_question="怎么注销账号")
    )
    assert isinstance(decision, Clarification)
    assert not decision.is_miss
    assert decision.analysis.question == "企业的"


async def test_more_about_the_last_question_is_not_taken_for_a_refusal() -> None:
    decision = await bot(SURE).answer(
        turn("按钮是灰的", last_article_ids=(EXPORT.id,), previous_question="怎么把甘特图导出成图片")
    )
    assert isinstance(decision, Clarification)
    assert (decision.reason != "not_helpful", decision.is_miss) == (True, False)


async def test_one_word_that_several_articles_are_about_gets_options() -> None:
    decision = await bot(SURE).answer(turn("导出"))
    assert isinstance(decision, Clarification)
    assert {option.id for option in decision.options} >= {EXPORT.id, PDF.id}


async def test_an_urgent_answer_shows_the_way_to_a_human() -> None:
    decision = await bot(SURE).answer(turn("急！怎么把甘特图导出成图片"))
    assert isinstance(decision, Answer)
    assert decision.buttons == ("request_human",)
    assert decision.text.endswith("可以直接转人工。")


async def test_keys_and_question_marks_alone_are_never_missed() -> None:
    assert isinstance(await bot(NOTHING).answer(turn("asdfghjk？？？", misses=1)), SmallTalk)
    assert isinstance(await bot(NOTHING).answer(turn("？？？", misses=1)), SmallTalk)


async def test_an_urgent_question_gets_a_sure_answer_or_a_human() -> None:
    assert isinstance(await bot(SURE).answer(turn("急！怎么把甘特图导出成图片")), Answer)
    decision = await bot(UNSURE).answer(turn("急！甘特图导不出来"))
    assert isinstance(decision, Handoff)
    assert decision.reason == "urgent"


async def test_with_nobody_there_an_urgent_question_gets_the_options_first() -> None:
    decision = await bot(UNSURE).answer(turn("急！甘特图导不出来", humans_available=False))
    assert isinstance(decision, Clarification)
    assert decision.options


async def test_the_reasons_can_be_switched_off() -> None:
    calm = BotSettings(handoff_when_angry=False, handoff_when_urgent=False)
    assert isinstance(await bot(SURE, settings=calm).answer(turn("垃圾，怎么导出图片")), Answer)
    assert isinstance(await bot(UNSURE, settings=calm).answer(turn("急！甘特图导不出来")), Clarification)
