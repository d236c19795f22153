"""The embedded server: made, adopted, restarted and stopped, and nothing of anybody else's touched."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from database.embedded import EmbeddedPostgres
from database.errors import EmbeddedPostgresFailed
from database.place import find_place, make_place
from database.postmaster import running_postmaster
from tests.conftest import remove_cluster

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
Start = Callable[[Path], Awaitable[tuple[EmbeddedPostgres, str]]]


@pytest.fixture(scope="module")
def made_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped cluster, to be copied: making one takes a second."""
    folder = tmp_path_factory.mktemp("made") / "var"

    async def make() -> None:
        server = EmbeddedPostgres(folder)
        await server.start()
        await server.stop()

    asyncio.run(make())
    return folder


@pytest.fixture
def data_dir(made_cluster: Path, data_dir: Path) -> Path:
    """A data folder with a stopped cluster in it."""
    place, old = make_place(data_dir), find_place(made_cluster)
    assert old is not None
    shutil.copytree(old.data, place.data, copy_function=shutil.copy2)
    for path in (place.data, *place.data.rglob("*")):
        place.hand_over(path)
    return data_dir


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts a server, and stops at the end whatever was started."""
    started: list[EmbeddedPostgres] = []

    async def start_one(folder: Path) -> tuple[EmbeddedPostgres, str]:
        server = EmbeddedPostgres(folder)
        started.append(server)
        return server, await server.start()

    yield start_one
    for server in started:
        await server.stop()


async def ask(dsn: str, sql: str) -> object:
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


def place_of(data_dir: Path) -> Path:
    place = find_place(data_dir)
    assert place is not None
    return place.data


async def test_a_first_start_makes_a_durable_database_on_a_private_socket_only(tmp_path: Path, start: Start) -> None:
    parent = tmp_path / "private"
    parent.mkdir(mode=0o700)
    said: list[str] = []
    server = EmbeddedPostgres(parent / "var", on_status=said.append)
    try:
        dsn = await server.start()
        assert "making the database" in said
        for name, value in {
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "listen_addresses": "",
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "TimeZone": "UTC",
        }.items():
            assert await ask(dsn, f"select current_setting('{name}')") == value
        data = place_of(parent / "var")
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        socket_folder = Path(str(await ask(dsn, "select current_setting('unix_socket_directories')")))
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((socket_folder / ".s.PGSQL.5432").stat().st_mode) == 0o700
        assert stat.S_IMODE(parent.stat().st_mode) == 0o700, "a folder above was opened to others"
    finally:
        await server.stop()
        remove_cluster(parent / "var")


async def test_what_was_stored_is_there_after_a_stop_and_a_start(data_dir: Path, start: Start) -> None:
    server, dsn = await start(data_dir)
    await ask(dsn, "create table kept (n int)")
    await server.stop()
    assert running_postmaster(place_of(data_dir)) is None
    server, again = await start(data_dir)
    assert again == dsn
    assert await ask(again, "select count(*) from kept") == 0


async def test_a_server_left_behind_by_a_killed_owner_is_adopted_at_once(data_dir: Path, start: Start) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from database.embedded import EmbeddedPostgres\n"
        "async def main():\n"
        "    await EmbeddedPostgres(Path(sys.argv[1])).start(); print('ready', flush=True); await asyncio.sleep(600)\n"
        "asyncio.run(main())"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(data_dir)], cwd=ROOT, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert await asyncio.to_thread(owner.stdout.readline) == b"ready\n"
    left = running_postmaster(place_of(data_dir))
    assert left is not None
    owner.kill()
    owner.wait()
    owner.stdout.close()

    server, dsn = await start(data_dir)

    assert server.pid == left.pid
    assert server.owned
    assert await ask(dsn, "select 1") == 1
    await server.stop()
    assert not left.alive()


async def test_a_crashed_postmaster_is_started_again(data_dir: Path, start: Start) -> None:
    server, dsn = await start(data_dir)
    await ask(dsn, "create table kept as select 1 as n")
    first = server.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: server.pid not in (None, first))
    while True:
        try:
            assert await ask(dsn, "select n from kept") == 1
            break
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("number", ["ours", "a stranger's", "nobody's"])
async def test_a_stale_pid_file_is_survived_and_no_stranger_is_killed(
    number: str, data_dir: Path, start: Start
) -> None:
    place = find_place(data_dir)
    assert place is not None
    stranger = subprocess.Popen(["sleep", "600"], user=place.account.uid if place.foreign else None)
    try:
        pid = {"ours": os.getpid(), "a stranger's": stranger.pid, "nobody's": 4_000_000}[number]
        (place.data / "postmaster.pid").write_text(
            f"{pid}\n{place.data}\n1700000000\n5432\n/nowhere\n\n  1 1\nready   \n"
        )
        folder = place.socket_folder()
        (folder / ".s.PGSQL.5432.lock").write_text(f"{pid}\n{place.data}\n1700000000\n5432\n{folder}\n")

        server, dsn = await start(data_dir)

        assert await ask(dsn, "select 1") == 1
        assert server.pid != pid
        await server.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_second_process_is_a_guest_and_takes_over_when_the_owner_goes(data_dir: Path, start: Start) -> None:
    owner, dsn = await start(data_dir)
    guest, same = await start(data_dir)
    assert (same, guest.owned, guest.pid) == (dsn, False, owner.pid)

    leaving = EmbeddedPostgres(data_dir)
    await leaving.start()
    await leaving.stop()
    assert await ask(dsn, "select 1") == 1, "a guest that leaves must not stop the server"

    await owner.stop()
    await until(lambda: guest.owned and guest.pid is not None)
    await until(lambda: _answers(dsn))


async def test_attach_finds_a_running_server_and_starts_none(data_dir: Path, start: Start) -> None:
    assert await EmbeddedPostgres(data_dir).attach() is None
    server, dsn = await start(data_dir)
    assert await EmbeddedPostgres(data_dir).attach() == dsn
    await server.stop()
    assert await EmbeddedPostgres(data_dir).attach() is None


async def test_a_cluster_that_was_opened_to_others_is_closed_again(data_dir: Path, start: Start) -> None:
    data = place_of(data_dir)
    data.chmod(0o755)
    await start(data_dir)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


async def test_a_folder_too_deep_for_a_socket_gets_a_short_private_one(tmp_path: Path, start: Start) -> None:
    deep = tmp_path / "深" / ("x" * 60) / ("y" * 60) / "it's, a"
    place = make_place(deep)
    try:
        folder = place.socket_folder()
        assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= 107
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == place.account.uid
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(folder / ".s.PGSQL.5432"))
        (folder / ".s.PGSQL.5432").unlink()
    finally:
        folder.rmdir()
        remove_cluster(deep)


async def test_a_cluster_of_another_version_is_refused_in_one_line(data_dir: Path, start: Start) -> None:
    (place_of(data_dir) / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresFailed, match="written by PostgreSQL 16, the installed one is 17"):
        await start(data_dir)


async def test_a_broken_server_is_one_clear_line(data_dir: Path, start: Start) -> None:
    (place_of(data_dir) / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedPostgresFailed, match="does not start: .*pg_control") as caught:
        await start(data_dir)
    assert "\n" not in str(caught.value)


async def test_the_callers_own_postgres_variables_do_not_leak_in(
    data_dir: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nowhere")
    _, dsn = await start(data_dir)
    assert await ask(dsn, "select current_setting('port')") == "5432"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run programs as somebody else")
async def test_as_root_the_server_runs_as_somebody_else_who_cannot_be_impersonated(
    data_dir: Path, start: Start
) -> None:
    server, _ = await start(data_dir)
    assert server.pid is not None
    assert os.stat(f"/proc/{server.pid}").st_uid != 0
    assert place_of(data_dir).is_relative_to("/var/lib/yingda")
    place = find_place(data_dir)
    assert place is not None
    psql = shutil.which("psql") or str(place.binaries / "bin" / "psql")
    if not os.access(psql, os.X_OK):
        pytest.skip("no psql")
    done = subprocess.run(
        [psql, "-h", str(place.socket_folder()), "-U", "yingda", "-Atc", "select 1", "yingda"],
        user=place.account.uid,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "1" not in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="for an ordinary user the database lies in the data folder")
async def test_a_database_that_vanished_is_not_replaced_by_an_empty_one(data_dir: Path, start: Start) -> None:
    remove = place_of(data_dir).parent
    shutil.rmtree(remove)
    with pytest.raises(EmbeddedPostgresFailed, match="which is gone"):
        await start(data_dir)


def _answers(dsn: str) -> bool:
    folder = parse_qs(urlsplit(dsn).query)["host"][0]
    with socket.socket(socket.AF_UNIX) as connecting:
        return connecting.connect_ex(f"{folder}/.s.PGSQL.5432") == 0
