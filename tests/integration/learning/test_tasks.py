"""这条答案错了 makes one task; what an editor decides counts more than what the agent said."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from database.ids import uuid7
from router.errors import Conflict, Invalid, NotFound
from tests.integration.learning.conftest import Learning
from tests.integration.learning.log import AGENT, Talk

ASKED = "甘特图怎么变成图片"
EDITOR = uuid7()


async def _wrong_answer(learning: Learning) -> tuple[Talk, int]:
    talk = await learning.talk()
    return talk, await talk.answers(await talk.asks(ASKED), "invoice")


async def _flag(learning: Learning, talk: Talk, seq: int, article_id: str | None = None) -> UUID:
    assert AGENT.id is not None
    async with learning.database.transaction() as connection:
        return await learning.tasks.flag(
            connection, talk.id, seq, agent_id=AGENT.id, article_id=article_id, comment="答非所问"
        )


async def _resolve(learning: Learning, task_id: UUID, outcome: str, article_id: str | None = None) -> None:
    async with learning.database.transaction() as connection:
        await learning.tasks.resolve(connection, task_id, outcome, article_id, EDITOR)  # type: ignore[arg-type]


async def test_a_flag_is_a_task_and_the_agents_word(learning: Learning) -> None:
    talk, seq = await _wrong_answer(learning)
    task_id = await _flag(learning, talk, seq, "gantt-export")
    assert await _flag(learning, talk, seq) == task_id
    (task,) = await learning.open_tasks()
    assert {name: task[name] for name in ("kind", "question", "answer", "article_id", "proposed_id", "comment")} == {
        "kind": "flagged", "question": ASKED, "answer": "答案", "article_id": "invoice", "proposed_id": "gantt-export",
        "comment": "答非所问",
    }  # fmt: skip
    assert await learning.known() == {("flag", ASKED, "invoice", False), ("flag", ASKED, "gantt-export", True)}


async def test_the_editors_decision_takes_the_place_of_the_agents_word(learning: Learning) -> None:
    talk, seq = await _wrong_answer(learning)
    task_id = await _flag(learning, talk, seq, "member")
    await _resolve(learning, task_id, "article", "gantt-export")
    assert await learning.known() == {("editor", ASKED, "gantt-export", True), ("editor", ASKED, "invoice", False)}
    await _resolve(learning, task_id, "nobodys")
    assert await learning.known() == {("editor", ASKED, None, True), ("editor", ASKED, "invoice", False)}
    assert await learning.open_tasks() == []


async def test_a_dismissed_flag_teaches_nothing(learning: Learning) -> None:
    talk, seq = await _wrong_answer(learning)
    await _resolve(learning, await _flag(learning, talk, seq), "dismissed")
    assert await learning.known() == set()
    with pytest.raises(Conflict):
        await _flag(learning, talk, seq)


async def test_one_decision_settles_all_who_ask_the_same(learning: Learning) -> None:
    for text in ("怎么对接飞船", "怎么对接飞船？"):
        talk = await learning.talk()
        await talk.knows_nothing(await talk.asks(text))
    (task,) = await learning.open_tasks()
    await _resolve(learning, task["id"], "article", "member")
    assert await learning.open_tasks() == []
    assert await learning.known() == {
        ("editor", "怎么对接飞船", "member", True),
        ("editor", "怎么对接飞船？", "member", True),
    }


async def test_what_does_not_fit_is_refused(learning: Learning) -> None:
    talk, seq = await _wrong_answer(learning)
    with pytest.raises(NotFound):
        await _flag(learning, talk, 1)  # the customer's own message
    with pytest.raises(Invalid):
        await _flag(learning, talk, seq, "no-such-article")
    task_id = await _flag(learning, talk, seq)
    for outcome, article_id in (("article", None), ("nobodys", "member"), ("article", "no-such-article")):
        with pytest.raises(Invalid):
            await _resolve(learning, task_id, outcome, article_id)
    with pytest.raises(NotFound):
        await _resolve(learning, uuid4(), "dismissed")
    assert len(await learning.open_tasks()) == 1


async def test_a_pair_set_aside_teaches_nothing_until_it_is_taken_up_again(learning: Learning) -> None:
    async with learning.database.transaction() as connection:
        await learning.pairs.add(connection, ASKED, "gantt-export", True, EDITOR)
    (row,) = await learning.pairs.listed(source="editor", article_id=None, is_right=None, below=None, limit=5)
    async with learning.database.transaction() as connection:
        await learning.pairs.set_aside(connection, row["id"], dismissed=True)
    assert await learning.pairs.evidence() == []
    async with learning.database.transaction() as connection:
        await learning.pairs.set_aside(connection, row["id"], dismissed=False)
    assert [each["text"] for each in await learning.pairs.evidence()] == [ASKED]
