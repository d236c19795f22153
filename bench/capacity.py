"""How much machine a desk needs: measured costs times expected demand; it measures nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from bench.table import markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one thing costs; defaults are our own figures on one core of a virtual machine (docs/scaling.md)."""

    #: Durable turns with questions never asked before, for each second of a processor, its database included and the
    #: knowledge base's own layers taken in.
    new_turns: float = 170.0
    #: The same with questions that were asked before; a message between people costs about as much.
    known_turns: float = 4_000.0
    #: KiB of the server for a page that is open and silent.
    page_kib: float = 8.0
    #: MiB of the first worker, with a knowledge base of a few hundred articles, and of each further one.
    worker_mib: float = 350.0
    further_worker_mib: float = 150.0
    #: Bytes of the database for each event of the log, its indexes and its words for search included.
    event_bytes: float = 1_100.0
    #: Bytes of the same event in the archive.
    archived_bytes: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a day brings."""

    conversations: int = 10_000
    #: Of a day's conversations, how many fall into its busiest hour.
    peak_share: float = 0.15
    #: Questions to the bot in one conversation, and how many of them nobody has asked before.
    questions: float = 2.5
    new_share: float = 0.8
    #: Conversations that a human joins, and what is said there by both sides.
    human_share: float = 0.3
    human_messages: float = 12.0
    #: How long a page stays open.
    open_minutes: float = 20.0
    #: How long a human is busy with one conversation, and how many they have at once.
    human_minutes: float = 12.0
    at_once: float = 4.0
    #: State changes, ratings and the like beside what is said.
    other_events: float = 4.0
    #: How full a processor may be in the busiest minutes of the busiest hour, which bring twice the hour's average.
    busy_at_most: float = 0.7
    burst: float = 2.0


@dataclass(frozen=True, slots=True)
class Need:
    """What that takes."""

    demand: Demand
    turns_per_second: float
    cores: int
    workers: int
    pages: int
    memory_mib: float
    commits_per_second: float
    agents: int
    events_per_day: float
    hot_gib_per_month: float
    archive_gib_per_year: float


def need_of(demand: Demand, costs: Costs) -> Need:
    """The machine for the busiest minutes of a day, in whole cores; a worker uses one."""
    per_second = demand.conversations * demand.peak_share / 3600
    burst = per_second * demand.burst
    turns = burst * demand.questions
    said = burst * demand.human_share * demand.human_messages
    processors = turns * (demand.new_share / costs.new_turns + (1 - demand.new_share) / costs.known_turns)
    processors += (said + burst * demand.other_events) / costs.known_turns
    workers = max(1, ceil(processors / demand.busy_at_most))
    pages = ceil(burst * demand.open_minutes * 60)
    in_hand = per_second * demand.human_share * demand.human_minutes * 60
    events = demand.conversations * (
        2 * demand.questions + demand.human_share * demand.human_messages + demand.other_events
    )
    return Need(
        demand,
        turns,
        workers,
        workers,
        pages,
        costs.worker_mib + (workers - 1) * costs.further_worker_mib + pages * costs.page_kib / 1024,
        turns * 2 + said + burst * demand.other_events,
        max(1, ceil(in_hand / demand.at_once)),
        events,
        events * 30 * costs.event_bytes / 2**30,
        events * 365 * costs.archived_bytes / 2**30,
    )


def capacity_table(needs: list[Need]) -> str:
    """Markdown, one line for each day."""
    head = (
        "conversations a day",
        "bot turns/s, busiest minutes",
        "pages open",
        "cores (one worker each)",
        "memory of the workers",
        "commits/s",
        "events a day",
        "database, a month online",
        "archive, a year",
        "humans at work",
    )
    rows = [
        (
            f"{need.demand.conversations:,}",
            f"{need.turns_per_second:,.1f}",
            f"{need.pages:,}",
            f"{need.cores}",
            f"{need.memory_mib / 1024:,.1f} GiB",
            f"{need.commits_per_second:,.0f}",
            f"{need.events_per_day:,.0f}",
            f"{need.hot_gib_per_month:,.1f} GiB",
            f"{need.archive_gib_per_year:,.1f} GiB",
            f"{need.agents:,}",
        )
        for need in needs
    ]
    return markdown(head, rows)
