"""What people do with answers becomes pairs: once, whatever happens, and only as long as their words stand."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from tests.integration.learning.conftest import EXPORT_ANSWER, Learning

ASKED = "甘特图怎么变成图片"


async def test_a_rated_answer_is_a_pair(learning: Learning) -> None:
    talk = await learning.talk()
    answer = await talk.answers(await talk.asks(ASKED), "gantt-export")
    await talk.rates(answer, helpful=True)
    assert await learning.known() == {("rating", ASKED, "gantt-export", True)}


async def test_who_changes_their_mind_is_believed_the_last_time(learning: Learning) -> None:
    talk = await learning.talk()
    answer = await talk.answers(await talk.asks(ASKED), "gantt-export")
    await talk.rates(answer, helpful=True)
    await learning.harvest.tick()
    await talk.rates(answer, helpful=False)
    assert await learning.known() == {("rating", ASKED, "gantt-export", False)}
    assert await learning.known() == {("rating", ASKED, "gantt-export", False)}


async def test_an_option_taken_answers_the_question_it_was_offered_for(learning: Learning) -> None:
    talk = await learning.talk()
    await talk.offers(await talk.asks(ASKED), "invoice", "gantt-export")
    taken = await talk.answers(await talk.asks("2"), "gantt-export", "chosen")
    await talk.rates(taken, helpful=True)
    assert await learning.known() == {
        ("option", ASKED, "gantt-export", True),
        ("rating", ASKED, "gantt-export", True),
    }


@pytest.mark.parametrize("by_button", [True, False], ids=["by button", "in words"])
async def test_options_turned_down_are_all_wrong(learning: Learning, by_button: bool) -> None:
    talk = await learning.talk()
    await talk.offers(await talk.asks(ASKED), "invoice", "member")
    said = await (talk.asks("都不是", option_id="none_of_these") if by_button else talk.asks("都不是"))
    await talk.asks_again(said, "none_fits")
    assert await learning.known() == {
        ("none_fits", ASKED, "invoice", False),
        ("none_fits", ASKED, "member", False),
    }


async def test_solved_after_an_answer_speaks_for_it_a_little(learning: Learning) -> None:
    talk = await learning.talk()
    await talk.answers(await talk.asks(ASKED), "gantt-export")
    await talk.is_solved()
    other = await learning.talk()
    await other.answers(await other.asks("发票怎么弄"), "invoice")
    await other.chats(await other.asks("解决了"), "solved")
    assert await learning.known() == {
        ("solved", ASKED, "gantt-export", True),
        ("solved", "发票怎么弄", "invoice", True),
    }
    rows = await learning.pairs.evidence()
    assert all(row["weight"] < 0.65 for row in rows)


async def test_solved_by_a_human_says_nothing_about_the_bots_answer(learning: Learning) -> None:
    talk = await learning.talk()
    await talk.answers(await talk.asks(ASKED), "invoice")
    await talk.replies("不是这样的，您看看这个")
    await talk.is_solved()
    assert await learning.known() == set()


async def test_what_an_agent_answered_belongs_to_the_question_before(learning: Learning) -> None:
    talk = await learning.talk()
    asked = await talk.asks(ASKED)
    await talk.knows_nothing(asked)
    await talk.hands_off(await talk.asks("转人工"), "asked")
    await talk.replies("您好，前面的对话我看过了，马上帮您查。")
    said = await talk.replies(f"{EXPORT_ANSWER}您试试。")
    await talk.closes()
    assert ("agent", ASKED, "gantt-export", True) in await learning.known()
    (task,) = await learning.open_tasks()
    assert (task["question"], task["reply_seq"]) == (ASKED, said)


async def test_an_agents_own_words_are_kept_with_the_question_without_an_article(learning: Learning) -> None:
    talk = await learning.talk()
    await talk.hands_off(await talk.asks(ASKED), "low_confidence")
    said = await talk.replies("这个版本暂时做不到，下个月的更新里会有，我先帮您登记下来。")
    await talk.closes()
    assert await learning.known() == {("agent", ASKED, None, True)}
    (row,) = await learning.pairs.evidence()
    assert row["reply_seq"] == said


async def test_a_question_without_an_answer_is_a_task_and_small_talk_is_none(learning: Learning) -> None:
    for text in ("怎么对接飞船", "在吗", "转人工", "没用"):
        talk = await learning.talk()
        await talk.knows_nothing(await talk.asks(text))
    assert [task["question"] for task in await learning.open_tasks()] == ["怎么对接飞船"]


async def test_the_same_question_of_many_customers_is_one_task(learning: Learning) -> None:
    for text in ("怎么对接飞船", "怎么对接飞船？", " 怎么对接飞船 "):
        talk = await learning.talk()
        await talk.knows_nothing(await talk.asks(text))
    (task,) = await learning.open_tasks()
    assert task["times"] == 3


async def test_messages_of_one_question_are_kept_together(learning: Learning) -> None:
    talk = await learning.talk()
    await talk.chats(await talk.asks("在吗"), "presence")
    await talk.asks("甘特图")
    answer = await talk.answers(await talk.asks("导不出来"), "gantt-export")
    await talk.rates(answer, helpful=True)
    assert await learning.known() == {("rating", "甘特图 导不出来", "gantt-export", True)}


async def test_words_that_were_taken_back_teach_nothing(learning: Learning) -> None:
    talk = await learning.talk()
    asked = await talk.asks(ASKED)
    await talk.rates(await talk.answers(asked, "gantt-export"), helpful=True)
    assert await learning.known()
    await talk.takes_back(asked)
    assert await learning.known() == set()
    (row,) = await learning.pairs.evidence()
    assert row["text"] is None
    stored = await learning.database.fetch("select learning_pairs::text as row from learning_pairs")
    assert ASKED not in str(stored)


async def test_the_revision_and_the_index_version_are_kept(learning: Learning) -> None:
    talk = await learning.talk()
    await talk.rates(await talk.answers(await talk.asks(ASKED), "gantt-export"), helpful=True)
    await learning.harvest.tick()
    (row,) = await learning.pairs.listed(source="rating", article_id="gantt-export", is_right=True, below=None, limit=5)
    assert (row["revision"], row["index_version"], row["actor_kind"]) == (1, 7, "customer")


async def test_a_crash_between_the_word_and_the_pair_loses_nothing_and_doubles_nothing(learning: Learning) -> None:
    talk = await learning.talk()
    answer = await talk.answers(await talk.asks(ASKED), "gantt-export")
    await learning.harvest.tick()
    await talk.rates(answer, helpful=True)
    await learning.database.execute(
        "alter table learning_progress add constraint broken check (until < '2000-01-01') not valid"
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await learning.harvest.tick()  # dies after its pairs, before its commit
    assert await learning.pairs.evidence() == []
    await learning.database.execute("alter table learning_progress drop constraint broken")
    await learning.harvest.tick()
    await learning.harvest.tick()
    assert len(await learning.pairs.evidence()) == 1


async def test_a_late_commit_is_still_found(learning: Learning) -> None:
    """A transaction may commit minutes after the time it wrote; the log is read again that far back."""
    talk = await learning.talk()
    answer = await talk.answers(await talk.asks(ASKED), "gantt-export")
    await talk.rates(answer, helpful=True)
    await learning.harvest.tick()
    other = await learning.talk()
    late = await other.rates(await other.answers(await other.asks("发票怎么弄"), "invoice"), helpful=False)
    learning.clock.advance(120)
    await learning.database.execute(
        "update events set at = at - $3::interval where conversation_id = $1 and seq = $2",
        other.id,
        late,
        timedelta(seconds=90),
    )
    assert ("rating", "发票怎么弄", "invoice", False) in await learning.known()
