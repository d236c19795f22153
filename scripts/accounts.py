"""`python -m scripts.accounts`: accounts from the command line; it takes a password from no argument."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import TextIOWrapper

import asyncpg

from database.clock import SystemClock
from database.errors import DatabaseError
from database.opening import open_database
from database.pool import Database
from router.agents.accounts import Accounts
from router.agents.first_start import ensure_default_group
from router.agents.groups import Groups
from router.agents.records import ROLES, Account, AccountChange, NewAccount
from router.agents.store import AgentStore
from router.errors import Invalid, NotFound, YingdaError
from router.security.audit import COMMAND_LINE, Audit
from router.security.passwords import Passwords, check_password
from router.settings import Settings, SettingsError, load_settings

PASSWORD_VARIABLE = "YINGDA_PASSWORD"
_PAGE = 200


class NoPassword(Invalid):
    """No password: write it as one line on standard input, or set YINGDA_PASSWORD."""


@dataclass(frozen=True)
class Desk:
    """What the commands need of a desk."""

    database: Database
    store: AgentStore
    accounts: Accounts
    groups: Groups
    default_group: str


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.accounts",
        description="Create, disable and list the accounts of the people who work at the desk.",
        epilog=f"A password comes from standard input (one line) or {PASSWORD_VARIABLE}, never from an argument.",
        allow_abbrev=False,
    )
    parser.add_argument("--config", metavar="FILE", help="settings file (default: config.yaml)")
    parser.add_argument("--set", metavar="SECTION.KEY=VALUE", action="append", default=[], help="one setting")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    create = commands.add_parser("create", help="create an account", allow_abbrev=False)
    create.add_argument("username")
    create.add_argument(
        "--role", action="append", required=True, choices=sorted(ROLES), help="may be given several times"
    )
    create.add_argument("--name", help="the person's name, for colleagues (default: the user name)")
    create.add_argument("--public-name", help="the name customers see (花名; default: the name)")
    create.add_argument("--staff-number", help="the number customers see (工号)")
    create.add_argument("--capacity", type=int, help="conversations at once")
    create.add_argument(
        "--group",
        action="append",
        help="a skill group, made where there is none of that name; may be given several times "
        "(default: the default group, for agents and supervisors)",
    )
    for name, help_text in (
        ("disable", "disable an account and end its sessions"),
        ("enable", "let a disabled account sign in again"),
        ("passwd", "set a new password and end all sessions"),
    ):
        commands.add_parser(name, help=help_text, allow_abbrev=False).add_argument("username")
    commands.add_parser("list", help="list all accounts", allow_abbrev=False)
    return parser


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """The exit status: 0, or 1 after one line that says what failed; wrong usage ends with 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Chinese shows question marks
    options = arguments().parse_args(argv)
    try:
        settings = load_settings(_settings_arguments(options), environ)
        password = read_password(environ) if options.command in ("create", "passwd") else ""
        asyncio.run(run(options, settings, password))
    except SettingsError as fault:
        print(fault, file=sys.stderr)
        return 1
    except (YingdaError, DatabaseError, asyncpg.PostgresError, OSError) as fault:
        print(f"accounts: {_one_line(fault)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def run(options: argparse.Namespace, settings: Settings, password: str) -> None:
    async with opened(settings) as desk:
        if options.command == "create":
            await create(desk, options, password)
        elif options.command == "passwd":
            await set_password(desk, options.username, password)
        elif options.command == "list":
            await list_accounts(desk)
        else:
            await set_disabled(desk, options.username, options.command == "disable")


async def create(desk: Desk, options: argparse.Namespace, password: str) -> None:
    async with desk.database.transaction() as connection:
        await ensure_default_group(connection, desk.store, desk.groups, desk.default_group)
        group_ids = None
        if options.group is not None:
            group_ids = []
            for name in options.group:
                group_id = await desk.groups.named(connection, name)
                if group_id is None:
                    group_id = (await desk.groups.create(connection, name, COMMAND_LINE)).id
                    print(f"created the group {name}")
                group_ids.append(group_id)
        new = NewAccount(
            username=options.username,
            password=password,
            roles=frozenset(options.role),
            name=options.name,
            public_name=options.public_name,
            staff_number=options.staff_number,
            capacity=options.capacity,
            group_ids=None if group_ids is None else tuple(group_ids),
        )
        account = await desk.accounts.create(connection, new, COMMAND_LINE)
    print(f"created the account {account.username} ({', '.join(sorted(account.roles))})")


async def set_password(desk: Desk, username: str, password: str) -> None:
    account = await existing(desk, username)
    async with desk.database.transaction() as connection:
        await desk.accounts.set_password(connection, account.id, password, COMMAND_LINE)
    print(f"set the password of {account.username}; all its sessions ended")


async def set_disabled(desk: Desk, username: str, disabled: bool) -> None:
    account = await existing(desk, username)
    async with desk.database.transaction() as connection:
        await desk.accounts.change(connection, account.id, AccountChange(disabled=disabled), COMMAND_LINE)
    print(f"disabled {account.username}; all its sessions ended" if disabled else f"enabled {account.username}")


async def list_accounts(desk: Desk) -> None:
    names = {group.id: group.name for group in await desk.groups.all()}
    lines = [("USER NAME", "NAME", "ROLES", "GROUPS", "STATE")]
    page = await desk.accounts.page(None, _PAGE, with_disabled=True)
    while page:
        for account, _ in page:
            groups = ", ".join(names.get(group_id, "?") for group_id in account.group_ids)
            state = "active" if account.disabled_at is None else f"disabled {account.disabled_at:%Y-%m-%d}"
            lines.append((account.username, account.name, ", ".join(sorted(account.roles)), groups or "-", state))
        page = await desk.accounts.page(page[-1][0].id, _PAGE, with_disabled=True)
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


async def existing(desk: Desk, username: str) -> Account:
    account = await desk.accounts.find(username)
    if account is None:
        raise NotFound(f"there is no account {username}")
    return account


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Desk]:
    """The desk's accounts: in the running server's database, or in one started for the moment."""
    clock = SystemClock()
    database, embedded = await open_database(settings.database, settings.data_dir, on_status=_say, clock=clock)
    security = settings.security
    passwords = Passwords(time_cost=security.password_rounds, memory_kib=security.password_memory_mib * 1024)
    try:
        audit, store = Audit(clock), AgentStore()
        capacity = settings.routing.default_capacity
        accounts = Accounts(database, store, passwords, audit, clock, default_capacity=capacity)
        groups = Groups(database, store, audit, clock)
        yield Desk(database, store, accounts, groups, settings.routing.default_group)
    finally:
        passwords.close()
        await database.close()
        if embedded is not None:
            await embedded.stop()


def read_password(environ: Mapping[str, str]) -> str:
    """From the environment, else one line of standard input, asked twice at a terminal; raises :class:`NoPassword`."""
    password = environ.get(PASSWORD_VARIABLE, "")
    if not password and sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Again: "):
            raise Invalid("the two passwords differ")
    elif not password:
        try:
            password = sys.stdin.buffer.readline().decode().rstrip("\r\n")
        except UnicodeDecodeError as fault:
            raise Invalid("the password is not UTF-8") from fault
    if not password:
        raise NoPassword()
    check_password(password)
    return password


def _settings_arguments(options: argparse.Namespace) -> list[str]:
    config = [] if options.config is None else ["--config", options.config]
    return config + [part for setting in options.set for part in ("--set", setting)]


def _one_line(fault: Exception) -> str:
    return " ".join(str(fault).split()) or type(fault).__name__


def _say(status: str) -> None:
    print(status, file=sys.stderr)


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
