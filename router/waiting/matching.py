"""Which group takes a conversation, and which of its agents, pure; it knows no database and no socket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

#: The agent of last time is preferred while the customer has waited no longer than this.
LAST_AGENT_WITHIN = timedelta(minutes=2)
#: With such a rating, or a worse one, nobody is sent back to the same agent.
BAD_RATING = 2

# Which group -----------------------------------------------------------------------------------------------------

Why = Literal["rule", "chosen_topic", "read_topic", "fit", "default"]


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """What a group takes. An empty set excludes nothing; topics are like “账单/退款” or, for all below it, “账单”."""

    id: UUID
    name: str
    is_default: bool = False
    topics: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of who wants a human. ``rule`` names a group; ``language`` is like zh-CN, en, ja."""

    rule: str | None = None
    chosen_topic: str | None = None
    read_topic: str | None = None
    language: str | None = None
    product: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A group, and what spoke for it."""

    group: SkillGroup
    why: Why


def group_for(asked: Asked, groups: Sequence[SkillGroup]) -> Chosen | None:
    """Rule, then the topic chosen, then the topic read, then language, site and product, then the default group.

    By its topics a group is chosen only where it excludes neither language nor site nor product. None: no group at all.
    """
    for group in groups:
        if asked.rule is not None and group.name == asked.rule:
            return Chosen(group, "rule")
    fitting = [group for group in groups if _fit(group, asked) is not None]
    by_topic: tuple[tuple[str | None, Why], ...] = (
        (asked.chosen_topic, "chosen_topic"),
        (asked.read_topic, "read_topic"),
    )
    for topic, why in by_topic:
        found = [(group, depth) for group in fitting if (depth := _topic_depth(group, topic)) > 0]
        if found:
            best = min(found, key=lambda pair: (-pair[1], -(_fit(pair[0], asked) or 0), pair[0].id))
            return Chosen(best[0], why)
    suited = [group for group in fitting if not group.topics and _fit(group, asked)]
    if suited:
        return Chosen(min(suited, key=lambda group: (-(_fit(group, asked) or 0), group.id)), "fit")
    default = next((group for group in groups if group.is_default), None)
    return None if default is None else Chosen(default, "default")


def _topic_depth(group: SkillGroup, topic: str | None) -> int:
    """How exactly a group takes a topic: 3 both levels, 2 the first level or its own name, 0 not at all."""
    if not topic:
        return 0
    first = topic.partition("/")[0]
    if topic in group.topics:
        return 3
    return 2 if first in group.topics or topic == group.name else 0


def _fit(group: SkillGroup, asked: Asked) -> int | None:
    """How many of language, product and site the group was made for; None where it excludes one of them."""
    fit = 0
    for known, wanted in (
        (group.languages, asked.language),
        (group.products, asked.product),
        (group.sites, asked.site),
    ):
        if not known:
            continue
        if wanted is None or (wanted not in known and wanted.partition("-")[0] not in known):
            return None
        fit += 1
    return fit


# Which agent -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Free:
    """An agent who is there and takes conversations. ``is_member``: of the group in whose line the customer stands."""

    id: UUID
    load: int
    capacity: int
    last_assigned_at: datetime | None = None
    is_member: bool = True

    @property
    def has_room(self) -> bool:
        return self.load < self.capacity


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a waiting customer should get.

    ``meant_for`` was named by a colleague who passed it on; ``manager`` is named for the customer's company;
    ``last_csat`` is how this customer rated ``last_agent`` the last time, 1–5; ``declined`` get it in no case.
    """

    joined_at: datetime
    meant_for: UUID | None = None
    manager: UUID | None = None
    last_agent: UUID | None = None
    last_csat: int | None = None
    declined: frozenset[UUID] = frozenset()

    def names(self) -> frozenset[UUID]:
        """Everybody named here, who may stand outside the group."""
        return frozenset(who for who in (self.meant_for, self.manager, self.last_agent) if who is not None)


def who_gets_it(
    wanted: Wanted, agents: Iterable[Free], now: datetime, last_agent_within: timedelta = LAST_AGENT_WITHIN
) -> Free | None:
    """Whom a colleague named, then the named manager, then the agent of last time, then the member with the least load.

    The last agent only within ``last_agent_within`` of joining, and not after a rating of 1 or 2. Load counts in
    proportion to capacity; among equals it is whoever got nothing for the longest time. None: nobody can take it.
    """
    free = {agent.id: agent for agent in agents if agent.has_room and agent.id not in wanted.declined}
    for named in (wanted.meant_for, wanted.manager, _last_agent(wanted, now, last_agent_within)):
        if named is not None and named in free:
            return free[named]
    return min((agent for agent in free.values() if agent.is_member), key=_least_load, default=None)


def _last_agent(wanted: Wanted, now: datetime, within: timedelta) -> UUID | None:
    if wanted.last_csat is not None and wanted.last_csat <= BAD_RATING:
        return None
    return wanted.last_agent if now - wanted.joined_at <= within else None


def _least_load(agent: Free) -> tuple[float, bool, float, UUID]:
    last = agent.last_assigned_at
    return agent.load / agent.capacity, last is not None, 0.0 if last is None else last.timestamp(), agent.id
