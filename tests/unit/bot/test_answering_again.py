"""What is said about the bot's last words: options taken or turned down, answers that did not help, corrections."""

import pytest

from bot.records import NONE_OF_THESE, Answer, Clarification, Handoff, SmallTalk
from tests.unit.bot.fakes import (
    EXPORT,
    MOBILE,
    PDF,
    PRINT,
    ROLES,
    SHARE,
    bot,
    options,
    turn,
)

SURE = ((EXPORT, 0.9), (PDF, 0.05))
UNSURE = ((EXPORT, 0.4), (PDF, 0.3), (PRINT, 0.1), (ROLES, 0.01))
NOTHING = ((ROLES, 0.05), (PDF, 0.02))


# Options -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "what",
    [
        {"chosen_option": PDF.id},
        {"text": "2"},
        {"text": "第二个"},
        {"text": "选2"},
        {"text": "PDF"},
    ],
)
async def test_a_chosen_option_is_answered_whatever_its_probability(what: dict[str, str]) -> None:
    text = what.get("text", PDF.question)
    decision = await bot(UNSURE).answer(
        turn(text, offered=options(EXPORT, PDF, PRINT), chosen_option=what.get("chosen_option"))
    )
    assert isinstance(decision, Answer)
    assert decision.reason == "chosen"
    assert decision.text == PDF.answer
    assert decision.analysis.question == PDF.question


async def test_a_chosen_article_that_the_search_does_not_find_is_answered_too() -> None:
    decision = await bot(NOTHING).answer(turn("1", offered=options(SHARE), chosen_option=SHARE.id))
    assert isinstance(decision, Answer)
    assert decision.text == SHARE.answer


async def test_an_option_that_was_not_offered_is_not_believed() -> None:
    decision = await bot(NOTHING).answer(turn("为什么天是蓝的", offered=options(EXPORT), chosen_option=ROLES.id))
    assert isinstance(decision, Clarification)


@pytest.mark.parametrize("what", [{"text": "都不是"}, {"text": "不是"}, {"text": "", "chosen": NONE_OF_THESE}])
async def test_turning_all_options_down_is_a_miss(what: dict[str, str]) -> None:
    offered = options(EXPORT, PDF)
    first = await bot(UNSURE).answer(turn(what["text"], offered=offered, chosen_option=what.get("chosen")))
    assert isinstance(first, Clarification)
    assert first.is_miss
    assert first.options == ()
    second = await bot(UNSURE).answer(turn(what["text"], offered=offered, chosen_option=what.get("chosen"), misses=1))
    assert isinstance(second, Handoff)
    assert second.reason == "repeated_miss"


async def test_what_was_turned_down_is_not_offered_again_however_likely() -> None:
    likely = ((EXPORT, 0.5), (PDF, 0.05), (PRINT, 0.02))
    decision = await bot(likely).answer(turn("都不是", offered=options(EXPORT, PDF)))
    assert isinstance(decision, Clarification)
    assert decision.options == ()


async def test_a_number_under_no_option_shows_them_again() -> None:
    decision = await bot(UNSURE).answer(turn("9", offered=options(EXPORT, PDF), misses=1))
    assert isinstance(decision, Clarification)
    assert decision.options == options(EXPORT, PDF)
    assert not decision.is_miss


async def test_a_choice_after_a_loose_end_is_a_choice() -> None:
    taken = await bot(UNSURE).answer(turn("甘特图", "2", offered=options(EXPORT, PDF)))
    assert isinstance(taken, Answer)
    assert taken.text == PDF.answer
    refused = await bot(UNSURE).answer(turn("甘特图", "都不是", offered=options(EXPORT, PDF)))
    assert isinstance(refused, Clarification)
    assert refused.reason == "none_fits"


async def test_what_is_said_after_turning_options_down_is_the_question() -> None:
    decision = await bot((), {"经理": ((ROLES, 0.9),)}).answer(
        turn("都不是，我想问的是项目经理的权限", offered=options(EXPORT, PDF))
    )
    assert isinstance(decision, Answer)
    assert decision.analysis.question == "项目经理的权限"


async def test_another_question_instead_of_a_choice_is_answered() -> None:
    decision = await bot((), {"经理": ((ROLES, 0.9),)}).answer(turn("项目经理有哪些权限", offered=options(EXPORT, PDF)))
    assert isinstance(decision, Answer)
    assert decision.text == ROLES.answer


async def test_a_yes_to_several_options_is_asked_which() -> None:
    decision = await bot(UNSURE).answer(turn("对", offered=options(EXPORT, PDF), misses=1))
    assert isinstance(decision, Clarification)
    assert decision.reason == "which_one"
    assert decision.options == options(EXPORT, PDF)
    assert not decision.is_miss


async def test_what_is_left_of_a_list_is_offered_without_a_miss() -> None:
    decision = await bot(UNSURE).answer(turn("前两个都不是", offered=options(EXPORT, PDF, PRINT), misses=1))
    assert isinstance(decision, Clarification)
    assert decision.options == options(PRINT)
    assert decision.analysis.refused == (EXPORT.id, PDF.id)
    assert not decision.is_miss


async def test_the_same_list_is_not_shown_twice() -> None:
    offered = options(EXPORT, PDF, PRINT)
    first = await bot(UNSURE).answer(turn("甘特图怎么弄出来呢", offered=offered))
    assert isinstance(first, Clarification)
    assert (first.reason, first.options, first.is_miss) == ("none_fits", (), True)
    more = await bot(((EXPORT, 0.3), (SHARE, 0.3))).answer(turn("甘特图怎么给人看", offered=offered))
    assert isinstance(more, Clarification)
    assert more.options == options(SHARE)
    assert not more.is_miss


async def test_what_was_turned_down_is_neither_said_nor_offered_again() -> None:
    decision = await bot(SURE).answer(turn("怎么导出成图片", refused_article_ids=(EXPORT.id,)))
    assert isinstance(decision, Clarification)
    assert EXPORT.id not in {option.id for option in decision.options}


async def test_what_else_it_may_have_been_is_offered_with_the_miss() -> None:
    found = {"图片": ((EXPORT, 0.6), (SHARE, 0.3))}
    decision = await bot((), found).answer(
        turn("不是这个", last_article_ids=(EXPORT.id,), previous_question="怎么弄成图片发出去")
    )
    assert isinstance(decision, Clarification)
    assert decision.is_miss
    assert decision.options == options(SHARE)
    assert decision.analysis.refused == (EXPORT.id,)


@pytest.mark.parametrize(("text", "settles"), [("谢谢", True), ("解决了", True), ("好的", False), ("你好", False)])
async def test_being_content_with_an_answer_is_told_from_hearing_it(text: str, settles: bool) -> None:
    decision = await bot(NOTHING).answer(turn(text, last_article_ids=(EXPORT.id,), misses=1))
    assert isinstance(decision, SmallTalk)
    assert decision.settles == settles
    before_any = await bot(NOTHING).answer(turn(text))
    assert isinstance(before_any, SmallTalk)
    assert not before_any.settles


# An answer that did not help ---------------------------------------------------------------------------------------


async def test_an_answer_is_not_said_twice_in_a_row() -> None:
    first = await bot(SURE).answer(turn("怎么把甘特图导出成图片", last_article_ids=(EXPORT.id,)))
    assert isinstance(first, Clarification)
    assert first.reason == "not_helpful"
    assert first.is_miss
    second = await bot(SURE).answer(turn("怎么把甘特图导出成图片", last_article_ids=(EXPORT.id,), misses=1))
    assert isinstance(second, Handoff)
    assert second.reason == "repeated_miss"


@pytest.mark.parametrize("text", ["没帮助", "还是不行", "没用", "不是这个", "it didn't work"])
async def test_saying_that_it_did_not_help_is_a_miss(text: str) -> None:
    first = await bot(NOTHING).answer(turn(text, last_article_ids=(EXPORT.id,)))
    assert isinstance(first, Clarification)
    assert first.is_miss
    second = await bot(NOTHING).answer(turn(text, last_article_ids=(EXPORT.id,), misses=1))
    assert isinstance(second, Handoff)


async def test_before_any_answer_it_is_a_vague_question_and_no_miss() -> None:
    decision = await bot(NOTHING).answer(turn("还是不行"))
    assert isinstance(decision, Clarification)
    assert not decision.is_miss


async def test_an_article_already_said_is_not_offered_again() -> None:
    decision = await bot(((PDF, 0.5), (EXPORT, 0.3))).answer(turn("怎么弄成文件", last_article_ids=(EXPORT.id,)))
    assert isinstance(decision, Clarification)
    assert decision.options == options(PDF)
    assert decision.text.endswith("下面这个吗？")


async def test_a_correction_is_searched_without_the_refusal() -> None:
    decision = await bot((), {"手机": ((MOBILE, 0.9),)}).answer(
        turn("不是这个，我说的是手机上", last_article_ids=(EXPORT.id,))
    )
    assert isinstance(decision, Answer)
    assert decision.analysis.question == "手机上"
