"""Old conversations leave the database and are read as before; forgotten, their places stay and their words do not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.acceptance.people import KNOWN, People, people_of, refusal_of
from tests.clients import ChatClient
from tests.edge.conftest import OpenHouse
from tests.edge.house import House
from tests.edge.test_notifications import say, served

_DAY = 86_400
_PARTS = "select name from events_partitions where not is_rest and name < 'events_2027' order by name"


async def _ended(people: People) -> tuple[ChatClient, str]:
    """A customer's conversation with a colleague, a note in it, over."""
    customer, seat, conversation_id = await served(people, "keeper")
    await say(seat, conversation_id, "长颈鹿已经搬家了，请放心")
    await seat.client.do("add_note", conversation_id=conversation_id, text="客户喜欢长颈鹿")
    await seat.client.do("close", conversation_id=conversation_id, resolved=True)
    await seat.client.do("set_presence", status="offline")
    return customer, conversation_id


async def _read(people: People, conversation_id: str) -> Any:
    answer = await people.api("GET", f"/conversations/{conversation_id}")
    return {"events": answer["events"], "last_seq": answer["conversation"]["last_seq"]}


async def _log_of(customer: ChatClient, conversation_id: str) -> list[Any]:
    events: list[Any] = []
    more = True
    while more:
        page = await customer.ask("sync", conversation_id=conversation_id, after_seq=len(events), limit=3)
        events += page["events"]
        more = page["more"]
    return events


def _files(house: House) -> list[Path]:
    return [path for path in (house.folder / "archive").rglob("*") if path.is_file()]


async def test_an_old_conversation_is_read_from_the_archive_as_it_was(house: House, people: People) -> None:
    customer, conversation_id = await _ended(people)
    staying = await people.customer()
    unfinished = (await staying.say("这个会话还没有结束"))["conversation_id"]
    await house.rows("update conversations set state = 'human', owner = (select id from accounts limit 1), last_kind = "
                     "'customer' where id = $1", unfinished)  # fmt: skip
    assert (await people.api("GET", "/search?q=长颈鹿"))["archived_until"] is None
    before, theirs = await _read(people, conversation_id), await _log_of(customer, conversation_id)
    kept = await _read(people, unfinished)

    await house.pass_time(300 * _DAY)
    assert _files(house) == []
    await house.pass_time(100 * _DAY)

    assert len(_files(house)) == 1
    assert await house.rows("select 1 from events where conversation_id = $1", conversation_id) == []
    assert await house.rows("select 1 from notes where conversation_id = $1", conversation_id) == []
    assert await _read(people, conversation_id) == before
    assert await _log_of(customer, conversation_id) == theirs
    assert (await _read(people, unfinished))["events"][: len(kept["events"])] == kept["events"]

    # What is not searched any more is said, with the day up to which.
    found = await people.api("GET", "/search?q=长颈鹿")
    assert found["messages"]["items"] == []
    assert found["archived_until"] > (house.clock.now() - timedelta(days=400)).isoformat()

    sealed = _files(house)[0].read_bytes()
    assert "长颈鹿".encode() not in sealed
    assert len(sealed) < 4_000


async def test_nothing_is_archived_twice_and_a_late_word_goes_after_the_old_ones(house: House, people: People) -> None:
    _, conversation_id = await _ended(people)
    before = await _read(people, conversation_id)
    await house.pass_time(400 * _DAY)
    await house.pass_time(_DAY)
    assert len(_files(house)) == 1

    seq = before["last_seq"] + 1
    await house.rows(
        "with late as (update conversations set last_seq = $2 where id = $1) insert into events (conversation_id, seq, "
        "kind, at, actor_kind, body) values ($1, $2, 'rating', now(), 'customer', '{\"csat\": 5}')",
        conversation_id, seq,
    )  # fmt: skip
    assert [event["seq"] for event in (await _read(people, conversation_id))["events"]] == list(range(1, seq + 1))
    await house.pass_time(_DAY)
    assert len(_files(house)) == 2
    assert [event["seq"] for event in (await _read(people, conversation_id))["events"]] == list(range(1, seq + 1))


async def test_an_erased_customer_is_forgotten_in_the_archive_too(house: House, people: People) -> None:
    _, conversation_id = await _ended(people)
    before = await _read(people, conversation_id)
    await house.pass_time(400 * _DAY)
    copy = _files(house)[0].read_bytes()
    erased = "update customers set erased_at = $2 where id = (select customer_id from conversations where id = $1)"
    await house.rows(erased, conversation_id, house.clock.now())

    await house.pass_time(3_600)

    after = await _read(people, conversation_id)
    assert [event["seq"] for event in after["events"]] == [event["seq"] for event in before["events"]]
    assert not any(event.get("text") for event in after["events"])
    assert await house.rows("select 1 from archived_conversations where key is not null") == []
    assert _files(house)[0].read_bytes() == copy  # the file is as it was, and tells nobody anything any more


async def test_what_was_kept_long_enough_goes_for_good_and_its_numbers_stay(house: House, people: People) -> None:
    _, conversation_id = await _ended(people)
    before = await _read(people, conversation_id)
    await house.pass_time(400 * _DAY)
    await house.pass_time(800 * _DAY)

    assert _files(house) == []
    after = await _read(people, conversation_id)
    assert after["last_seq"] == before["last_seq"] == len(after["events"])
    assert not any(event.get("text") for event in after["events"])
    (row,) = await house.rows(
        "select last_text, card, page, resolved from conversations where id = $1", conversation_id
    )
    assert tuple(row) == ("", None, None, True)


async def test_an_archive_that_is_away_is_said_and_nothing_is_lost(house: House, people: People) -> None:
    customer, conversation_id = await _ended(people)
    before = await _read(people, conversation_id)
    await house.pass_time(400 * _DAY)
    (file,) = _files(house)
    away = file.rename(house.folder / "away")

    assert await people.api_error("GET", f"/conversations/{conversation_id}") == (503, "unavailable")
    wish = {"conversation_id": conversation_id, "after_seq": 0}
    assert (await refusal_of(customer, "sync", wish))["code"] == "unavailable"

    away.rename(file)
    assert await _read(people, conversation_id) == before


async def test_nothing_is_archived_where_the_settings_keep_it_online(open_house: OpenHouse) -> None:
    house = await open_house(RETENTION__ONLINE_MONTHS="1200")
    async with people_of(house) as people:
        _, conversation_id = await _ended(people)
        await house.pass_time(900 * _DAY)
        assert _files(house) == []
        assert await house.rows("select 1 from events where conversation_id = $1", conversation_id) != []


async def test_visitors_who_never_said_anything_are_forgotten(house: House, people: People) -> None:
    silent, talking = await people.customer(), await people.customer()
    tokens = [_visitor(client) for client in (silent, talking)]
    await talking.say(KNOWN)
    await house.pass_time(80 * _DAY)
    assert [_visitor(await people.customer(visitor=token)) for token in tokens] == tokens
    await house.pass_time(80 * _DAY)
    assert len(await house.rows("select 1 from customers")) == 2
    await house.pass_time(11 * _DAY)
    assert len(await house.rows("select 1 from customers")) == 1
    assert _visitor(await people.customer(visitor=tokens[1])) == tokens[1]
    assert _visitor(await people.customer(visitor=tokens[0])) != tokens[0]


def _visitor(client: ChatClient) -> str:
    return str(client.all("welcome")[0]["visitor"])
