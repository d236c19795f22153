"""At a million messages nothing walks through a large table, and what people wait for touches few rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from database.queries import load_queries
from router.search.looking import month_of
from tests.growth.conftest import MESSAGES, NOW, Known
from tests.growth.plans import Connection, Touched, blind_plan, large_tables, touched, walks
from tests.integration.test_statements import FILES, ROOT

pytestmark = pytest.mark.slow

#: A table is large from so many rows on.
_LARGE = 20_000
#: Statements that read all there is of something, and who waits for them.
_READS_ALL = {
    "analytics/dashboard": "a report over a period, at most a year",
    "analytics/list_clocks": "a list behind a figure of that report",
    "analytics/list_surveys": "a list behind a figure of that report",
    "learning/evidence": "python -m scripts.train",
    "keeping/gaps_in_logs": "python -m scripts.restore --verify",
    "keeping/gaps_in_notes": "python -m scripts.restore --verify",
    "keeping/strays_in_logs": "python -m scripts.restore --verify",
    "keeping/answers_before_questions": "python -m scripts.restore --verify",
    "replaying/asked_since": "a replay of what was asked, in a process of its own",
}
_LAST = UUID("ffffffff-ffff-ffff-ffff-ffffffffffff")


async def test_there_are_so_many_messages_over_a_year_in_parts(connection: Connection) -> None:
    assert await connection.fetchval("select count(*) from events where kind = 'message'") >= MESSAGES
    assert await connection.fetchval("select count(*) from events_rest") == 0
    assert await connection.fetchval("select count(*) from searchable_conversations") > MESSAGES / 15
    assert len(await large_tables(connection, _LARGE)) > 15


async def test_no_statement_of_the_program_walks_through_a_large_table(connection: Connection) -> None:
    large = await large_tables(connection, _LARGE)
    walking = {}
    for file in FILES:
        for name, statement in load_queries(file).items():
            if not statement.lower().startswith(("select", "with", "insert", "update", "delete")):
                continue
            try:
                async with connection.transaction():
                    walked = sorted(set(walks(await blind_plan(connection, statement), large)))
            except asyncpg.IndeterminateDatatypeError:  # prepares only beside its arguments
                continue
            if walked and f"{file.parent.name}/{name}" not in _READS_ALL:
                walking[str(file.parent.relative_to(ROOT) / name)] = walked
    assert not walking


def _scope(known: Known, group: str, agent: str) -> list[str]:
    return [f"group:{known[group].hex}", f"owner:{known[agent].hex}"]


def _months(known: Known) -> list[str]:
    return [f"{each}@{month_of(NOW)}" for each in _scope(known, "small_group", "idle_agent")]


Arguments = Callable[[Known], list[Any]]

#: What people wait for: statement, arguments, the most rows it may look at.
_WAITED_FOR: list[tuple[str, Arguments, int]] = [
    # opening a conversation
    ("conversations/conversation", lambda k: [k["old"]], 1),
    ("conversations/events_after", lambda k: [k["old"], 0, 200], 200),
    ("conversations/notes_after", lambda k: [k["old"], 0, 200], 200),
    ("conversations/threads_of", lambda k: [k["customer"], None, 30], 400),
    ("conversations/newest_events", lambda k: [[k["old"], k["open"]], 20], 40),
    # the inbox
    ("conversations/list_conversations", lambda k: [None, None, None, None, k["busy_agent"], None, 51], 60),
    ("conversations/list_of_groups",
     lambda k: [None, None, None, [k["busy_group"]], k["busy_agent"], None, 51], 800),
    ("conversations/list_of_groups",
     lambda k: ["closed", None, None, [k["small_group"]], k["idle_agent"], None, 51], 1_000),
    ("conversations/list_of_owner", lambda k: [None, None, k["idle_agent"], None, k["idle_agent"], None, 51], 150),
    ("conversations/list_open", lambda k: ["waiting", None, None, None, k["busy_agent"], None, 51], 400),
    ("conversations/list_of_customer", lambda k: [None, k["customer"], None, None, k["busy_agent"], None, 51], 400),
    ("conversations/conversations_of_owner", lambda k: [k["busy_agent"]], 60),
    # similar cases
    ("help/cases_read", lambda k: [[k["old"], k["open"]], "made up", [k["busy_group"]], k["busy_agent"]], 20),
    ("help/newest_case", lambda k: ["made up"], 1),
    # searching: a common pair for everybody and for a narrow view, a rare one
    ("search/read_through", lambda k: ["'任务'", None, None, None, 800, 40], 900),
    ("search/find_conversations", lambda k: ["'任务'", _months(k), NOW, _LAST, 40], 200),
    ("search/find_conversations", lambda k: ["'器怎'", [f"all@{month_of(NOW)}"], NOW, _LAST, 40], 2_000),
    ("search/texts_of_conversations", lambda k: [[k["old"], k["open"]]], 100),
    # a turn
    ("conversations/lock_conversations", lambda k: [[k["open"]], [k["customer"]], [k["old"]]], 3),
    ("conversations/earlier_sends", lambda k: [[k["customer"]], [k["old"]]], 2),
    ("conversations/customer_messages_after", lambda k: [k["open"], 0], 200),
    ("conversations/context_before", lambda k: [k["open"], 20], 200),
    ("conversations/turned_down", lambda k: [k["open"], 0], 200),
    ("conversations/open_conversation_of", lambda k: [k["customer"], "main", "web"], 2),
    # what runs every few seconds
    ("conversations/owed", lambda k: [NOW, 100], 200),
    ("search/behind", lambda k: [100, k["open"]], 5_000),
    ("clocks/due_customers", lambda k: [NOW, 200], 400),
    ("learning/harvested_until", lambda k: [], 100),
    ("help/newly_solved", lambda k: [NOW - timedelta(minutes=5), k["old"], "made up", 100], 200),
]  # fmt: skip


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_what_people_wait_for_touches_few_rows(connection: Connection, known: Known, mode: str) -> None:
    large = await large_tables(connection, _LARGE)
    files = {path.parent.name: load_queries(path) for path in FILES}
    beyond: dict[str, Touched] = {}
    for name, arguments, most in _WAITED_FOR:
        folder, statement = name.split("/")
        found = await touched(connection, files[folder][statement], arguments(known), mode, large)
        # Every row looked at is a block at most, and finding it goes down an index of each part of the log.
        if found.walked or found.rows > most or found.blocks > 4 * most + 120:
            beyond[name] = found
    assert not beyond


async def test_a_walk_would_be_found(connection: Connection, known: Known) -> None:
    large = await large_tables(connection, _LARGE)
    everything = "select count(*) from conversations where last_text like '%' || $1::text || '%'"
    found = await touched(connection, everything, ["导出"], "force_generic_plan", large)
    assert found.walked == ("conversations",)
    assert found.rows > MESSAGES / 15
    assert list(walks(await blind_plan(connection, everything), large)) == ["conversations"]


async def test_the_log_of_one_conversation_is_read_from_one_part(connection: Connection, known: Known) -> None:
    statement = load_queries(Path(ROOT / "router/conversations"))["events_after"]
    for mode in ("force_custom_plan", "force_generic_plan"):
        found = await touched(connection, statement, [known["old"], 0, 200], mode, frozenset())
        assert found.blocks < 30, mode
