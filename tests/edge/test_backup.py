"""A backup of a running desk, brought back elsewhere: the desk opens on it with every word and every file."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from database.clock import ManualClock
from scripts import archive, backup, restore
from tests.acceptance.people import KNOWN, People, people_of
from tests.edge.files import fetch, sent
from tests.edge.house import House
from tests.edge.test_notifications import say, served
from tests.fakes import PostgresForTests

pytestmark = pytest.mark.slow

Main = Callable[[Sequence[str]], int]


class Shell:
    """Commands as an operator gives them, on a house's database and data folder; what they print."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    async def __call__(self, main: Main, *arguments: str, at: tuple[str, Path], **more: str) -> tuple[int, str]:
        dsn, folder = at
        environment = {"DATABASE__URL": dsn, "DATA_DIR": str(folder), "ENCODER__NAME": "hashing", **more}
        for name, value in environment.items():
            self._monkeypatch.setenv(f"YINGDA_{name}", value)
        self._capsys.readouterr()
        status = await asyncio.to_thread(main, arguments)
        said = self._capsys.readouterr()
        return status, said.out + said.err


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


async def test_a_desk_goes_on_where_its_backup_was_made(
    house: House, people: People, shell: Shell, tmp_path: Path, empty_dsn: str, clock: ManualClock
) -> None:
    customer, seat, conversation_id = await served(people, "kept")
    shot = await sent(house, customer.all("welcome")[0]["visitor"])
    await customer.do("send_message", conversation_id=conversation_id, text="请看截图", upload_ids=[shot["id"]])
    await say(seat, conversation_id, "长颈鹿已经搬家了")
    await seat.client.do("add_note", conversation_id=conversation_id, text="只给同事看")
    before = await people.api("GET", f"/conversations/{conversation_id}")
    picture = (await fetch(house, shot["url"])).body

    here = (house.dsn, house.folder)
    status, said = await shell(
        backup.main, str(tmp_path / "kept"), "--with-secrets", at=here, BACKUP_PASSPHRASE="open sesame"
    )
    assert status == 0, said
    (made,) = (tmp_path / "kept").iterdir()
    assert (made.stat().st_mode & 0o777) == 0o700
    for kept in (house.folder / "secrets").iterdir():
        assert not any(kept.read_bytes().strip() in path.read_bytes() for path in made.rglob("*") if path.is_file())
    await say(seat, conversation_id, "这一句在备份之后")
    await house.close()

    elsewhere = (empty_dsn, tmp_path / "elsewhere")
    assert (await shell(restore.main, str(made), at=here))[0] == 1  # not over what is there
    status, said = await shell(restore.main, str(made), at=elsewhere, BACKUP_PASSPHRASE="something else")
    assert (status, "do not open" in said) == (1, True)
    status, said = await shell(restore.main, str(made), at=elsewhere, BACKUP_PASSPHRASE="open sesame")
    assert status == 0, said
    again = House(empty_dsn, clock, tmp_path / "elsewhere")
    await again.open()
    try:
        async with people_of(again) as returned:
            after = await returned.api("GET", f"/conversations/{conversation_id}")
            assert len(after["events"]) == len(before["events"])
            told = [event.get("text") for event in after["events"]]
            assert told == [event.get("text") for event in before["events"]]
            assert after["notes"] == before["notes"]
            (file,) = next(event["attachments"] for event in after["events"] if event.get("attachments"))
            assert (await fetch(again, file["url"])).body == picture
            asked = await (await returned.customer()).say(KNOWN)
            assert asked["ok"]
    finally:
        await again.close()

    status, said = await shell(restore.main, str(made), "--replace", at=here)
    assert status == 0, said
    rows = await house.rows("select body ->> 'text' as text from events where kind = 'message'")
    assert "长颈鹿已经搬家了" in {row["text"] for row in rows}
    assert "这一句在备份之后" not in {row["text"] for row in rows}


async def test_a_backup_that_cannot_be_brought_back_whole_is_found_out(
    house: House, people: People, shell: Shell, tmp_path: Path, clock: ManualClock
) -> None:
    customer, seat, conversation_id = await served(people, "kept")
    await sent(house, customer.all("welcome")[0]["visitor"])
    await seat.client.do("close", conversation_id=conversation_id, resolved=True)
    await house.pass_time(400 * 86_400)
    later = await people.customer()
    await later.answer_to(await later.say(KNOWN))
    assert list((house.folder / "archive").iterdir())

    here = (house.dsn, house.folder)
    status, said = await shell(backup.main, str(tmp_path / "kept"), at=here)
    assert status == 0, said
    (made,) = (tmp_path / "kept").iterdir()
    assert not (made / "secrets.sealed").exists()
    status, said = await shell(restore.main, "--verify", str(made), at=here)
    assert status == 0, said
    assert "no log has gaps" in said
    assert "loads" in said

    (sealed,) = (made / "archive").iterdir()
    whole = sealed.read_bytes()
    sealed.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    status, said = await shell(restore.main, "--verify", str(made), at=here)
    assert (status, said.strip()) == (1, f"{sealed}: it is not what it was")
    sealed.unlink()
    status, said = await shell(restore.main, "--verify", str(made), at=here)
    assert (status, said.strip()) == (1, f"{sealed}: it is missing")
    sealed.write_bytes(whole)
    manifest = made / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(told | {"tables": {}}), encoding="utf-8")
    status, said = await shell(restore.main, "--verify", str(made), at=here)
    assert (status, said.strip()) == (1, f"{manifest}: it was changed after the backup")
    shutil.rmtree(tmp_path / "kept")

    await house.rows("delete from events where seq = 1 and conversation_id = (select id from conversations "
                     "where state = 'bot' limit 1)")  # fmt: skip
    await shell(backup.main, str(tmp_path / "kept"), at=here)
    (made,) = (tmp_path / "kept").iterdir()
    status, said = await shell(restore.main, "--verify", str(made), at=here)
    assert status == 1
    assert "1 conversations whose log has gaps" in said


async def test_wrong_use_is_one_line(
    shell: Shell, tmp_path: Path, empty_dsn: str, postgres: PostgresForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = (empty_dsn, tmp_path / "var")
    monkeypatch.delenv("YINGDA_BACKUP_PASSPHRASE", raising=False)
    for main, arguments in (
        (backup.main, ("--with-secrets", str(tmp_path))),
        (restore.main, ("--verify", "--replace", str(tmp_path))),
        (archive.main, ("--sideways",)),
    ):
        with pytest.raises(SystemExit) as end:
            await asyncio.to_thread(main, arguments)
        assert end.value.code == 2
    status, said = await shell(restore.main, str(tmp_path / "nowhere"), at=here)
    assert (status, said.strip()) == (1, f"{tmp_path / 'nowhere'}: this is no backup, or not a whole one")
    status, said = await shell(archive.main, "--dry-run", at=here)
    assert (status, said) == (0, "")
