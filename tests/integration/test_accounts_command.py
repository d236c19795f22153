"""`python -m scripts.accounts` keeps its contract, explains a failure in one line, and never shows a traceback."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from database.clock import ManualClock, SystemClock
from database.pool import Database
from router.errors import Unauthorized
from scripts.accounts import main
from tests.integration.desk import make_desk

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Command:
    """The command as an operator runs it, against this test's database."""

    dsn: str
    data_dir: Path

    async def __call__(self, *arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("YINGDA_")}
        given = {"YINGDA_DATABASE__URL": self.dsn, "YINGDA_DATA_DIR": str(self.data_dir), **environment}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "scripts.accounts",
            *arguments,
            cwd=ROOT,
            env={**kept, **given},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(stdin)
        ran = Ran(process.returncode or 0, out.decode(), err.decode())
        assert "Traceback" not in ran.out + ran.err, ran
        return ran


@pytest.fixture
def command(dsn: str, data_dir: Path) -> Command:
    return Command(dsn, data_dir)


def explained(ran: Ran) -> bool:
    return ran.code == 1 and ran.err.count("\n") == 1 and len(ran.err) > 15


async def signs_in(database: Database, username: str, password: str) -> bool:
    desk = make_desk(database, ManualClock(SystemClock().now()))
    try:
        await desk.sessions.sign_in(username, password, "10.0.0.1")
    except Unauthorized:
        return False
    return True


@pytest.mark.slow
async def test_an_account_lives_from_its_creation_to_its_end(command: Command, database: Database) -> None:
    made = await command(
        "create", "XiaoLin", "--role", "agent", "--role", "editor", "--name", "林小林", stdin=b"correct horse\n"
    )
    assert (made.code, made.out, made.err) == (0, "created the account xiaolin (agent, editor)\n", "")
    assert await signs_in(database, "xiaolin", "correct horse")

    listed = await command("list")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()[1:]] == ["xiaolin"]
    assert all(word in listed.out for word in ("林小林", "agent, editor", "使用支持", "active"))

    changed = await command("passwd", "xiaolin", YINGDA_PASSWORD="另一个密码 1234")
    assert changed.code == 0
    assert not await signs_in(database, "xiaolin", "correct horse")
    assert await signs_in(database, "xiaolin", "另一个密码 1234")

    assert (await command("disable", "xiaolin")).code == 0
    assert not await signs_in(database, "xiaolin", "另一个密码 1234")
    assert "disabled" in (await command("list")).out
    assert (await command("enable", "xiaolin")).code == 0
    assert await signs_in(database, "xiaolin", "另一个密码 1234")


@pytest.mark.slow
async def test_a_password_stands_on_one_line_whatever_ends_it(command: Command, database: Database) -> None:
    for username, stdin in (
        ("one", b"correct horse"),
        ("two", b"correct horse\r\n"),
        ("three", b"correct horse\nmore\n"),
    ):
        assert (await command("create", username, "--role", "agent", stdin=stdin)).code == 0
        assert await signs_in(database, username, "correct horse")


@pytest.mark.slow
async def test_a_group_that_is_not_there_is_made_and_said(command: Command, database: Database) -> None:
    made = await command(
        "create", "a", "--role", "agent", "--group", "故障", "--group", "账单", stdin=b"correct horse\n"
    )
    assert made.code == 0
    assert "created the group 故障" in made.out
    again = await command("create", "b", "--role", "agent", "--group", "故障", stdin=b"correct horse\n")
    assert "group" not in again.out
    rows = await database.fetch(
        "select g.name, count(*) as members from groups g join group_members m on m.group_id = g.id group by g.name"
    )
    assert {row["name"]: row["members"] for row in rows} == {"故障": 2, "账单": 1}


async def test_an_agent_made_before_the_first_start_stands_in_the_default_group(
    command: Command, database: Database
) -> None:
    await command("create", "a", "--role", "agent", stdin=b"correct horse\n")
    assert await database.fetchval(
        "select g.is_default from groups g join group_members m on m.group_id = g.id join accounts a"
        " on a.id = m.account_id where a.username = 'a'"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("create", "taken", "--role", "agent"), b"correct horse\n"),
        (("create", "a b", "--role", "agent"), b"correct horse\n"),
        (("create", "", "--role", "agent"), b"correct horse\n"),
        (("create", "new", "--role", "agent"), b""),
        (("create", "new", "--role", "agent"), b"\n"),
        (("create", "new", "--role", "agent"), b"short\n"),
        (("create", "new", "--role", "agent"), b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe\n"),
        (("create", "new", "--role", "agent", "--name", "x" * 100), b"correct horse\n"),
        (("create", "new", "--role", "agent", "--group", ""), b"correct horse\n"),
        (("create", "new", "--role", "agent", "--capacity", "1000"), b"correct horse\n"),
        (("passwd", "nobody"), b"correct horse\n"),
        (("disable", "nobody"), b""),
        (("disable", "taken"), b""),
        (("--set", "nothing.here=1", "list"), b""),
        (("--config", "/nowhere/config.yaml", "list"), b""),
    ],
)
async def test_a_failure_is_one_line_and_changes_nothing(
    command: Command, database: Database, arguments: tuple[str, ...], stdin: bytes
) -> None:
    await make_desk(database, ManualClock()).account("taken", "admin")
    before = await database.fetchval("select md5(string_agg(a::text, '' order by id)) from accounts a")
    ran = await command(*arguments, stdin=stdin)
    assert explained(ran), ran
    assert await database.fetchval("select md5(string_agg(a::text, '' order by id)) from accounts a") == before
    assert await database.fetchval("select count(*) from groups") == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("create",),
        ("create", "a"),
        ("create", "a", "--role", "owner"),
        ("create", "a", "--role", "agent", "--password", "correct horse"),
        ("create", "a", "correct horse", "--role", "agent"),
        ("passwd", "a", "correct horse"),
        ("create", "a", "--role", "agent", "--capacity", "many"),
        ("list", "all"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments, {})
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--help",), ("create", "--help"), ("passwd", "--help")])
def test_help_explains_and_succeeds(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments, {})
    assert ended.value.code == 0
    assert "usage:" in capsys.readouterr().out


async def test_a_password_is_never_taken_from_an_argument(command: Command, database: Database) -> None:
    ran = await command("create", "a", "--role", "agent", "--password", "correct horse")
    assert ran.code == 2
    assert await database.fetchval("select count(*) from accounts") == 0


@pytest.mark.slow
async def test_a_database_that_is_not_there_is_one_line(command: Command) -> None:
    ran = await command("list", YINGDA_DATABASE__URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert explained(ran), ran


@pytest.mark.slow
async def test_without_a_server_the_command_starts_its_own_for_the_moment(tmp_path: Path, data_dir: Path) -> None:
    command = Command("", data_dir)
    made = await command("create", "xiaolin", "--role", "agent", stdin=b"correct horse\n")
    assert made.code == 0, made
    listed = await command("list")
    assert "xiaolin" in listed.out
