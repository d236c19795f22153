"""The first start: a default group and the account ``admin``, made once; it changes no existing one."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from database.pool import Database
from router.agents.accounts import Accounts
from router.agents.groups import Groups
from router.agents.records import NewAccount
from router.agents.store import AgentStore
from router.security.audit import SYSTEM
from router.security.passwords import MIN_CHARS
from router.security.secrets import write_once

if TYPE_CHECKING:
    from database.pool import PooledConnection

log = logging.getLogger(__name__)

FIRST_ADMIN = "admin"


@dataclass(frozen=True)
class FirstStart:
    """What was made: ``generated_password`` is shown once, and is ``None`` where the operator chose it."""

    created: bool
    generated_password: str | None = field(default=None, repr=False)


async def ensure_first_start(
    database: Database,
    store: AgentStore,
    accounts: Accounts,
    groups: Groups,
    *,
    group_name: str,
    routed_groups: Collection[str] = (),
    given_password: str | None,
    password_file: Path,
) -> FirstStart:
    """Make what a new database lacks, in one transaction; servers that start together wait for each other.

    ``routed_groups`` are those that settings send topics to: they exist from then on, without members.
    A random password is written to ``password_file`` (mode 0600) before the account exists, so that it is never lost.
    """
    async with database.transaction() as connection:
        await ensure_default_group(connection, store, groups, group_name)
        for name in routed_groups:
            if await groups.named(connection, name) is None:
                await groups.create(connection, name, SYSTEM)
                log.warning("group %s, which bot.always_human names, was made; nobody is in it yet", name)
        if await connection.fetchval(store.sql["any_admin"]):
            return FirstStart(created=False)
        password = given_password or secrets.token_urlsafe(12)
        if not given_password:
            _keep(password_file, password)
        elif len(given_password) < MIN_CHARS:
            log.warning("the password given for the first administrator is short; change it")
        admin = NewAccount(
            username=FIRST_ADMIN,
            password=password,
            roles=frozenset({"admin", "supervisor", "agent", "editor"}),
            name="管理员",
        )
        await accounts.create(connection, admin, SYSTEM, any_password=True)
    return FirstStart(created=True, generated_password=None if given_password else password)


async def ensure_default_group(
    connection: PooledConnection, store: AgentStore, groups: Groups, group_name: str
) -> None:
    """Agents made before the first start need a group too; holds the lock on the administration until the commit."""
    await connection.execute(store.sql["lock_administration"])
    if await connection.fetchval(store.sql["default_group"]) is not None:
        return
    group_id = await groups.named(connection, group_name)
    if group_id is None:
        await groups.create(connection, group_name, SYSTEM, is_default=True)
    else:
        await connection.execute(store.sql["make_default_group"], group_id)


def _keep(path: Path, password: str) -> None:
    """Replace what an earlier database of this data folder left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    write_once(draft, password + "\n")
    os.replace(draft, path)
