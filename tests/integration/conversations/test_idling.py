"""Silence ends a conversation only after a question and never while the customer waits for us."""

from __future__ import annotations

from uuid import UUID

import pytest

from bot.wording import Wording
from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.conversations.batch import Moment
from router.conversations.idling import Idling
from router.conversations.journal import Journal
from router.conversations.messages import message
from router.conversations.records import Change, Committed, Conversation
from router.conversations.transitions import to_human, to_waiting
from router.payloads.log import Actor, AgentRef
from tests.integration.conversations.rows import a_conversation, a_group, an_agent

_AGENT = Actor(kind="agent", id=uuid7(), name="小林")
_CUSTOMER = Actor(kind="customer", id=uuid7())


@pytest.fixture
def idling(database: Database, journal: Journal, clock: ManualClock) -> Idling:
    return Idling(database, journal, Wording("金石", "小应"), clock, warn_minutes=10, close_minutes=10, bot_minutes=60)


async def _with_a_human(database: Database, journal: Journal, clock: ManualClock) -> UUID:
    conversation = await a_conversation(database, clock)
    group, agent = await a_group(database, clock), await an_agent(database, clock, 5)

    def wait(row: Conversation, moment: Moment) -> Change:
        now = moment.now
        return Change(
            fields=to_waiting(row, "asked", now=now, group_id=group, rank_at=now, joined_at=now, head_start=[])
        )

    def take(row: Conversation, moment: Moment) -> Change:
        return Change(fields=to_human(row, AgentRef(id=agent, name="小林"), "accepted", moment.now))

    await journal.write(conversation, wait)
    await journal.write(conversation, take, agents=(agent,))
    return conversation


async def _say(journal: Journal, conversation: UUID, actor: Actor) -> Committed:
    def say(row: Conversation, moment: Moment) -> Change:
        return Change(events=(message(actor, "…"),), fields={"last_kind": actor.kind, "idle_warned_at": None})

    return await journal.write(conversation, say)


async def _log(database: Database, conversation: UUID) -> list[tuple[str, str]]:
    rows = await database.fetch(
        "select kind, actor_kind from events where conversation_id = $1 order by seq", conversation
    )
    return [(row["kind"], row["actor_kind"]) for row in rows]


async def _state(database: Database, conversation: UUID) -> tuple[str, str]:
    row = await database.fetchrow("select state, reason from conversations where id = $1", conversation)
    assert row is not None
    return row["state"], row["reason"]


async def test_a_silent_customer_is_asked_once_and_then_the_conversation_ends(
    database: Database, journal: Journal, clock: ManualClock, idling: Idling
) -> None:
    conversation = await _with_a_human(database, journal, clock)
    await _say(journal, conversation, _AGENT)
    clock.advance(9 * 60)
    await idling.tick()
    assert len(await _log(database, conversation)) == 1
    clock.advance(2 * 60)
    await idling.tick()
    await idling.tick()
    assert await _log(database, conversation) == [("message", "agent"), ("message", "system")]
    clock.advance(11 * 60)
    await idling.tick()
    assert await _state(database, conversation) == ("closed", "idle")


async def test_nobody_is_cut_off_while_waiting_for_us(
    database: Database, journal: Journal, clock: ManualClock, idling: Idling
) -> None:
    conversation = await _with_a_human(database, journal, clock)
    await _say(journal, conversation, _CUSTOMER)
    clock.advance(5 * 3600)
    await idling.tick()
    assert await _state(database, conversation) == ("human", "accepted")
    assert await _log(database, conversation) == [("message", "customer")]


async def test_an_answer_to_the_warning_keeps_the_conversation(
    database: Database, journal: Journal, clock: ManualClock, idling: Idling
) -> None:
    conversation = await _with_a_human(database, journal, clock)
    await _say(journal, conversation, _AGENT)
    clock.advance(11 * 60)
    await idling.tick()
    await _say(journal, conversation, _CUSTOMER)
    await _say(journal, conversation, _AGENT)
    clock.advance(9 * 60)
    await idling.tick()
    assert await _state(database, conversation) == ("human", "accepted")


async def test_a_chat_with_the_bot_ends_without_a_word(
    database: Database, journal: Journal, clock: ManualClock, idling: Idling
) -> None:
    conversation = await a_conversation(database, clock)
    await _say(journal, conversation, _CUSTOMER)
    clock.advance(61 * 60)
    await idling.tick()
    assert await _log(database, conversation) == [("message", "customer"), ("state", "system")]
