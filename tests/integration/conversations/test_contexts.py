"""What a conversation leaves for its next question stands in the log: it survives a restart and ends with a human."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from bot.context import Context
from bot.records import Option
from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.conversations.batch import Moment
from router.conversations.contexts import Contexts, context_to_json
from router.conversations.journal import Journal
from router.conversations.messages import message
from router.conversations.records import BOT, Change, Conversation, NewEvent
from router.conversations.transitions import state_event, to_bot, to_waiting
from router.payloads.log import Actor
from tests.integration.conversations.rows import a_conversation, a_group

CUSTOMER = Actor(kind="customer", id=uuid7())
LEFT = Context((Option("a", "怎么导出"),), ("b",), ("c",), "怎么打印", True)


@pytest.fixture
async def journal(database: Database, clock: ManualClock) -> AsyncIterator[Journal]:
    async def listen(committed: Any) -> None: ...

    made = Journal(database, clock, listen)
    made.start()
    yield made
    await made.close()


async def write(journal: Journal, conversation: UUID, *events: NewEvent) -> Conversation:
    def decide(row: Conversation, moment: Moment) -> Change:
        return Change(events=events)

    return (await journal.write(conversation, decide)).conversation


def said(left: Context, reply_to_seq: int, **body: Any) -> NewEvent:
    return message(BOT, "点导出。", reply_to_seq=reply_to_seq, context=context_to_json(left), **body)


async def test_it_comes_back_after_a_restart(journal: Journal, database: Database, clock: ManualClock) -> None:
    conversation = await a_conversation(database, clock)
    await write(journal, conversation, message(CUSTOMER, "怎么打印"), said(Context(), 1), message(CUSTOMER, "?"))
    row = await write(journal, conversation, said(LEFT, 3), message(CUSTOMER, "那手机上呢"))
    contexts = Contexts(database)
    assert await contexts.of(row, 5) == LEFT
    assert await contexts.of(row, 3) == Context()
    assert await contexts.of(row, 1) == Context()


async def test_what_counts_is_the_question_before_wherever_its_answer_stands(
    journal: Journal, database: Database, clock: ManualClock
) -> None:
    conversation = await a_conversation(database, clock)
    asked = [message(CUSTOMER, text) for text in ("怎么导出", "怎么打印", "怎么导出")]
    row = await write(journal, conversation, *asked[:2], said(Context(), 1), asked[2], said(LEFT, 2))
    assert await Contexts(database).of(row, 4) == LEFT


async def test_a_human_ends_it(journal: Journal, database: Database, clock: ManualClock) -> None:
    conversation = await a_conversation(database, clock)
    before = await write(journal, conversation, message(CUSTOMER, "怎么打印"), said(LEFT, 1))
    remembering = Contexts(database)
    remembering.remember(before, LEFT)
    now, group = clock.now(), await a_group(database, clock)

    def hand_off(row: Conversation, moment: Moment) -> Change:
        fields = to_waiting(row, "asked", now=now, group_id=group, rank_at=now, joined_at=now, head_start=[])
        return Change(events=(state_event("waiting", "asked"),), fields=fields)

    def return_to_bot(row: Conversation, moment: Moment) -> Change:
        return Change(events=(state_event("bot", "left_queue"),), fields=to_bot(row, "left_queue"))

    await journal.write(conversation, hand_off)
    await journal.write(conversation, return_to_bot)
    back = await write(journal, conversation, message(CUSTOMER, "在吗"))
    for contexts in (remembering, Contexts(database)):
        assert await contexts.of(back, back.last_seq) == Context()


async def test_what_was_called_unhelpful_is_turned_down(
    journal: Journal, database: Database, clock: ManualClock
) -> None:
    conversation = await a_conversation(database, clock)
    answer = said(Context(last_article_ids=("a",)), 1, sources=[{"article_id": "a", "title": "怎么导出"}])
    rating = NewEvent("rating", CUSTOMER, {"target_seq": 2, "helpful": False})
    row = await write(journal, conversation, message(CUSTOMER, "怎么导出"), answer, rating, message(CUSTOMER, "?"))
    assert (await Contexts(database).of(row, 4)).refused_article_ids == ("a",)
