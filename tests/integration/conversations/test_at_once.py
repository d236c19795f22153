"""A turn that is decided on the row as it was seen: stored where that still holds, decided anew where it does not."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.messages import bot_says, message
from router.conversations.records import Change, Committed, Conversation
from router.payloads.log import Actor
from tests.integration.conversations.rows import a_conversation


class _Turn:
    """A question and its answer; knows on which rows it was decided."""

    def __init__(self, customer_id: UUID) -> None:
        self._customer_id = customer_id
        self.decided_on: list[Conversation] = []

    def decide(self, row: Conversation, moment: Moment) -> Change:
        self.decided_on.append(row)
        seq = row.last_seq + 1
        asked = message(Actor(kind="customer", id=self._customer_id), "怎么导出？", client_id=uuid4())
        fields = {
            "last_text": "怎么导出？", "last_kind": "bot", "idle_warned_at": None, "question_seq": seq,
            "answered_seq": seq, "signals": {"seq": seq},
        }  # fmt: skip
        events = (asked, bot_says("点右上角。", reply_to_seq=seq))
        return Change(events=events, fields=fields, answer={"seq": seq})


class _Talk:
    """One conversation with the bot, and how it was last seen."""

    def __init__(self, database: Database, journal: Journal, row: Conversation) -> None:
        self._database = database
        self._journal = journal
        self.seen = row

    @classmethod
    async def begin(cls, database: Database, clock: ManualClock, journal: Journal) -> _Talk:
        conversation_id = await a_conversation(database, clock)
        record = await database.fetchrow("select * from conversations where id = $1", conversation_id)
        assert record is not None
        talk = cls(database, journal, Conversation.from_row(record))
        await talk.turn()
        return talk

    async def turn(self, client_id: UUID | None = None) -> tuple[Committed, int]:
        """What it did, and how often it was decided; the next one is decided on what this one left."""
        turn = _Turn(self.seen.customer_id)
        committed = await self._journal.write(
            self.seen.id, turn.decide, sender=self.seen.customer_id, client_id=client_id or uuid4(), seen=self.seen
        )
        if not committed.repeated:
            assert committed.before.last_seq == turn.decided_on[-1].last_seq
            self.seen = committed.conversation
        return committed, len(turn.decided_on)

    async def change(self, columns: str) -> None:
        await self._database.execute(f"update conversations set {columns} where id = $1", self.seen.id)

    async def log(self) -> list[tuple[int, str, int | None]]:
        rows = await self._database.fetch(
            "select seq, actor_kind, reply_to_seq from events where conversation_id = $1 order by seq", self.seen.id
        )
        return [(row["seq"], row["actor_kind"], row["reply_to_seq"]) for row in rows]


@pytest.fixture
async def talk(database: Database, clock: ManualClock, journal: Journal) -> _Talk:
    return await _Talk.begin(database, clock, journal)


async def test_question_and_answer_are_stored_as_they_were_decided_on_the_row_that_was_seen(
    talk: _Talk, database: Database
) -> None:
    committed, times = await talk.turn()

    assert times == 1
    assert await talk.log() == [(1, "customer", None), (2, "bot", 1), (3, "customer", None), (4, "bot", 3)]
    record = await database.fetchrow("select * from conversations where id = $1", talk.seen.id)
    assert record is not None
    assert committed.conversation == Conversation.from_row(record)
    assert (committed.conversation.last_seq, committed.conversation.answered_seq) == (4, 3)
    assert [event.seq for event in committed.events] == [3, 4]


async def test_what_the_customer_has_read_meanwhile_does_not_matter_and_is_kept(talk: _Talk) -> None:
    await talk.change("customer_read_seq = 2")

    committed, times = await talk.turn()

    assert times == 1
    assert committed.before.customer_read_seq == committed.conversation.customer_read_seq == 2


@pytest.mark.parametrize(
    "change",
    ["version = version + 1", "level = 'L3'", "signals = null", "question_seq = 2, last_seq = 2, answered_seq = 1"],
)
async def test_what_has_moved_on_is_decided_anew_under_the_lock(talk: _Talk, change: str) -> None:
    await talk.change(change)

    _, times = await talk.turn()

    assert times == 2
    assert [seq for seq, *_ in await talk.log()] == [1, 2, 3, 4]


async def test_a_word_that_came_between_keeps_its_place(talk: _Talk, database: Database, journal: Journal) -> None:
    seen = talk.seen
    await talk.turn()
    talk.seen = seen

    committed, times = await talk.turn()

    assert times == 2
    assert committed.before.last_seq == 4
    assert [seq for seq, *_ in await talk.log()] == [1, 2, 3, 4, 5, 6]


async def test_a_repeated_client_id_gives_the_first_answer(talk: _Talk) -> None:
    client_id = uuid4()
    first, _ = await talk.turn(client_id)

    again, _ = await talk.turn(client_id)

    assert again.repeated
    assert again.answer == first.answer
    assert len(await talk.log()) == 4


async def test_a_row_that_somebody_holds_is_waited_for_and_looked_at_again(talk: _Talk, database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("update conversations set version = version + 1 where id = $1", talk.seen.id)
        turn = asyncio.create_task(talk.turn())
        await asyncio.wait({turn}, timeout=0.05)
        assert not turn.done()

    _, times = await turn
    assert times == 2
    assert len(await talk.log()) == 4


async def test_many_talks_are_stored_together_each_in_its_order(
    database: Database, clock: ManualClock, journal: Journal
) -> None:
    talks = [await _Talk.begin(database, clock, journal) for _ in range(5)]
    seen = [talk.seen for talk in talks]

    await asyncio.gather(*(talk.turn() for talk in talks), *(talk.turn() for talk in talks[:2]))

    assert [len(await talk.log()) for talk in talks] == [6, 6, 4, 4, 4]
    assert seen != [talk.seen for talk in talks]


async def test_another_customers_conversation_gets_nothing(talk: _Talk, database: Database, clock: ManualClock) -> None:
    """Two visitors became one customer: the conversation is somebody else's by now."""
    other = uuid7()
    await database.execute(
        "insert into customers (id, tier, created_at, seen_at) values ($1, 'free', $2, $2)", other, clock.now()
    )
    await database.execute("update conversations set customer_id = $2 where id = $1", talk.seen.id, other)

    _, times = await talk.turn()

    assert times == 2  # and the second time, what decides sees whose it is
