"""The dispatcher: the order of the line, the longest waiter's turn, one holder of the lease, offers, lost agents."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.calendar.calendars import Calendars
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.records import Change, Conversation
from router.conversations.transitions import to_waiting
from router.security.audit import Audit
from router.waiting.dispatcher import Dispatcher, without_offer
from router.waiting.head_start import HeadStarts
from router.waiting.hours import Calendar
from router.waiting.lease import Lease
from router.waiting.order import FIRST
from router.waiting.records import Assignment
from router.waiting.waiting_line import WaitingLine
from tests.integration.conversations.rows import a_conversation, a_group, an_agent

_NO_HEAD_STARTS = HeadStarts(tiers={}, urgency={}, emotion={}, push_seconds=0, cap_seconds=0)


def _dispatcher(
    database: Database, journal: Journal, clock: ManualClock, assignment: Assignment = "auto", every: int = 3
) -> Dispatcher:
    lease = Lease(database, clock, "dispatcher", uuid7())
    return Dispatcher(
        database, journal, _line(database, clock, assignment), clock, lease, assignment=assignment, offer_seconds=30,
        longest_waiter_every=every,
    )  # fmt: skip


def _line(database: Database, clock: ManualClock, assignment: Assignment = "auto") -> WaitingLine:
    base = Calendar.of("UTC", {}, always_open=True)
    calendars = Calendars(database, Audit(clock), clock, base=base, file=None, tiers=())
    return WaitingLine(
        database, clock, calendars, _NO_HEAD_STARTS,
        assignment=assignment, sign_of_life_seconds=15,
    )  # fmt: skip


async def _online(database: Database, clock: ManualClock, group: UUID, capacity: int) -> UUID:
    agent = await an_agent(database, clock, capacity)
    await database.execute("insert into group_members values ($1, $2)", group, agent)
    await _sign_of_life(database, clock, agent)
    return agent


async def _sign_of_life(database: Database, clock: ManualClock, agent: UUID) -> None:
    await database.execute(
        "insert into presence (account_id, status, accepting, changed_at, seen_at) values ($1, 'online', true, $2, $2)"
        " on conflict (account_id) do update set seen_at = $2",
        agent, clock.now(),
    )  # fmt: skip


async def _waits(
    database: Database, journal: Journal, clock: ManualClock, group: UUID, *, joined: int, head_start: int = 0
) -> UUID:
    """A conversation that joined the line so many seconds ago."""
    conversation = await a_conversation(database, clock)
    joined_at = clock.now() - timedelta(seconds=joined)

    def wait(row: Conversation, moment: Moment) -> Change:
        return Change(
            fields=to_waiting(
                row,
                "asked",
                now=moment.now,
                group_id=group,
                joined_at=joined_at,
                rank_at=joined_at - timedelta(seconds=head_start),
                head_start=[],
            )
        )

    await journal.write(conversation, wait)
    return conversation


async def _order(database: Database) -> list[UUID]:
    rows = await database.fetch(
        "select e.conversation_id from events e where e.body ->> 'state' = 'human' order by e.at, e.conversation_id"
    )
    return [row["conversation_id"] for row in rows]


async def _in_human_hands(database: Database) -> set[UUID]:
    return {row["id"] for row in await database.fetch("select id from conversations where state = 'human'")}


async def _free_a_place(database: Database, clock: ManualClock) -> None:
    await database.execute(
        "update conversations set state = 'closed', closed_at = $1 where state = 'human'", clock.now()
    )


async def test_the_line_goes_by_rank_and_every_third_goes_to_the_longest_waiter(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    group = await a_group(database, clock)
    patient = await _waits(database, journal, clock, group, joined=300)
    important = [await _waits(database, journal, clock, group, joined=10 + n, head_start=1200) for n in (5, 4, 3, 2, 1)]
    await _online(database, clock, group, capacity=1)
    dispatcher = _dispatcher(database, journal, clock)
    order: list[UUID] = []
    for _ in range(6):
        before = await _in_human_hands(database)
        await dispatcher.tick()
        order += await _in_human_hands(database) - before
        await _free_a_place(database, clock)
    assert order == [important[0], important[1], patient, important[2], important[3], important[4]]


async def test_who_stands_at_the_head_goes_before_the_longest_waiter(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    group = await a_group(database, clock)
    await _waits(database, journal, clock, group, joined=300)
    lost = await _waits(database, journal, clock, group, joined=5)
    await database.execute("update conversations set rank_at = $2 where id = $1", lost, FIRST)
    await _online(database, clock, group, capacity=1)
    await _dispatcher(database, journal, clock, every=1).tick()
    assert await _in_human_hands(database) == {lost}


async def test_the_agent_with_the_lowest_load_for_their_capacity_gets_it(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    group = await a_group(database, clock)
    small = await _online(database, clock, group, capacity=2)
    large = await _online(database, clock, group, capacity=6)
    for n in range(8):
        await _waits(database, journal, clock, group, joined=100 - n)
    await _dispatcher(database, journal, clock).tick()
    rows = await database.fetch("select owner, count(*) as n from conversations where state = 'human' group by owner")
    assert {row["owner"]: row["n"] for row in rows} == {small: 2, large: 6}


async def test_only_the_holder_of_the_lease_dispatches_and_another_takes_over_when_it_runs_out(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    group = await a_group(database, clock)
    agent = await _online(database, clock, group, capacity=5)
    first, second = _dispatcher(database, journal, clock), _dispatcher(database, journal, clock)
    await first.tick()
    conversation = await _waits(database, journal, clock, group, joined=1)
    await second.tick()
    assert await _in_human_hands(database) == set()
    clock.advance(6)
    await _sign_of_life(database, clock, agent)
    await second.tick()
    assert await _in_human_hands(database) == {conversation}
    another = await _waits(database, journal, clock, group, joined=1)
    await first.tick()  # it was paused and believes to hold the lease still
    assert another not in await _in_human_hands(database)


async def test_an_offer_that_runs_out_goes_to_somebody_else(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    group = await a_group(database, clock)
    agents = [await _online(database, clock, group, capacity=5) for _ in range(2)]
    conversation = await _waits(database, journal, clock, group, joined=1)
    dispatcher = _dispatcher(database, journal, clock, "offer")
    await dispatcher.tick()
    offered = await database.fetchval("select offered_to from conversations where id = $1", conversation)
    await dispatcher.tick()
    assert await database.fetchval("select offered_to from conversations where id = $1", conversation) == offered
    clock.advance(31)
    for agent in agents:
        await _sign_of_life(database, clock, agent)
    await dispatcher.tick()
    again = await database.fetchval("select offered_to from conversations where id = $1", conversation)
    assert {offered, again} == set(agents)
    assert await database.fetchval("select version from conversations where id = $1", conversation) == 2


async def test_pick_leaves_the_line_to_the_agents(database: Database, journal: Journal, clock: ManualClock) -> None:
    group = await a_group(database, clock)
    await _online(database, clock, group, capacity=5)
    await _waits(database, journal, clock, group, joined=1)
    await _dispatcher(database, journal, clock, "pick").tick()
    assert await _in_human_hands(database) == set()


async def test_what_everybody_declined_rests_before_it_is_offered_again(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    group = await a_group(database, clock)
    agent = await _online(database, clock, group, capacity=5)
    conversation = await _waits(database, journal, clock, group, joined=1)
    dispatcher = _dispatcher(database, journal, clock, "offer")
    await dispatcher.tick()

    def decline(row: Conversation, moment: Moment) -> Change:
        return Change(fields=without_offer(row))

    await journal.write(conversation, decline)
    await dispatcher.tick()
    await dispatcher.tick()
    assert await database.fetchval("select offered_to from conversations where id = $1", conversation) is None
    clock.advance(31)
    await _sign_of_life(database, clock, agent)
    await dispatcher.tick()
    assert await database.fetchval("select offered_to from conversations where id = $1", conversation) == agent


async def test_who_gave_a_conversation_away_does_not_get_it_back_by_assignment(
    database: Database, journal: Journal, clock: ManualClock
) -> None:
    group = await a_group(database, clock)
    giver = await _online(database, clock, group, capacity=5)
    conversation = await _waits(database, journal, clock, group, joined=1)
    await database.execute("update conversations set declined_by = array[$2::uuid] where id = $1", conversation, giver)
    dispatcher = _dispatcher(database, journal, clock)
    await dispatcher.tick()
    assert await _in_human_hands(database) == set()
    other = await _online(database, clock, group, capacity=5)
    await dispatcher.tick()
    assert await database.fetchval("select owner from conversations where id = $1", conversation) == other
