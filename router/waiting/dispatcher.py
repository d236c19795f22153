"""The one dispatcher: hands the line out group by group under a lease; under an old epoch its writes are refused."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.journal import Decide, Fence, Journal
from router.conversations.records import Change, Conversation, Statement
from router.conversations.transitions import require, state_event, to_human, to_waiting
from router.errors import Conflict, YingdaError
from router.payloads.log import AgentRef
from router.waiting.lease import Lease
from router.waiting.order import FIRST
from router.waiting.records import Assignment, AvailableAgent, Group
from router.waiting.waiting_line import WaitingLine

log = logging.getLogger(__name__)


class Dispatcher:
    """Assigns (mode auto), offers (mode offer) or leaves the line to the agents (mode pick)."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        line: WaitingLine,
        clock: Clock,
        *,
        holder: UUID,
        assignment: Assignment,
        offer_seconds: float,
        longest_waiter_every: int,
        agent_lost_seconds: float,
        lease_seconds: float = 5.0,
    ) -> None:
        self._database = database
        self._journal = journal
        self._line = line
        self._clock = clock
        self._assignment: Assignment = assignment
        self._offer_seconds = offer_seconds
        self._every = longest_waiter_every
        self._agent_lost_after = timedelta(seconds=agent_lost_seconds)
        self._sql = load_queries(Path(__file__))
        self._lease = Lease(database, clock, self._sql, "dispatcher", holder, lease_seconds)
        self._running = asyncio.Lock()
        self._started_at = clock.now()

    async def tick(self) -> None:
        """One round over all groups with somebody in line; does nothing while another process holds the lease."""
        async with self._running:
            fence = await self._lease.hold()
            if fence is None:
                return
            await self._withdraw_expired_offers(fence)
            for row in await self._database.fetch(self._sql["groups_in_line"]):
                group = Group.from_row(row, self._assignment)
                if group.assignment == "pick":
                    continue
                await self._hand_out(group, row["dispatch_count"], fence)

    async def stop(self) -> None:
        """Lets the lease go, so that another process can take over at once."""
        async with self._running:
            try:
                await self._lease.let_go()
            except DatabaseUnavailable:
                log.info("the lease will expire by itself")

    async def _hand_out(self, group: Group, dispatches: int, fence: Fence) -> None:
        while True:
            now = self._clock.now()
            longest_first = self._every > 0 and (dispatches + 1) % self._every == 0
            query = self._sql["longest_in_line" if longest_first else "first_in_line"]
            row = await self._database.fetchrow(query, group.id, now)
            if row is None:
                return
            conversation = Conversation.from_row(row)
            agents = await self._database.fetch(self._sql["available_agents"], group.id, self._line.alive_since(), now)
            agent = _choose(conversation, [AvailableAgent.from_row(agent) for agent in agents])
            if agent is None:
                if agents and group.assignment == "offer":
                    await self._ask_again_later(conversation, fence)
                return
            try:
                if group.assignment == "auto":
                    await self._assign(conversation, agent.ref, fence)
                else:
                    await self._offer(conversation, agent.ref, fence)
            except Conflict:
                log.info("dispatch lost a race", extra={"conversation_id": str(conversation.id)})
                return  # the next tick sees the line as it is then
            dispatches += 1

    async def _assign(self, seen: Conversation, agent: AgentRef, fence: Fence) -> None:

        def assign(row: Conversation, moment: Moment) -> Change:
            _require_same(row, seen)
            _require_room(agent.id, moment)
            return Change(
                events=(state_event("human", "assigned", agent=agent),),
                fields=to_human(row, agent, "assigned", moment.now),
                also=(Statement(self._sql["count_dispatch"], (row.group_id,)),),
            )

        await self._journal.write(seen.id, assign, agents=(agent.id,), fence=fence)
        await self._database.execute(self._sql["note_assignment"], agent.id, self._clock.now())

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

    async def _ask_again_later(self, seen: Conversation, fence: Fence) -> None:
        """Everybody who is there said no: after the time of an offer they are asked again."""
        rest_until = self._clock.now() + timedelta(seconds=self._offer_seconds)

        def rest(row: Conversation, moment: Moment) -> Change:
            _require_same(row, seen)
            return Change(fields={"declined_by": [], "offer_expires_at": rest_until})

        await self._journal.write(seen.id, rest, fence=fence)

    async def _withdraw_expired_offers(self, fence: Fence) -> None:
        now = self._clock.now()

        def withdraw(row: Conversation, moment: Moment) -> Change:
            if row.state != "waiting" or row.offer_expires_at is None or row.offer_expires_at > now:
                return Change()
            return Change(fields=without_offer(row))

        for row in await self._database.fetch(self._sql["expired_offers"], now):
            await self._journal.write(row["id"], withdraw, fence=fence)

    async def recover_from_lost_agents(self) -> None:
        """Puts the conversations of agents who vanished back at the head of the line."""
        fence = await self._lease.hold()
        alive_since = self._clock.now() - self._agent_lost_after
        if fence is None or self._started_at > alive_since:
            return  # after a restart of ours the agents get the same time to come back
        for lost in await self._database.fetch(self._sql["lost_agents"], alive_since):
            for row in await self._database.fetch(self._sql["owned_by"], lost["id"]):
                try:
                    await self._journal.write(row["id"], self._agent_lost(lost["id"]), fence=fence)
                except YingdaError as error:
                    log.info("not put back: %s", error.code, extra={"conversation_id": str(row["id"])})

    def _agent_lost(self, agent_id: UUID) -> Decide:
        def put_back(row: Conversation, moment: Moment) -> Change:
            require(row, "human")
            if row.owner != agent_id or row.group_id is None:
                raise Conflict
            fields = to_waiting(
                row,
                "agent_lost",
                now=moment.now,
                group_id=row.group_id,
                rank_at=FIRST,
                joined_at=row.joined_at or moment.now,
                head_start=row.head_start,
            )
            return Change(events=(state_event("waiting", "agent_lost"),), fields=fields)

        return put_back


def without_offer(row: Conversation) -> dict[str, object]:
    """An offer that was declined or ran out: the next one goes to somebody else."""
    declined = [*row.declined_by, row.offered_to] if row.offered_to else list(row.declined_by)
    return {"offered_to": None, "offer_expires_at": None, "declined_by": declined}


def _choose(conversation: Conversation, agents: list[AvailableAgent]) -> AvailableAgent | None:
    """The preferred agent, else the first of the list; nobody who declined it or gave it away."""
    for agent in agents:
        if agent.ref.id == conversation.preferred_agent and agent.ref.id not in conversation.declined_by:
            return agent
    willing = [agent for agent in agents if agent.ref.id not in conversation.declined_by]
    return next(iter(willing), None)


def _require_same(row: Conversation, seen: Conversation) -> None:
    require(row, "waiting")
    if row.version != seen.version or row.offered_to != seen.offered_to:
        raise Conflict


def _require_room(agent_id: UUID, moment: Moment) -> None:
    load = moment.loads.get(agent_id)
    if load is None or not load.has_room:
        raise Conflict
