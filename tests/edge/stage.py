"""A stage for whatever may happen: some customers, agents and a supervisor who act in any order, and laws that hold.

An action either succeeds or is refused for a reason that people can be told; after each one the laws are looked at in
the database, and in the end in what everybody heard.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg

from tests.acceptance.people import KNOWN, UNKNOWN, People, Seat, Staff
from tests.clients import AgentClient, ChatClient
from tests.edge.house import House

#: From which state to which; the first line of a log comes from the bot.
ALLOWED = {
    "bot": {"waiting", "closed"},
    "waiting": {"waiting", "human", "bot", "closed"},  # waiting to waiting: into another group's line
    "human": {"human", "waiting", "bot", "closed"},
    "closed": set[str](),
}
REFUSALS = {"conflict", "forbidden", "not_found", "invalid"}
PASSING = (0, 5, 31, 60, 130, 700)
TEXTS = (KNOWN, UNKNOWN, "在吗", "转人工", "气死我了，什么破软件", "系统打不开了很紧急")

_ROWS = """
select id, customer_id, state, owner, version, last_seq, group_id, rank_at, joined_at
from conversations where customer_id = any($1::uuid[]) order by id
"""
_STATES = """
select conversation_id, seq, body ->> 'state' as state from events
where conversation_id = any($1::uuid[]) and kind = 'state' order by conversation_id, seq
"""
_AFTER_THE_END = """
select e.conversation_id, e.kind from events e
where e.conversation_id = any($1::uuid[]) and e.kind not in ('rating', 'redact', 'ticket')
  and e.seq > (select min(s.seq) from events s where s.conversation_id = e.conversation_id and s.kind = 'state'
               and s.body ->> 'state' = 'closed')
"""


@dataclass
class Customer:
    """One customer over several pages."""

    page: ChatClient
    visitor: str
    id: str = ""
    conversation_id: str | None = None
    known: set[str] = field(default_factory=set)


@dataclass
class Stage:
    """Everybody of one group; ``step`` does one action and looks at the laws."""

    house: House
    people: People
    database: asyncpg.Connection[Any]
    group: dict[str, Any]
    other_group: dict[str, Any]
    agents: list[Staff]
    supervisor: Seat
    #: The agents' open pages, which outlive a story.
    seats: dict[str, AgentClient]
    customers: list[Customer] = field(default_factory=list)
    _before: dict[Any, Any] = field(default_factory=dict)
    _loads: dict[Any, int] = field(default_factory=dict)

    async def begin(self, customers: int) -> None:
        for staff in self.agents:
            await self._tried(await self.page_of(staff), "set_presence", status="online", capacity=2)
        for _ in range(customers):
            page = await self.people.customer()
            self.customers.append(Customer(page, page.all("welcome")[0]["visitor"]))

    async def page_of(self, staff: Staff) -> AgentClient:
        page = self.seats.get(staff.id)
        if page is None or not page.connected:
            token = await self.people.token(staff)
            seat = await self.people.seat(
                Staff(staff.id, staff.username, staff.name, staff.password, {"access_token": token})
            )
            page = self.seats[staff.id] = seat.client
        return page

    async def step(self, action: str, one: int, two: int, three: int) -> None:
        """Each number chooses among what there is."""
        acts: dict[str, Callable[[int, int, int], Awaitable[Any]]] = {
            name.removeprefix("do_"): getattr(self, name) for name in dir(self) if name.startswith("do_")
        }
        await acts[action](one, two, three)
        await self.look_at_laws(action)

    async def _tried(self, page: Any, event: str, **payload: Any) -> dict[str, Any] | None:
        """The acknowledgement of a success; a refusal must be one that can be told."""
        answer: dict[str, Any] = await page.call(event, {"client_id": str(uuid4()), **payload})
        if answer["ok"]:
            return answer
        assert answer["error"]["code"] in REFUSALS, (event, answer)
        return None

    # Customers

    def _customer(self, number: int) -> Customer:
        return self.customers[number % len(self.customers)]

    def _conversation(self, number: int) -> str:
        known = sorted({each for customer in self.customers for each in customer.known})
        return known[number % len(known)] if known else str(uuid4())

    def _heard(self, customer: Customer, answer: dict[str, Any] | None) -> None:
        if answer and "conversation_id" in answer:
            customer.conversation_id = answer["conversation_id"]
            customer.known.add(answer["conversation_id"])

    async def do_say(self, one: int, two: int, three: int) -> None:
        customer = self._customer(one)
        self._heard(customer, await self._tried(customer.page, "send_message", text=TEXTS[two % len(TEXTS)]))

    async def do_request_human(self, one: int, two: int, three: int) -> None:
        customer = self._customer(one)
        self._heard(customer, await self._tried(customer.page, "request_human", topic=self.group["name"]))

    async def do_leave_queue(self, one: int, two: int, three: int) -> None:
        customer = self._customer(one)
        if customer.conversation_id:
            done = await self._tried(customer.page, "leave_queue", conversation_id=customer.conversation_id)
            assert done is None or done["state"] != "waiting"

    async def do_leave_message(self, one: int, two: int, three: int) -> None:
        contact = {"phone": "13800138000"}
        await self._tried(self._customer(one).page, "leave_message", text="请回电", contact=contact)

    async def do_close_by_customer(self, one: int, two: int, three: int) -> None:
        customer = self._customer(one)
        if customer.conversation_id and await self._tried(
            customer.page, "close", conversation_id=customer.conversation_id
        ):
            assert (await self._state(customer.conversation_id)) == "closed"

    async def do_rate(self, one: int, two: int, three: int) -> None:
        customer = self._customer(one)
        if customer.conversation_id:
            await self._tried(
                customer.page, "rate_conversation", conversation_id=customer.conversation_id, csat=1 + two % 5
            )

    async def do_come_again(self, one: int, two: int, three: int) -> None:
        customer = self._customer(one)
        await customer.page.close()
        customer.page = await self.people.customer(visitor=customer.visitor)

    # Agents

    async def _agent(self, number: int) -> AgentClient:
        return await self.page_of(self.agents[number % len(self.agents)])

    async def do_presence(self, one: int, two: int, three: int) -> None:
        status = ("online", "online", "away", "offline")[two % 4]
        capacity = (1, 2, 3)[three % 3]
        await self._tried(await self._agent(one), "set_presence", status=status, capacity=capacity)

    async def do_accept(self, one: int, two: int, three: int) -> None:
        conversation_id = self._conversation(two)
        if await self._tried(await self._agent(one), "accept", conversation_id=conversation_id):
            assert await self._owner(conversation_id) == self.agents[one % len(self.agents)].id

    async def do_decline(self, one: int, two: int, three: int) -> None:
        await self._tried(await self._agent(one), "decline", conversation_id=self._conversation(two))

    async def do_reply(self, one: int, two: int, three: int) -> None:
        text = ("您好", "请稍等，我核实一下", "请在设置里打开导出权限")[three % 3]
        await self._tried(await self._agent(one), "send_message", conversation_id=self._conversation(two), text=text)

    async def do_hold(self, one: int, two: int, three: int) -> None:
        until = self.house.clock.now().timestamp() + 300
        text = _rfc3339(until)
        await self._tried(await self._agent(one), "hold", conversation_id=self._conversation(two), until=text)

    async def do_transfer(self, one: int, two: int, three: int) -> None:
        targets: tuple[Any, ...] = (
            {"agent_id": self.agents[three % len(self.agents)].id},
            {"group_id": self.group["id"]},
            {"group_id": self.other_group["id"]},
            "bot",
        )
        await self._tried(
            await self._agent(one), "transfer", conversation_id=self._conversation(two), to=targets[three % 4]
        )

    async def do_close_by_agent(self, one: int, two: int, three: int) -> None:
        conversation_id = self._conversation(two)
        if await self._tried(await self._agent(one), "close", conversation_id=conversation_id, resolved=three % 2 == 0):
            assert await self._state(conversation_id) == "closed"

    async def do_vanish(self, one: int, two: int, three: int) -> None:
        page = self.seats.pop(self.agents[one % len(self.agents)].id, None)
        if page is not None and page.connected:
            await page.close()

    async def do_come_back(self, one: int, two: int, three: int) -> None:
        await self._agent(one)

    # The supervisor

    async def do_take_over(self, one: int, two: int, three: int) -> None:
        conversation_id = self._conversation(two)
        if await self._tried(self.supervisor.client, "take_over", conversation_id=conversation_id):
            assert await self._owner(conversation_id) == self.supervisor.id

    async def do_push(self, one: int, two: int, three: int) -> None:
        await self._tried(self.supervisor.client, "push", conversation_id=self._conversation(two))

    async def do_reassign(self, one: int, two: int, three: int) -> None:
        to = {"agent_id": self.agents[three % len(self.agents)].id}
        await self._tried(self.supervisor.client, "transfer", conversation_id=self._conversation(two), to=to)

    async def do_end_by_supervisor(self, one: int, two: int, three: int) -> None:
        await self._tried(
            self.supervisor.client, "close", conversation_id=self._conversation(two), resolved=bool(three % 2)
        )

    # Time

    async def do_time(self, one: int, two: int, three: int) -> None:
        await self.house.pass_time(PASSING[one % len(PASSING)])

    # Laws

    async def _customer_ids(self) -> list[Any]:
        known = [each for customer in self.customers for each in customer.known]
        rows = await self.database.fetch(
            "select distinct customer_id from conversations where id = any($1::uuid[])", known
        )
        return [row["customer_id"] for row in rows]

    async def _state(self, conversation_id: str) -> Any:
        return await self.database.fetchval("select state from conversations where id = $1", conversation_id)

    async def _owner(self, conversation_id: str) -> str:
        return str(await self.database.fetchval("select owner from conversations where id = $1", conversation_id))

    async def look_at_laws(self, action: str) -> None:
        """No impossible state, no two open ones, no capacity exceeded, nothing lost, nothing going backwards."""
        rows = {row["id"]: row for row in await self.database.fetch(_ROWS, await self._customer_ids())}
        open_of: dict[Any, int] = {}
        loads: dict[Any, int] = {}
        for row in rows.values():
            if row["state"] != "closed":
                open_of[row["customer_id"]] = open_of.get(row["customer_id"], 0) + 1
            if row["state"] == "human":
                assert row["owner"] is not None
                loads[row["owner"]] = loads.get(row["owner"], 0) + 1
            if row["state"] == "waiting":
                assert row["owner"] is None
                assert row["group_id"] is not None
                assert row["rank_at"] is not None
                assert row["joined_at"] is not None
        assert max(open_of.values(), default=0) <= 1, "a customer has two open conversations"
        known = {each for customer in self.customers for each in customer.known}
        assert known <= {str(each) for each in rows}, "a conversation was lost"
        for conversation_id, before in self._before.items():
            after = rows[conversation_id]
            assert after["last_seq"] >= before["last_seq"]
            assert after["version"] >= before["version"]
            if before["state"] == "closed":
                assert (after["state"], after["version"], after["owner"]) == (
                    "closed",
                    before["version"],
                    before["owner"],
                )
            if (after["state"], after["owner"]) != (before["state"], before["owner"]):
                assert after["version"] > before["version"], action
        capacities = {
            row["id"]: row["capacity"]
            for row in await self.database.fetch(
                "select id, capacity from accounts where id = any($1::uuid[])", list(loads)
            )
        }
        for owner, load in loads.items():
            if load > self._loads.get(owner, 0):
                assert load <= capacities[owner], f"{action}: more than one can have"
        self._before, self._loads = rows, loads

    async def look_back(self) -> None:
        """What the logs tell in the end, and what customers were shown."""
        ids = list(self._before)
        state: dict[Any, str] = {}
        for row in await self.database.fetch(_STATES, ids):
            before = state.get(row["conversation_id"], "bot")
            assert row["state"] in ALLOWED[before], (before, row["state"])
            state[row["conversation_id"]] = row["state"]
        assert {each: state.get(each, "bot") for each in ids} == {
            each: row["state"] for each, row in self._before.items()
        }
        assert await self.database.fetch(_AFTER_THE_END, ids) == []
        for row in await self.database.fetch(
            "select conversation_id, count(*) as n, max(seq) as last from events"
            " where conversation_id = any($1::uuid[]) group by 1",
            ids,
        ):
            assert row["n"] == row["last"] == self._before[row["conversation_id"]]["last_seq"], "a gap in a log"
        for customer in self.customers:
            self._places_never_rise(customer.page)

    def _places_never_rise(self, page: ChatClient) -> None:
        shown: dict[str, int] = {}
        for event, payload in page.received:
            if event == "event" and payload.get("state") == "waiting":
                shown.pop(payload["conversation_id"], None)  # another wait
            if event == "queue" and payload.get("position") is not None:
                before = shown.get(payload["conversation_id"])
                assert before is None or payload["position"] <= before, "a place shown has risen"
                shown[payload["conversation_id"]] = payload["position"]

    async def everybody_is_served(self) -> None:
        """With enough colleagues nobody waits on: what waits gets an agent, whatever happened before."""
        for staff in self.agents:
            await self._tried(await self.page_of(staff), "set_presence", status="online", capacity=20)
        for _ in range(3):
            await self.house.pass_time(61)
        line = await self.database.fetch(
            "select id from conversations where state = 'waiting' and customer_id = any($1::uuid[]) and group_id = $2",
            await self._customer_ids(),
            self.group["id"],
        )
        for row in line:  # in the modes in which agents take them themselves
            for staff in self.agents:
                if await self._tried(self.seats[staff.id], "accept", conversation_id=str(row["id"])):
                    break
        await self.look_at_laws("served")
        waiting = [
            row
            for row in self._before.values()
            if row["state"] == "waiting" and str(row["group_id"]) == self.group["id"]
        ]
        assert waiting == [], "somebody is left over"

    async def end(self) -> None:
        """Nothing open is left behind for the next play."""
        for row in list(self._before.values()):
            if row["state"] == "human":
                await self._tried(self.supervisor.client, "close", conversation_id=str(row["id"]), resolved=True)
        for customer in self.customers:
            if customer.conversation_id:
                await self._tried(customer.page, "close", conversation_id=customer.conversation_id)
            await customer.page.close()


def _rfc3339(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


ACTIONS = sorted(name.removeprefix("do_") for name in dir(Stage) if name.startswith("do_"))
