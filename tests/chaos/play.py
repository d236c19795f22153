"""One chaos run: a crowd talks while acts are dealt one after another; in the end everything is judged."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.acceptance.caller import LastingClient
from tests.acceptance.harness import until_nothing_is_owed
from tests.acceptance.people import Staff, identity, people_of
from tests.chaos.colleagues import Colleague
from tests.chaos.customers import Customer, LeftAlone, Pulse, Waiter
from tests.chaos.evidence import Evidence, Heard, Outage, Sitting, Words
from tests.chaos.faults import Act
from tests.chaos.laws import Finding, judge
from tests.chaos.stage import Stage, stage

_FOLLOWED_SECONDS = 5.5  # every node knows by then which webhooks there are
_CAPACITY = 4
_TIERS = ("free", "standard", "enterprise", "strategic")


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is there and what befalls them."""

    acts: Sequence[Act]
    nodes: int = 2
    workers: int = 1
    redis: bool = False
    customers: int = 60
    agents: int = 8
    waiting: int = 10
    pace_seconds: float = 0.5
    #: Between two acts everybody has so long to recover; and in the end to finish what was begun.
    calm_seconds: float = 3.0
    settle_seconds: float = 90.0
    outbox_seconds: float = 10.0
    #: A new dispatcher has to be there by then; and everybody has to be told by then.
    lease_within: float = 10.0
    told_within: float | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Played:
    """How one act went: its length, the longest time without any acknowledgement around it, and the lease's way."""

    name: str
    seconds: float
    silence_seconds: float
    lease_seconds: float | None
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of a run."""

    acts: tuple[Played, ...]
    findings: tuple[Finding, ...]
    evidence: Evidence
    printed: Mapping[str, str]

    @property
    def violations(self) -> list[str]:
        complaints = [f"{act.name}: {act.complaint}" for act in self.acts if act.complaint]
        return complaints + [f"{found.law}: {each}" for found in self.findings for each in found.violations]


Told = Callable[[str, int, int], None]


async def play(plan: Plan, folder: Path, tell: Told = lambda *_: None) -> Outcome:
    """``tell(doing, done, total)`` hears how far it is."""
    settings = {**plan.settings, "SERVER__WORKERS": str(plan.workers)}
    async with stage(folder, plan.nodes, with_redis=plan.redis, settings=settings) as made:
        crowd = await _gather(made, plan)
        try:
            return await _play(made, plan, crowd, tell)
        finally:
            await crowd.leave()


@dataclass
class Crowd:
    """Everybody; `over` ends the customers' day, `closing` the agents'."""

    customers: list[Customer]
    colleagues: list[Colleague]
    waiters: list[Waiter]
    ranks: list[tuple[str, float]]
    pulse: Pulse
    over: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    complaints: list[str] = field(default_factory=list)

    async def leave(self) -> None:
        for group in (self.customers, self.colleagues, self.waiters):
            await asyncio.gather(*(each.leave() for each in group))

    async def guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Nobody's trouble ends the others' run; it is told in the end."""
        try:
            await work
        except (LeftAlone, TimeoutError, AssertionError) as error:
            self.complaints.append(f"{type(error).__name__}: {error}")


async def _gather(made: Stage, plan: Plan) -> Crowd:
    began = time.monotonic()
    pulse = Pulse()
    async with people_of(made.nodes[0].program) as people:
        wish = {"url": made.receiver.url, "events": ["conversation.closed"], "description": ""}
        await people.api("POST", "/webhooks", wish)
        given, picked, nobodys = [await people.group(mode) for mode in ("auto", "pick", "pick")]
        staff: list[Staff] = []
        for number in range(plan.agents):
            staff.append(await people.staff(picked if number % 2 else given, capacity=_CAPACITY))
    customers = [
        Customer(made.urls, n, [given["name"], picked["name"]], pulse, plan.pace_seconds) for n in range(plan.customers)
    ]
    colleagues = [Colleague(made.urls, n // 2, each, pulse, picks=n % 2 == 1) for n, each in enumerate(staff)]
    waiters = []
    for number in range(plan.waiting):
        auth = {"identity": identity(f"waits-{number}", tier=_TIERS[number % len(_TIERS)])}
        waiters.append(Waiter(made.urls, number, auth))
        await waiters[-1].join(nobodys["name"])
    rows = {row.id: row for row in await made.recorder.rows()}
    ranks = [(each.conversation_id, rows[each.conversation_id].rank_at or 0.0) for each in waiters]
    await asyncio.sleep(max(0.0, began + _FOLLOWED_SECONDS - time.monotonic()))
    return Crowd(customers, colleagues, waiters, ranks, pulse)


async def _play(made: Stage, plan: Plan, crowd: Crowd, tell: Told) -> Outcome:
    played: list[Played] = []
    outages: list[Outage] = []
    async with asyncio.TaskGroup() as group:
        for colleague in crowd.colleagues:
            group.create_task(crowd.guarded(colleague.work(crowd.closing)))
        for waiter in crowd.waiters:
            group.create_task(crowd.guarded(waiter.stay(crowd.closing)))
        talking = [group.create_task(crowd.guarded(customer.live(crowd.over))) for customer in crowd.customers]
        try:
            for number, act in enumerate(plan.acts):
                tell("breaking things", number, len(plan.acts))
                await asyncio.sleep(plan.calm_seconds * (0.7 + 0.6 * random.random()))
                began_at = time.time()
                node = await act.deal(made)
                ended_at = time.time()
                if node is not None:
                    outages.append(Outage(node, began_at, ended_at))
                played.append(await _seen(act, made, plan, crowd, began_at, ended_at))
            tell("breaking things", len(plan.acts), len(plan.acts))
            await asyncio.sleep(plan.calm_seconds)
            crowd.over.set()
            _, left = await asyncio.wait(talking, timeout=plan.settle_seconds)
            for task, customer in zip(talking, crowd.customers, strict=True):
                if task in left:
                    crowd.complaints.append(f"{customer.name} could not finish: {customer.doing}")
                    task.cancel()
            await _until_nothing_is_owed(made, crowd)
        finally:
            crowd.over.set()
            crowd.closing.set()
    await _until_sent(made, plan.outbox_seconds)
    evidence = await _evidence(made, plan, crowd, outages)
    printed = {node.name: node.program.printed for node in made.nodes}
    return Outcome(tuple(played), tuple(judge(evidence)), evidence, printed)


async def _seen(act: Act, made: Stage, plan: Plan, crowd: Crowd, began_at: float, ended_at: float) -> Played:
    """Waits, briefly, until somebody is answered again and, where the dispatcher was struck, another one is there."""
    lease_seconds = None
    complaint = ""
    if act.strikes_dispatcher and len(made.nodes) > 1:
        lease_seconds = await _moved(made, began_at)
        while lease_seconds is None and time.time() < began_at + plan.lease_within:
            await asyncio.sleep(0.2)
            lease_seconds = await _moved(made, began_at)
        if lease_seconds is None or lease_seconds > plan.lease_within:
            complaint = f"no other dispatcher within {plan.lease_within:g} s ({lease_seconds})"
    silence = crowd.pulse.longest_silence(began_at, max(ended_at, time.time()))
    return Played(act.name, ended_at - began_at, silence, lease_seconds, complaint)


async def _moved(made: Stage, began_at: float) -> float | None:
    later = [grant.at for grant in await made.recorder.grants() if grant.at >= began_at]
    return later[0] - began_at if later else None


async def _until_nothing_is_owed(made: Stage, crowd: Crowd) -> None:
    try:
        await until_nothing_is_owed(made.replica.either, 30)
    except TimeoutError:
        crowd.complaints.append("the bot still owes answers")


async def _until_sent(made: Stage, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not all(  # noqa: ASYNC110 (another process sends)
        notice.sent for notice in await made.recorder.notices()
    ):
        await asyncio.sleep(0.3)


async def _evidence(made: Stage, plan: Plan, crowd: Crowd, outages: Sequence[Outage]) -> Evidence:
    ended_at = time.time()
    lines = {}
    for node in made.nodes:
        async with people_of(node.program) as people:
            supervisor = await people.agent(role="supervisor", online=False)
            told = await supervisor.client.ask("waiting_line")
            waiting = {conversation_id for conversation_id, _ in crowd.ranks}
            ids = [item["conversation_id"] for item in told["items"]]
            lines[node.name] = [each for each in ids if each in waiting]
    refusals = [*crowd.complaints]
    for refused in ([each.refusals for each in crowd.customers], [each.refusals for each in crowd.colleagues]):
        refusals += itertools.chain.from_iterable(refused)
    rows = await made.recorder.rows()
    return Evidence(
        entries=await made.recorder.entries(),
        rows=rows,
        moves=await made.recorder.moves(),
        grants=await made.recorder.grants(),
        words=list(_words(crowd)),
        taken=[taken for colleague in crowd.colleagues for taken in colleague.taken],
        sittings=_sittings(made, crowd, {row.id: row.customer_id for row in rows}),
        notices=await made.recorder.notices(),
        parcels=list(made.receiver.parcels),
        outages=outages,
        capacities={colleague.staff.id: _CAPACITY for colleague in crowd.colleagues},
        waiting=crowd.ranks,
        lines=lines,
        refusals=refusals,
        told_within=plan.told_within,
        ended_at=ended_at,
    )


def _words(crowd: Crowd) -> list[Words]:
    speakers = [(each.name, each.said) for each in crowd.customers]
    speakers += [(f"agent {each.staff.id}", each.said) for each in crowd.colleagues]
    return [
        Words(speaker, said.client_id, said.text, tuple(said.acknowledgements))
        for speaker, said_by in speakers
        for said in said_by
    ]


def _sittings(made: Stage, crowd: Crowd, customer_of: Mapping[str, str]) -> list[Sitting]:
    nodes = {node.program.url: node.name for node in made.nodes}
    clock = time.time() - time.monotonic()
    found = []

    def sit(kind: str, person_id: str, page: LastingClient) -> None:
        heard = [
            Heard(at + clock, event, payload) for at, (event, payload) in zip(page.times, page.received, strict=True)
        ]
        lost_at = None if page.lost_at is None else page.lost_at + clock
        found.append(
            Sitting(kind, person_id, nodes[page.url], page.opened_at + clock, lost_at, heard, page.acknowledged)
        )

    for customer in crowd.customers:
        for page in customer.all_pages:
            sit("customer", customer_of.get(customer.conversation_id, ""), page)
    for waiter in crowd.waiters:
        for page in waiter.pages:
            sit("customer", customer_of.get(waiter.conversation_id, ""), page)
    for colleague in crowd.colleagues:
        for desk in colleague.desks:
            sit("agent", colleague.staff.id, desk)
    return found
