"""Accounts, groups and presence keep their rules in the database, also when two change them at once."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.agents.first_start import FirstStart, ensure_first_start
from router.agents.records import Account, AccountChange, GroupChange
from router.errors import Conflict, Invalid, NotFound
from router.security.audit import SYSTEM
from tests.integration.desk import Desk, make_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return make_desk(database, clock)


async def change(desk: Desk, account: Account, **changes: object) -> Account:
    async with desk.database.transaction() as connection:
        return await desk.accounts.change(connection, account.id, AccountChange(**changes), SYSTEM)  # type: ignore[arg-type]


async def first_start(
    desk: Desk, tmp_path: Path, given: str | None = None, routed_groups: tuple[str, ...] = ()
) -> FirstStart:
    return await ensure_first_start(
        desk.database,
        desk.store,
        desk.accounts,
        desk.groups,
        group_name="使用支持",
        routed_groups=routed_groups,
        given_password=given,
        password_file=tmp_path / "admin-password",
    )


async def test_the_first_start_makes_an_admin_with_a_password_that_only_its_owner_reads(
    desk: Desk, tmp_path: Path
) -> None:
    made = await first_start(desk, tmp_path)
    kept = tmp_path / "admin-password"
    assert made.created
    assert made.generated_password == kept.read_text().strip()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert made.generated_password not in repr(made)
    signed_in = await desk.sessions.sign_in("admin", made.generated_password, "10.0.0.1")
    groups = await desk.groups.all()
    assert [(group.name, group.is_default, group.member_ids) for group in groups] == [
        ("使用支持", True, (signed_in.signed.account.id,))
    ]
    assert await first_start(desk, tmp_path) == FirstStart(created=False)


async def test_groups_that_the_settings_send_topics_to_exist_from_the_start_on(desk: Desk, tmp_path: Path) -> None:
    for _ in range(2):
        await first_start(desk, tmp_path, routed_groups=("使用支持", "账务支持"))
        groups = {group.name: group for group in await desk.groups.all()}
        assert groups.keys() == {"使用支持", "账务支持"}
        assert groups["账务支持"].member_ids == ()
        assert not groups["账务支持"].is_default


async def test_the_operator_may_choose_the_first_password(desk: Desk, tmp_path: Path) -> None:
    made = await first_start(desk, tmp_path, "short")
    assert made == FirstStart(created=True, generated_password=None)
    assert not (tmp_path / "admin-password").exists()
    await desk.sessions.sign_in("admin", "short", "10.0.0.1")


async def test_servers_that_start_together_make_one_admin(desk: Desk, tmp_path: Path) -> None:
    made = await asyncio.gather(*(first_start(desk, tmp_path) for _ in range(4)))
    passwords = [each.generated_password for each in made if each.created and each.generated_password]
    assert len(passwords) == 1
    await desk.sessions.sign_in("admin", passwords[0], "10.0.0.1")
    assert (tmp_path / "admin-password").read_text().strip() == passwords[0]


async def test_a_disabled_admin_is_not_made_again(desk: Desk, tmp_path: Path) -> None:
    await first_start(desk, tmp_path)
    boss = await desk.account("boss", "admin")
    admin = await desk.accounts.find("admin")
    assert admin is not None
    await change(desk, admin, disabled=True)
    assert not (await first_start(desk, tmp_path)).created
    with pytest.raises(Conflict):
        await change(desk, boss, roles=frozenset({"agent"}))


async def test_the_last_administrator_stays_also_in_a_race(desk: Desk) -> None:
    admins = [await desk.account(f"admin{number}", "admin") for number in range(4)]
    outcomes = await asyncio.gather(*(change(desk, admin, disabled=True) for admin in admins), return_exceptions=True)
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1


async def test_a_taken_user_name_is_a_conflict(desk: Desk) -> None:
    await desk.account("xiaolin")
    with pytest.raises(Conflict):
        await desk.account("XIAOLIN")


@pytest.mark.parametrize("username", ["", " ", "a b", "x" * 65, "a\0", "a/b", "<script>", "a\nb"])
async def test_a_user_name_that_is_none_is_refused(desk: Desk, username: str) -> None:
    with pytest.raises(Invalid):
        await desk.account(username)


async def test_chinese_user_names_are_names(desk: Desk) -> None:
    assert (await desk.account("小林")).username == "小林"


@pytest.mark.parametrize(
    "more",
    [{"capacity": -1}, {"capacity": 101}, {"name": "x" * 81}, {"name": "a\0b"}, {"group_ids": (uuid4(),)}],
)
async def test_a_wrong_field_stores_nothing(desk: Desk, more: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        await desk.account("xiaolin", "agent", **more)
    assert await desk.accounts.find("xiaolin") is None


async def test_an_account_needs_a_known_role(desk: Desk) -> None:
    for roles in (["owner"], ["agent", "root"]):
        with pytest.raises(Invalid):
            await desk.account("xiaolin", *roles)


async def test_agents_join_the_default_group_and_editors_none(desk: Desk, tmp_path: Path) -> None:
    await first_start(desk, tmp_path)
    default = await desk.groups.default_id()
    assert (await desk.account("agent")).group_ids == (default,)
    assert (await desk.account("editor", "editor")).group_ids == ()
    assert (await desk.account("alone", "agent", group_ids=())).group_ids == ()


async def test_every_change_is_in_the_audit_log_without_names_or_passwords(desk: Desk, database: Database) -> None:
    account = await desk.account("xiaolin", "agent", name="林小林")
    await change(desk, account, name="林大林", capacity=3)
    async with database.transaction() as connection:
        await desk.accounts.set_password(connection, account.id, "another password", SYSTEM)
    assert await desk.audited() == ["account.created", "account.changed", "account.password_set"]
    written = "".join([row["line"] for row in await database.fetch("select audit::text as line from audit")])
    assert "林" not in written
    assert "password " not in written


async def test_a_refused_change_leaves_no_trace(desk: Desk) -> None:
    account = await desk.account("boss", "admin")
    with pytest.raises(Conflict):
        await change(desk, account, disabled=True)
    assert await desk.audited() == ["account.created"]
    with pytest.raises(NotFound):
        async with desk.database.transaction() as connection:
            await desk.accounts.change(connection, uuid7(), AccountChange(name="x"), SYSTEM)


async def test_a_group_changes_and_another_becomes_the_default(desk: Desk, tmp_path: Path) -> None:
    await first_start(desk, tmp_path)
    account = await desk.account("xiaolin", "agent", group_ids=())
    async with desk.database.transaction() as connection:
        made = await desk.groups.create(
            connection, "故障", SYSTEM, assignment="pick", hours={"mon": ["00:00-24:00"]}, member_ids=[account.id]
        )
        changed = await desk.groups.change(
            connection, made.id, GroupChange(assignment="inherit", hours="inherit", is_default=True), SYSTEM
        )
    assert (made.assignment, made.hours, made.member_ids) == ("pick", {"mon": ["00:00-24:00"]}, (account.id,))
    assert (changed.assignment, changed.hours, changed.is_default) == (None, None, True)
    assert [group.name for group in await desk.groups.all() if group.is_default] == ["故障"]
    with pytest.raises(Conflict):
        async with desk.database.transaction() as connection:
            await desk.groups.create(connection, "故障", SYSTEM)
    with pytest.raises(Conflict):
        async with desk.database.transaction() as connection:
            await desk.groups.change(connection, made.id, GroupChange(name="使用支持"), SYSTEM)
    with pytest.raises(Invalid):
        async with desk.database.transaction() as connection:
            await desk.groups.set_members(connection, made.id, [uuid7()], SYSTEM)


async def test_presence_is_what_the_agent_says(desk: Desk) -> None:
    account = await desk.account("xiaolin")
    assert (await desk.presence.of(account.id)).status == "offline"
    said = await desk.presence.set(account.id, "online", capacity=3)
    assert (said.status, said.accepting, said.capacity) == ("online", True, 3)
    assert not (await desk.presence.set(account.id, "online", accepting=False)).accepting
    assert not (await desk.presence.set(account.id, "away", reason="就餐", accepting=True)).accepting


async def test_a_sign_of_life_is_remembered(desk: Desk) -> None:
    account = await desk.account("xiaolin")
    await desk.presence.set(account.id, "online")
    desk.clock.advance(40)
    await desk.presence.heartbeat([account.id])
    assert (await desk.presence.of(account.id)).seen_at == desk.clock.now()


@pytest.mark.parametrize(
    ("seconds", "status", "accepting"), [(44, "online", True), (45, "online", True), (46, "offline", False)]
)
async def test_online_does_not_outlive_a_long_absence(desk: Desk, seconds: float, status: str, accepting: bool) -> None:
    account = await desk.account("xiaolin")
    await desk.presence.arrive(account.id)
    await desk.presence.set(account.id, "online")
    desk.clock.advance(600)
    await desk.presence.lost_sight(account.id)
    desk.clock.advance(seconds)
    await desk.presence.arrive(account.id)
    there = await desk.presence.of(account.id)
    assert (there.status, there.accepting, there.seen_at) == (status, accepting, desk.clock.now())


async def test_wrong_presence_is_refused(desk: Desk) -> None:
    account = await desk.account("xiaolin")
    for wrong in (
        desk.presence.set(account.id, "online", capacity=101),
        desk.presence.set(account.id, "online", reason="x" * 81),
        desk.presence.set(account.id, "online", reason="\0"),
    ):
        with pytest.raises(Invalid):
            await wrong


async def test_a_disabled_agent_is_offline(desk: Desk) -> None:
    await desk.account("boss", "admin")
    account = await desk.account("xiaolin")
    await desk.presence.set(account.id, "online")
    await change(desk, account, disabled=True)
    assert (await desk.presence.of(account.id)).status == "offline"
