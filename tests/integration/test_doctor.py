"""The doctor names what is wrong, says what to do, and shows no secret."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from database.pool import Database
from database.servers import hosts_of
from models.settings import EncoderSettings
from router.settings import Settings, load_settings
from scripts.doctor import database as database_looks
from scripts.doctor import installation, machine, outside
from scripts.doctor.__main__ import main as doctor
from scripts.doctor.findings import Finding

_SECRET = "S3cretOfTheHouse"


def settings_of(folder: Path, **more: str) -> Settings:
    environment = {"YINGDA_DATA_DIR": str(folder), "YINGDA_ENCODER__NAME": "hashing"}
    return load_settings([], environment | {f"YINGDA_{name}": value for name, value in more.items()})


async def looked(settings: Settings) -> dict[str, Finding]:
    return {finding.check: finding async for finding in database_looks.database(settings)}


async def test_a_healthy_database_has_nothing_wrong(database: Database, tmp_path: Path) -> None:
    found = await looked(settings_of(tmp_path, DATABASE__URL=database.dsn))

    # No server has worked on it yet, others use the same Postgres, and it was put back after other tests.
    no_matter = {"index", "partitions", "connections", "bloat"}
    assert {check for check, finding in found.items() if finding.state != "ok"} <= no_matter
    assert {"database_version", "durability", "clock", "migrations", "database_size", "bloat"} <= set(found)
    assert found["index"].words.zh == "还没有知识索引"


async def test_commits_that_wait_for_no_replica_are_named_where_there_is_one(
    database: Database, tmp_path: Path
) -> None:
    host, port = hosts_of(database.dsn)[0]
    parts = urlsplit(database.dsn)
    account = parts.netloc.rpartition("@")[0]
    twice = f"postgresql://{account}@{parts.path}?host={host},{host}&port={port or 5432}"
    found = await looked(settings_of(tmp_path, DATABASE__URL=twice))

    assert found["replica"].state == "warn"
    assert "synchronous_standby_names" in str(found["replica"].advice)


async def test_what_is_wrong_with_a_database_is_named(database: Database, tmp_path: Path) -> None:
    await database.execute("delete from schema_migrations where number = (select max(number) from schema_migrations)")
    unfinished = await looked(settings_of(tmp_path, DATABASE__URL=database.dsn))
    nowhere = await looked(settings_of(tmp_path, DATABASE__URL=f"postgresql://yingda:{_SECRET}@127.0.0.1:1/yingda"))

    assert unfinished["migrations"].state == "warn"
    assert nowhere["database"].state == "fail"
    assert "127.0.0.1:1" in nowhere["database"].words.zh
    assert _SECRET not in str(nowhere)


async def test_a_transaction_that_does_not_end_is_named(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_looks, "_LONG_SECONDS", 0.0)
    other = await asyncpg.connect(database.dsn)
    async with other.transaction():
        await other.execute("select 1")

        found = await looked(settings_of(tmp_path, DATABASE__URL=database.dsn))

    await other.close()
    assert found["long_transactions"].state == "warn"
    assert "pg_terminate_backend" in (found["long_transactions"].advice or found["long_transactions"].words).en


async def test_what_listens_and_what_does_not(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        settings = settings_of(
            tmp_path,
            REDIS__URL=f"redis://:{_SECRET}@127.0.0.1:1/0",
            NOTIFICATIONS__MAIL__HOST="127.0.0.1",
            NOTIFICATIONS__MAIL__PORT="1",
            NOTIFICATIONS__MAIL__SENDER="desk@example.com",
            NOTIFICATIONS__SMS__URL=f"http://127.0.0.1:{port}/send",
            NOTIFICATIONS__SMS_SECRET=_SECRET,
            SERVER__PORT=str(port),
        )
        notifications = settings.notifications
        found = [one async for one in outside.wire(settings)]
        found += [one async for one in outside.mail(notifications)]
        found += [one async for one in outside.gateways(notifications)]
        found += await asyncio.to_thread(lambda: list(machine.descriptors(settings)))

    assert {one.check: one.state for one in found} | {"open_files": ""} == {
        "redis": "fail", "mail": "fail", "sms": "ok", "open_files": "",
    }  # fmt: skip
    assert _SECRET not in str(found)


def test_keys_that_others_can_read_and_files_that_were_changed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    folder = tmp_path / "secrets"
    assert [one.state for one in installation.keys(settings)] == ["skip"]
    folder.mkdir(mode=0o700)
    (folder / "tokens").write_text("a", encoding="ascii")
    (folder / "tokens").chmod(0o644)

    found = list(installation.keys(settings))

    assert [one.state for one in found] == ["fail", "fail"], "readable by all, and the others are missing"
    assert "chmod 600" in str(found[0].advice)

    lock = tmp_path / "lock"
    lock.write_text("aiohttp==0.0.1\nno-such-package==1.0\n", encoding="ascii")
    assert [one.state for one in installation.packages(lock)] == ["fail", "warn"]
    assert [one.state for one in installation.encoder(EncoderSettings(name="no-such-encoder"))] == ["fail"]


def test_cheap_hashes_of_passwords_are_named(tmp_path: Path) -> None:
    cheap = settings_of(tmp_path, SECURITY__PASSWORD_MEMORY_MIB="16", SECURITY__PASSWORD_ROUNDS="2")

    states = [[one.state for one in installation.passwords(each.security)] for each in (settings_of(tmp_path), cheap)]

    assert states == [["ok"], ["warn"]]


def test_a_proxy_that_nobody_named_is_noticed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)

    assert [one.state for one in machine.proxies(settings, {"yingda_unbelieved_proxies_total": 3})] == ["fail"]
    assert [one.state for one in machine.proxies(settings, {})] == ["skip"]


def test_the_command_keeps_its_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = {
        "YINGDA_DATA_DIR": str(tmp_path),
        "YINGDA_ENCODER__NAME": "hashing",
        "YINGDA_SERVER__PORT": "1",
        "YINGDA_REDIS__URL": f"redis://:{_SECRET}@127.0.0.1:1/0",
    }
    status = doctor(["--json", "--lang", "en"], environment)
    told = capsys.readouterr()
    answer: dict[str, Any] = json.loads(told.out)
    (redis,) = [one for one in answer["findings"] if one["check"] == "redis"]

    assert (status, answer["ok"], redis["state"], told.err) == (1, False, "fail", "")
    assert all(one["text"].isascii() for one in answer["findings"]), "English is English"
    assert _SECRET not in told.out
    assert list(tmp_path.iterdir()) == [], "it changes nothing"

    assert doctor(["--quiet", "--set=server.prot=1"], environment) == 1
    told = capsys.readouterr()
    assert "server.prot" in told.out
    assert told.out.splitlines()[-1].startswith("查了")
    with pytest.raises(SystemExit) as ended:
        doctor(["--no-such-option"], environment)
    assert ended.value.code == 2
