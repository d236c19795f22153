"""The one dispatcher: hands the line out group by group under a lease; under an old epoch its writes are refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.journal import Fence, Journal
from router.conversations.records import Change, Conversation, Statement
from router.conversations.transitions import require, state_event, to_human
from router.errors import Conflict
from router.payloads.log import AgentRef
from router.waiting.lease import Lease
from router.waiting.matching import LAST_AGENT_WITHIN, Wanted, who_gets_it
from router.waiting.order import Waiter, next_in_line
from router.waiting.records import Assignment, AvailableAgent, Group
from router.waiting.waiting_line import WaitingLine

log = logging.getLogger(__name__)

#: Without offers nobody is asked again: who passed a conversation on may get it back after this time in the line.
_BACK_AFTER = timedelta(minutes=5)


async def _nobody(_: UUID) -> None: ...


@dataclass(frozen=True, slots=True)
class _Next:
    """Who is next, and whom they should get."""

    row: Conversation
    wanted: Wanted


class Dispatcher:
    """Assigns (mode auto), offers (mode offer) or leaves the line to the agents (mode pick)."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        line: WaitingLine,
        clock: Clock,
        lease: Lease,
        *,
        assignment: Assignment,
        offer_seconds: float,
        longest_waiter_every: int,
        last_agent_within: timedelta = LAST_AGENT_WITHIN,
        missed: Callable[[UUID], Awaitable[None]] = _nobody,
    ) -> None:
        """``missed`` hears of each agent who let an offer run out."""
        self._database = database
        self._journal = journal
        self._line = line
        self._clock = clock
        self._lease = lease
        self._assignment: Assignment = assignment
        self._offer_seconds = offer_seconds
        self._every = longest_waiter_every
        self._last_agent_within = last_agent_within
        self._missed = missed
        self._sql = load_queries(Path(__file__))
        self._running = asyncio.Lock()
        self._asked = self._seen = 0
        self._wanted: frozenset[UUID] | None = frozenset()

    async def tick(self) -> None:
        """One round over all groups with somebody in line; does nothing while another process holds the lease."""
        await self._ask(None)

    async def freed(self, group_ids: frozenset[UUID]) -> None:
        """Somebody of these groups has room again: a round over them, and over who was passed on by name."""
        await self._ask(group_ids)

    async def _ask(self, group_ids: frozenset[UUID] | None) -> None:
        """Whoever asks while a round runs shares the next one."""
        self._asked += 1
        asked = self._asked
        self._wanted = None if self._wanted is None or group_ids is None else self._wanted | group_ids
        async with self._running:
            if self._seen < asked:
                self._seen = self._asked
                wanted, self._wanted = self._wanted, frozenset()
                await self._round(wanted)

    async def joined(self, group: Group) -> bool:
        """Somebody has joined this group's line: whether anybody of it was given or offered to an agent.

        Where nobody has room it waits for no round: whoever gets room after this look starts one that sees the joined.
        """
        if group.assignment == "pick" or not await self._agents([group.id]):
            return False
        async with self._running:
            fence = await self._lease.hold()
            if fence is None:
                return False
            agents = {agent.ref.id: agent for agent in await self._agents([group.id])}
            return await self._hand_out(group, agents, fence)

    async def stop(self) -> None:
        """Lets the lease go, so that another process can take over at once."""
        async with self._running:
            try:
                await self._lease.let_go()
            except DatabaseUnavailable:
                log.info("the lease will expire by itself")

    async def took(self, agent_id: UUID) -> None:
        """An agent took a conversation of their own accord: it counts as an assignment."""
        await self._database.execute(self._sql["note_assignment"], agent_id, self._clock.now())

    async def declined(self, agent_id: UUID) -> None:
        """An agent said no to an offer: they are there, and the ones that ran out before count no longer."""
        await self._database.execute(self._sql["forget_missed_offers"], agent_id)

    async def _round(self, wanted: frozenset[UUID] | None) -> None:
        """Over these groups; None: over all."""
        fence = await self._lease.hold()
        if fence is None:
            return
        asked = None if wanted is None else list(wanted)
        rows, available = await asyncio.gather(
            self._database.fetch(self._sql["groups_in_line"], self._clock.now()), self._agents(asked)
        )
        if not rows:
            return
        groups = [Group.from_row(row, self._assignment) for row in rows]
        given = {group.id: group for group in groups if group.assignment != "pick"}
        if rows[0]["offers_over"]:
            await self._withdraw(fence)
        if rows[0]["passed_on"]:
            await self._hand_out_by_name(given, fence)
        if rows[0]["offers_over"] or rows[0]["passed_on"]:  # who has room is another question now
            available = await self._agents(asked)
        agents = {agent.ref.id: agent for agent in available}
        for group in given.values():
            if wanted is None or group.id in wanted:
                await self._hand_out(group, agents, fence)
        await self._hand_to_managers(given, agents, fence)

    async def _hand_out_by_name(self, groups: Mapping[UUID, Group], fence: Fence) -> None:
        """Whom a colleague passed on by name stands at that name in the line: theirs as soon as they have room."""
        alive_since, now = self._line.alive_since(), self._clock.now()
        for row in await self._database.fetch(self._sql["meant_for_somebody"], alive_since, now):
            found, group = _next(row, keeps_refusals=True), groups.get(row["group_id"])
            if group is None:
                continue
            for agent in await self._agents([], found.wanted.names()):
                if agent.ref.id == found.row.preferred_agent:
                    await self._give(found.row, agent, group, fence)

    async def _hand_to_managers(
        self, groups: Mapping[UUID, Group], available: Mapping[UUID, AvailableAgent], fence: Fence
    ) -> None:
        """Who still has room takes the customers of the companies they manage from lines that are not theirs."""
        room = {each: agent for each, agent in available.items() if agent.has_room}
        if not room:
            return
        for row in await self._database.fetch(self._sql["managed"], list(room), self._clock.now()):
            found, group = _next(row, keeps_refusals=True), groups.get(row["group_id"])
            agent = room.get(row["manager"])
            if group is None or agent is None or not agent.has_room:
                continue
            if await self._give(found.row, agent, group, fence):
                room[agent.ref.id] = agent.with_one_more(self._clock.now())

    async def _hand_out(self, group: Group, available: dict[UUID, AvailableAgent], fence: Fence) -> bool:
        """Whether anybody was given or offered; ``available`` holds agents of other groups too, and is kept true."""
        given = False
        while agents := {
            each: agent for each, agent in available.items() if agent.has_room and group.id in agent.group_ids
        }:
            found = await self._next_of(group, list(agents))
            if found is None:
                if group.assignment == "offer":
                    await self._ask_again_later(group, list(agents), fence)
                break
            others = found.wanted.names() - agents.keys()
            named = {agent.ref.id: agent for agent in await self._agents([], others)} if others else {}
            named = {each: available.get(each, agent) for each, agent in named.items()}
            free = [agent.free_for(group.id) for agent in {**agents, **named}.values()]
            chosen = who_gets_it(found.wanted, free, self._clock.now(), self._last_agent_within)
            if chosen is None:
                break
            agent = available.get(chosen.id) or named[chosen.id]
            if not await self._give(found.row, agent, group, fence):
                break  # the next tick sees the line as it is then
            given = True
            available[chosen.id] = agent.with_one_more(self._clock.now())
        return given

    async def _agents(
        self, group_ids: Sequence[UUID] | None, named: frozenset[UUID] = frozenset()
    ) -> list[AvailableAgent]:
        """Who of these groups, or of any, can take one more now; with ``named`` those too, from wherever they are."""
        rows = await self._database.fetch(
            self._sql["available_agents"], group_ids, self._line.alive_since(), self._clock.now(), list(named)
        )
        return [AvailableAgent.from_row(row) for row in rows]

    async def _next_of(self, group: Group, agents: list[UUID]) -> _Next | None:
        now, offers = self._clock.now(), group.assignment == "offer"
        since = None if offers else now - _BACK_AFTER
        rows = await self._database.fetch(self._sql["next_of_group"], group.id, now, agents, since)
        found = {
            row["id"]: _next(
                row,
                keeps_refusals=offers
                or row["in_group_since"] > since
                or row["handoff_reason"] == "agent_silent",  # to nobody who let them wait before
            )
            for row in rows
        }
        waiters = [Waiter(each.row.id, each.wanted.joined_at, each.row.rank_at or now) for each in found.values()]
        dispatches = rows[0]["dispatches"] if rows else 0
        first = next_in_line(waiters, dispatches=dispatches, every=self._every)
        return None if first is None else found[first.id]

    async def _give(self, seen: Conversation, agent: AvailableAgent, group: Group, fence: Fence) -> bool:
        """False where a race was lost."""
        try:
            if group.assignment == "auto":
                await self._assign(seen, agent.ref, fence)
            else:
                await self._offer(seen, agent.ref, fence)
        except Conflict:
            log.info("dispatch lost a race", extra={"conversation_id": str(seen.id)})
            return False
        return True

    async def _assign(self, seen: Conversation, agent: AgentRef, fence: Fence) -> None:

        def assign(row: Conversation, moment: Moment) -> Change:
            _require_same(row, seen)
            _require_room(agent.id, moment)
            return Change(
                events=(state_event("human", "assigned", agent=agent),),
                fields=to_human(row, agent, "assigned", moment.now),
                also=(Statement(self._sql["count_assignment"], (row.group_id, agent.id, moment.now)),),
            )

        await self._journal.write(seen.id, assign, agents=(agent.id,), fence=fence)

    async def _offer(self, seen: Conversation, agent: AgentRef, fence: Fence) -> None:
        expires_at = self._clock.now() + timedelta(seconds=self._offer_seconds)

        def offer(row: Conversation, moment: Moment) -> Change:
            _require_same(row, seen)
            _require_room(agent.id, moment)
            return Change(
                fields={"offered_to": agent.id, "offer_expires_at": expires_at},
                also=(Statement(self._sql["count_dispatch"], (row.group_id,)),),
            )

        await self._journal.write(seen.id, offer, agents=(agent.id,), fence=fence)

    async def _ask_again_later(self, group: Group, agents: list[UUID], fence: Fence) -> None:
        """Whom everybody who is there declined: after the time of an offer they are asked again."""
        now = self._clock.now()

        def rest(row: Conversation, moment: Moment) -> Change:
            if row.state != "waiting" or row.offered_to is not None or not row.declined_by:
                return Change()
            rest_until = now + timedelta(seconds=self._offer_seconds)
            return Change(fields={"declined_by": [], "offer_expires_at": rest_until})

        for row in await self._database.fetch(self._sql["declined_by_all"], group.id, now, agents):
            await self._journal.write(row["id"], rest, fence=fence)

    async def _withdraw(self, fence: Fence) -> None:
        """Offers whose time is over."""
        now = self._clock.now()

        def withdraw(row: Conversation, moment: Moment) -> Change:
            if row.state != "waiting" or row.offer_expires_at is None or row.offer_expires_at > now:
                return Change()
            return Change(fields=without_offer(row))

        for row in await self._database.fetch(self._sql["expired_offers"], now):
            committed = await self._journal.write(row["id"], withdraw, fence=fence)
            missed_by = committed.before.offered_to
            if missed_by is not None and committed.conversation.offered_to is None:
                await self._missed(missed_by)


def without_offer(row: Conversation) -> dict[str, object]:
    """An offer that was declined or ran out: the next one goes to somebody else."""
    declined = [*row.declined_by, row.offered_to] if row.offered_to else list(row.declined_by)
    return {"offered_to": None, "offer_expires_at": None, "declined_by": declined}


def _next(record: Record, *, keeps_refusals: bool) -> _Next:
    """A row of `next_of_group` or `meant_for_somebody`."""
    manager, last_csat = record["manager"], record["last_csat"]
    row = Conversation.from_row(record)
    by_name = row.handoff_reason == "transferred"
    assert row.joined_at is not None
    wanted = Wanted(
        row.joined_at,
        meant_for=row.preferred_agent if by_name else None,
        manager=manager,
        last_agent=None if by_name else row.preferred_agent,
        last_csat=last_csat,
        declined=frozenset(row.declined_by if keeps_refusals else ()),
    )
    return _Next(row, wanted)


def _require_same(row: Conversation, seen: Conversation) -> None:
    require(row, "waiting")
    if row.version != seen.version or row.offered_to != seen.offered_to or row.group_id != seen.group_id:
        raise Conflict


def _require_room(agent_id: UUID, moment: Moment) -> None:
    load = moment.loads.get(agent_id)
    if load is None or not load.has_room:
        raise Conflict
