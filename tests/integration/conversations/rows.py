"""Rows that tests of conversations begin with."""

from __future__ import annotations

from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database


async def a_conversation(database: Database, clock: Clock) -> UUID:
    """A customer's new conversation with the bot."""
    customer, conversation = uuid7(), uuid7()
    await database.execute(
        "insert into customers (id, tier, created_at, seen_at) values ($1, 'free', $2, $2)", customer, clock.now()
    )
    await database.execute(
        "insert into conversations (id, customer_id, site, channel, state, started_at, last_at)"
        " values ($1, $2, 'main', 'web', 'bot', $3, $3)",
        conversation, customer, clock.now(),
    )  # fmt: skip
    return conversation


async def an_agent(database: Database, clock: Clock, capacity: int) -> UUID:
    agent = uuid7()
    await database.execute(
        "insert into accounts (id, username, password_hash, name, public_name, roles, capacity, created_at)"
        " values ($1, $2, '', 'a', 'a', '{agent}', $3, $4)",
        agent, str(agent), capacity, clock.now(),
    )  # fmt: skip
    return agent


async def a_group(database: Database, clock: Clock) -> UUID:
    group = uuid7()
    await database.execute(
        "insert into groups (id, name, created_at) values ($1, $2, $3)", group, str(group), clock.now()
    )
    return group
