"""What a conversation leaves for its next question."""

from bot.context import Context, after
from tests.unit.bot.fakes import EXPORT, PDF, PRINT, SHARE, bot, options, turn

SURE = ((EXPORT, 0.9), (PDF, 0.05))
UNSURE = ((EXPORT, 0.4), (PDF, 0.3))


async def test_an_answer_is_remembered_with_its_question() -> None:
    said = turn("怎么把甘特图导出成图片")
    left = after(Context(), said, await bot(SURE).answer(said))
    assert left == Context(last_article_ids=(EXPORT.id,), previous_question="怎么把甘特图导出成图片")


async def test_a_brief_question_is_remembered_by_what_answered_it() -> None:
    said = turn("能导出吗")
    assert after(Context(), said, await bot(SURE).answer(said)).previous_question == EXPORT.question


async def test_small_talk_leaves_everything_as_it_was() -> None:
    before = Context(options(EXPORT, PDF), (SHARE.id,), (PRINT.id,), "怎么分享")
    said = turn("嗯嗯", offered=before.offered)
    assert after(before, said, await bot(SURE).answer(said)) == before


async def test_options_stay_for_another_choice_and_go_with_another_question() -> None:
    offered = options(EXPORT, PDF)
    chosen = turn("第二个", offered=offered)
    left = after(Context(offered), chosen, await bot(UNSURE).answer(chosen))
    assert left.offered == offered
    assert left.last_article_ids == (PDF.id,)
    other = turn("项目里怎么上传文件", offered=offered)
    assert after(Context(offered), other, await bot(SURE).answer(other)).offered == ()


async def test_what_did_not_help_is_remembered_until_something_else_is_answered() -> None:
    before = Context(last_article_ids=(EXPORT.id,), previous_question="怎么导出")
    said = turn("没用", last_article_ids=before.last_article_ids, previous_question=before.previous_question)
    left = after(before, said, await bot().answer(said))
    assert left.refused_article_ids == (EXPORT.id,)
    assert left.asked_back
    assert left.previous_question == "怎么导出"
    asked = turn("怎么把甘特图导出成 PDF", refused_article_ids=left.refused_article_ids)
    assert after(left, asked, await bot(((PDF, 0.9),)).answer(asked)).refused_article_ids == ()
