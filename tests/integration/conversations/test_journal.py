"""The journal: a log without gaps, one answer per client id, one owner each, and one bad row fails alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from database.clock import ManualClock
from database.errors import DatabaseUnavailable
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router import conversations
from router.conversations.batch import Batch, Moment, Wanted
from router.conversations.journal import Fence, Journal
from router.conversations.messages import message
from router.conversations.records import Change, Committed, Conversation, NewEvent, Statement
from router.conversations.transitions import require, state_event, to_human, to_waiting
from router.errors import Conflict, NotFound, Unavailable
from router.middlewares import error_response
from router.payloads.log import Actor, AgentRef
from tests.integration.conversations.rows import a_conversation, a_group, an_agent

_CUSTOMER = Actor(kind="customer", id=uuid7())


@pytest.fixture
async def news() -> list[Committed]:
    return []


@pytest.fixture
async def journal(database: Database, clock: ManualClock, news: list[Committed]) -> AsyncIterator[Journal]:
    async def listen(committed: Any) -> None:
        news.extend(committed)

    made = Journal(database, clock, listen)
    made.start()
    yield made
    await made.close()


def _say(text: str) -> Any:
    def decide(row: Conversation, moment: Moment) -> Change:
        return Change(events=(message(_CUSTOMER, text),), answer={"seq": row.last_seq + 1})

    return decide


async def test_the_log_has_no_gaps_when_many_write_at_once(
    journal: Journal, database: Database, clock: ManualClock, news: list[Committed]
) -> None:
    conversations = [await a_conversation(database, clock) for _ in range(20)]
    await asyncio.gather(
        *(journal.write(conversation, _say(f"{n}")) for n in range(50) for conversation in conversations)
    )
    for conversation in conversations:
        rows = await database.fetch("select seq from events where conversation_id = $1 order by seq", conversation)
        assert [row["seq"] for row in rows] == list(range(1, 51))
        told = [event.seq for committed in news for event in committed.events if event.conversation_id == conversation]
        assert told == list(range(1, 51)), "the listener hears them in the order of the log"


async def test_a_repeated_client_id_gives_the_first_answer_and_stores_nothing(
    journal: Journal, database: Database, clock: ManualClock
) -> None:
    conversation, other = await a_conversation(database, clock), await a_conversation(database, clock)
    sender, client_id = uuid7(), uuid4()
    answers = await asyncio.gather(
        *(journal.write(conversation, _say(f"{n}"), sender=sender, client_id=client_id) for n in range(50))
    )
    assert {answer.answer["seq"] for answer in answers} == {1}
    again = await journal.write(other, _say("elsewhere"), sender=sender, client_id=client_id)
    assert again.repeated
    assert again.answer == {"seq": 1}
    assert await database.fetchval("select count(*) from events") == 1


async def test_two_journals_on_one_database_still_store_one_row(database: Database, clock: ManualClock) -> None:
    """Two servers that share the database."""

    async def listen(_: Any) -> None: ...

    journals = [Journal(database, clock, listen) for _ in range(2)]
    for journal in journals:
        journal.start()
    conversations = [await a_conversation(database, clock) for _ in range(5)]
    sender = uuid7()
    ids = [uuid4() for _ in range(40)]
    answers = await asyncio.gather(
        *(
            journal.write(conversations[n % 5], _say("x"), sender=sender, client_id=client_id)
            for n, client_id in enumerate(ids)
            for journal in journals
        )
    )
    assert len(answers) == 80
    assert await database.fetchval("select count(*) from events") == 40
    for conversation in conversations:
        rows = await database.fetch("select seq from events where conversation_id = $1 order by seq", conversation)
        assert [row["seq"] for row in rows] == list(range(1, 9))
    for journal in journals:
        await journal.close()


async def test_ten_agents_race_300_times_and_one_owns_each(
    journal: Journal, database: Database, clock: ManualClock
) -> None:
    agents = [AgentRef(id=await an_agent(database, clock, 1000), name=f"agent {n}") for n in range(10)]
    group = await a_group(database, clock)
    conversations = [await a_conversation(database, clock) for _ in range(300)]
    now = clock.now()

    def wait(row: Conversation, moment: Moment) -> Change:
        fields = to_waiting(row, "asked", now=now, group_id=group, rank_at=now, joined_at=now, head_start=[])
        return Change(events=(state_event("waiting", "asked"),), fields=fields)

    def take(agent: AgentRef) -> Any:
        def decide(row: Conversation, moment: Moment) -> Change:
            require(row, "waiting")
            assert moment.loads[agent.id].has_room
            return Change(
                events=(state_event("human", "accepted", agent=agent),), fields=to_human(row, agent, "accepted", now)
            )

        return decide

    await asyncio.gather(*(journal.write(conversation, wait) for conversation in conversations))
    outcomes = await asyncio.gather(
        *(
            journal.write(conversation, take(agent), agents=(agent.id,))
            for conversation in conversations
            for agent in agents
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Committed) for outcome in outcomes) == 300
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 2700
    versions = await database.fetch("select version, owner from conversations where state = 'human'")
    assert [row["version"] for row in versions] == [3] * 300


async def test_capacity_holds_when_everything_is_taken_at_once(
    journal: Journal, database: Database, clock: ManualClock
) -> None:
    agent = AgentRef(id=await an_agent(database, clock, 3), name="small")
    group = await a_group(database, clock)
    now = clock.now()

    def take(row: Conversation, moment: Moment) -> Change:
        if not moment.loads[agent.id].has_room:
            raise Conflict
        waiting = to_waiting(row, "asked", now=now, group_id=group, rank_at=now, joined_at=now, head_start=[])
        return Change(fields={**waiting, "state": "human", "owner": agent.id, "rank_at": None})

    conversations = [await a_conversation(database, clock) for _ in range(20)]
    outcomes = await asyncio.gather(
        *(journal.write(conversation, take, agents=(agent.id,)) for conversation in conversations),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Committed) for outcome in outcomes) == 3


async def test_one_bad_row_fails_alone(journal: Journal, database: Database, clock: ManualClock) -> None:
    conversations = [await a_conversation(database, clock) for _ in range(10)]

    def bad(row: Conversation, moment: Moment) -> Change:
        return Change(events=(NewEvent("message", _CUSTOMER, {"id": str(uuid7()), "text": "null \x00 byte"}),))

    writes = [
        journal.write(conversation, bad if n == 4 else _say("fine")) for n, conversation in enumerate(conversations)
    ]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert isinstance(outcomes[4], Unavailable)
    assert sum(isinstance(outcome, Committed) for outcome in outcomes) == 9


async def test_a_refused_decision_stores_nothing(journal: Journal, database: Database, clock: ManualClock) -> None:
    conversation = await a_conversation(database, clock)

    def refuse(row: Conversation, moment: Moment) -> Change:
        raise Conflict

    with pytest.raises(Conflict):
        await journal.write(conversation, refuse, sender=uuid7(), client_id=uuid4())
    with pytest.raises(NotFound):
        await journal.write(uuid7(), _say("nowhere"))
    assert await database.fetchval("select count(*) from sends") == 0


async def test_an_old_epoch_dispatches_nothing(journal: Journal, database: Database, clock: ManualClock) -> None:
    conversation = await a_conversation(database, clock)
    await database.execute("insert into leases values ('dispatcher', $1, 7, $2)", uuid7(), clock.now())
    await journal.write(conversation, _say("under the lease"), fence=Fence("dispatcher", 7))
    with pytest.raises(Conflict):
        await journal.write(conversation, _say("under an old one"), fence=Fence("dispatcher", 6))
    assert await database.fetchval("select count(*) from events") == 1


@pytest.mark.parametrize("patient", [False, True])
async def test_who_stops_while_dispatching_is_sent_away_before_the_lease_is_missed(
    database: Database, clock: ManualClock, patient: bool
) -> None:
    """The lease's row is held until the commit: whoever is to take over within ten seconds would wait for it."""
    conversation = await a_conversation(database, clock)
    await database.execute("insert into leases values ('dispatcher', $1, 7, $2)", uuid7(), clock.now())
    version = await database.fetchval("select current_setting('server_version_num')::integer")
    name = "transaction_timeout" if version >= 170000 else "idle_in_transaction_session_timeout"
    patience = f"select extract(epoch from current_setting('{name}')::interval)::integer"
    async with database.transaction() as connection:
        batch = Batch(connection, load_queries(Path(conversations.__file__)), clock)
        await batch.lock(Wanted({conversation}, leases={"dispatcher"}), patient=patient)
        assert 0 < await connection.fetchval(patience) <= 6
    assert not 0 < await database.fetchval(patience) <= 6  # what has nobody waiting for it keeps its time


async def test_a_number_that_fits_no_column_fails_alone(
    journal: Journal, database: Database, clock: ManualClock
) -> None:
    conversations = [await a_conversation(database, clock) for _ in range(5)]

    def bad(row: Conversation, moment: Moment) -> Change:
        return Change(events=(message(_CUSTOMER, "far", reply_to_seq=2**40),))

    writes = [journal.write(each, bad if n == 2 else _say("fine")) for n, each in enumerate(conversations)]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert isinstance(outcomes[2], Unavailable)
    assert sum(isinstance(outcome, Committed) for outcome in outcomes) == 4


async def test_what_a_sender_who_left_had_said_is_stored_and_told(
    journal: Journal, database: Database, clock: ManualClock, news: list[Committed]
) -> None:
    conversation = await a_conversation(database, clock)
    sender, client = uuid7(), uuid4()
    leaving = asyncio.create_task(journal.write(conversation, _say("再见"), sender=sender, client_id=client))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    again = await journal.write(conversation, _say("再见"), sender=sender, client_id=client)
    assert again.repeated
    assert [event.text for committed in news for event in committed.events] == ["再见"]


async def test_a_row_that_somebody_holds_stops_nobody_else(
    journal: Journal, database: Database, clock: ManualClock
) -> None:
    held, free = await a_conversation(database, clock), await a_conversation(database, clock)
    async with database.transaction() as connection:
        await connection.execute("select 1 from conversations where id = $1 for update", held)
        stuck = [asyncio.create_task(journal.write(held, _say(f"{n}"))) for n in range(3)]
        for n in range(60):
            await asyncio.wait_for(journal.write(free, _say(f"{n}")), timeout=10)
        assert not any(task.done() for task in stuck)
    await asyncio.wait_for(asyncio.gather(*stuck), timeout=10)
    rows = await database.fetch(
        "select body ->> 'text' as text from events where conversation_id = $1 order by seq", held
    )
    assert [row["text"] for row in rows] == ["0", "1", "2"]


async def test_a_commit_of_unknown_outcome_is_doubted(database: Database, clock: ManualClock) -> None:
    doubted: set[UUID] = set()

    async def listen(_: Any) -> None: ...

    journal = Journal(database, clock, listen, on_doubt=doubted.update)
    journal.start()
    conversation = await a_conversation(database, clock)

    def cut(row: Conversation, moment: Moment) -> Change:
        raise DatabaseUnavailable("gone in the middle")

    with pytest.raises(Unavailable):
        await journal.write(conversation, cut)
    assert doubted == {conversation}
    await journal.close()


async def test_numbers_have_no_gaps_whatever_is_refused_or_fails(
    journal: Journal, database: Database, clock: ManualClock
) -> None:
    conversation = await a_conversation(database, clock)
    client_id = uuid4()

    def number(how: str) -> Any:
        def decide(row: Conversation, moment: Moment) -> Change:
            if how == "refused":
                raise Conflict
            also = (Statement("select 1 / 0", ()),) if how == "failing" else ()
            taken = moment.numbers["ticket"]
            return Change(events=(message(_CUSTOMER, f"{taken}"),), also=also, answer={"n": taken}, counted="ticket")

        return decide

    async def take(how: str) -> Any:
        try:
            key: dict[str, Any] = {"sender": _CUSTOMER.id, "client_id": client_id} if how == "repeated" else {}
            return (await journal.write(conversation, number(how), counter="ticket", **key)).answer["n"]
        except (Conflict, Unavailable):
            return how

    ways = ("taken", "refused", "repeated", "failing", "repeated", "taken", "taken", "taken")
    taken = await asyncio.gather(*(take(how) for how in ways))

    assert taken[2] == taken[4]
    assert (taken[1], taken[3]) == ("refused", "failing")
    assert sorted({each for each in taken if isinstance(each, int)}) == [1, 2, 3, 4, 5]
    rows = await database.fetch("select body ->> 'text' as text from events order by seq")
    assert [row["text"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert await database.fetchval("select value from counters where name = 'ticket'") == 5


async def test_more_writes_than_can_wait_are_refused_with_the_time_to_wait(
    database: Database, clock: ManualClock
) -> None:
    async def listen(_: Sequence[Committed]) -> None: ...

    journal = Journal(database, clock, listen, most_waiting=3)  # not started: nothing is committed yet
    conversation = await a_conversation(database, clock)
    writes = [asyncio.create_task(journal.write(conversation, _say(str(n)))) for n in range(3)]
    await asyncio.sleep(0)

    with pytest.raises(Unavailable) as refused:
        await journal.write(conversation, _say("太多了"))
    journal.start()
    done = await asyncio.gather(*writes)

    assert refused.value.details["retry_after"] >= 1
    assert [one.events[0].seq for one in done] == [1, 2, 3]
    assert error_response(refused.value).headers["Retry-After"] == str(refused.value.details["retry_after"])
    assert journal.waiting == 0
    await journal.close()
