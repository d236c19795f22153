"""A session begins with a password, lives by rotating tokens, and ends everywhere at once."""

from __future__ import annotations

import asyncio

import pytest

from database.clock import ManualClock
from database.pool import Database
from router.agents.records import AccountChange, SignedIn
from router.errors import RateLimited, Unauthorized
from router.security.audit import SYSTEM, AuditActor
from router.security.passwords import Passwords
from tests.integration.desk import PASSWORD, Desk, make_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return make_desk(database, clock)


async def sign_in(desk: Desk, username: str = "xiaolin", password: str = PASSWORD) -> SignedIn:
    return await desk.sessions.sign_in(username, password, "10.0.0.1")


async def test_who_signs_in_is_known_by_the_access_token(desk: Desk) -> None:
    account = await desk.account("xiaolin", "agent", "supervisor", name="林小林")
    signed_in = await sign_in(desk)
    signed = await desk.sessions.authenticate(signed_in.access_token)
    assert signed == signed_in.signed
    assert signed.account == account
    assert signed.account.roles == {"agent", "supervisor"}


async def test_a_user_name_has_one_spelling(desk: Desk) -> None:
    await desk.account("XiaoLin")
    await sign_in(desk, " xiaolin ")
    await sign_in(desk, "ＸＩＡＯＬＩＮ")


@pytest.mark.parametrize(
    ("username", "password"),
    [("xiaolin", "wrong"), ("nobody", PASSWORD), ("", ""), ("x' or '1'='1", "x"), ("\0", "\0"), ("xiaolin", "\ud800")],
)
async def test_a_wrong_name_or_password_is_refused_with_the_same_words(
    desk: Desk, username: str, password: str
) -> None:
    await desk.account("xiaolin")
    with pytest.raises(Unauthorized, match="User name or password is wrong"):
        await sign_in(desk, username, password)
    assert (await desk.audited())[-1] == "session.refused"


async def test_guessing_is_stopped_also_for_the_right_password(desk: Desk) -> None:
    await desk.account("xiaolin")
    for _ in range(10):
        with pytest.raises(Unauthorized):
            await sign_in(desk, password="wrong")
    with pytest.raises(RateLimited):
        await sign_in(desk)
    desk.clock.advance(301)
    await sign_in(desk)


async def test_a_refresh_gives_a_new_pair_and_lengthens_the_session(desk: Desk) -> None:
    await desk.account("xiaolin")
    first = await sign_in(desk)
    for _ in range(5):
        desk.clock.advance(10 * 24 * 3600)
        with pytest.raises(Unauthorized):
            await desk.sessions.authenticate(first.access_token)
        second = await desk.sessions.refresh(first.refresh_token)
        assert second.refresh_token != first.refresh_token
        assert (await desk.sessions.authenticate(second.access_token)).session_id == first.signed.session_id
        first = second


async def test_tabs_that_race_get_the_same_successor(desk: Desk) -> None:
    await desk.account("xiaolin")
    first = await sign_in(desk)
    pairs = await asyncio.gather(*(desk.sessions.refresh(first.refresh_token) for _ in range(6)))
    assert len({pair.refresh_token for pair in pairs}) == 1
    desk.clock.advance(30)
    late = await desk.sessions.refresh(first.refresh_token)
    assert late.refresh_token == pairs[0].refresh_token
    await desk.sessions.refresh(late.refresh_token)


async def test_a_refresh_token_shown_after_the_grace_ends_the_session(desk: Desk) -> None:
    """It was copied: thief and owner both have to sign in again."""
    await desk.account("xiaolin")
    first = await sign_in(desk)
    second = await desk.sessions.refresh(first.refresh_token)
    desk.clock.advance(31)
    with pytest.raises(Unauthorized):
        await desk.sessions.refresh(first.refresh_token)
    with pytest.raises(Unauthorized):
        await desk.sessions.refresh(second.refresh_token)
    with pytest.raises(Unauthorized):
        await desk.sessions.authenticate(second.access_token)
    assert await desk.sessions.accounts_behind([first.signed.session_id]) == {}
    assert "session.refresh_token_reused" in await desk.audited()


async def test_a_token_two_generations_old_ends_the_session_within_the_grace_too(desk: Desk) -> None:
    await desk.account("xiaolin")
    first = await sign_in(desk)
    second = await desk.sessions.refresh(first.refresh_token)
    third = await desk.sessions.refresh(second.refresh_token)
    with pytest.raises(Unauthorized):
        await desk.sessions.refresh(first.refresh_token)
    with pytest.raises(Unauthorized):
        await desk.sessions.refresh(third.refresh_token)


async def test_a_forged_refresh_token_ends_nobodys_session(desk: Desk) -> None:
    await desk.account("xiaolin")
    first = await sign_in(desk)
    with pytest.raises(Unauthorized):
        await desk.sessions.refresh(first.refresh_token[:-8] + "AAAAAAAA")
    await desk.sessions.refresh(first.refresh_token)


async def test_a_session_not_used_for_two_weeks_is_over(desk: Desk) -> None:
    await desk.account("xiaolin")
    first = await sign_in(desk)
    desk.clock.advance(14 * 24 * 3600)
    with pytest.raises(Unauthorized):
        await desk.sessions.refresh(first.refresh_token)


async def test_signing_out_ends_this_session_and_no_other(desk: Desk) -> None:
    account = await desk.account("xiaolin")
    here, there = await sign_in(desk), await sign_in(desk)
    await desk.sessions.end(here.signed.session_id, AuditActor("agent", account.id))
    await desk.sessions.end(here.signed.session_id, AuditActor("agent", account.id))
    with pytest.raises(Unauthorized):
        await desk.sessions.authenticate(here.access_token)
    with pytest.raises(Unauthorized):
        await desk.sessions.refresh(here.refresh_token)
    await desk.sessions.authenticate(there.access_token)
    ids = [here.signed.session_id, there.signed.session_id]
    assert await desk.sessions.accounts_behind(ids) == {there.signed.session_id: account}
    assert (await desk.audited()).count("session.ended") == 1


async def test_a_disabled_account_is_out_at_once_and_stays_out(desk: Desk) -> None:
    account = await desk.account("xiaolin")
    signed_in = await sign_in(desk)
    async with desk.database.transaction() as connection:
        await desk.accounts.change(connection, account.id, AccountChange(disabled=True), SYSTEM)
    for attempt in (
        desk.sessions.authenticate(signed_in.access_token),
        desk.sessions.refresh(signed_in.refresh_token),
        sign_in(desk),
    ):
        with pytest.raises(Unauthorized):
            await attempt
    assert await desk.sessions.accounts_behind([signed_in.signed.session_id]) == {}
    async with desk.database.transaction() as connection:
        await desk.accounts.change(connection, account.id, AccountChange(disabled=False), SYSTEM)
    with pytest.raises(Unauthorized):
        await desk.sessions.authenticate(signed_in.access_token)
    await sign_in(desk)


async def test_a_new_password_ends_every_session(desk: Desk) -> None:
    account = await desk.account("xiaolin")
    here, there = await sign_in(desk), await sign_in(desk)
    async with desk.database.transaction() as connection:
        await desk.accounts.set_password(connection, account.id, "another password", SYSTEM)
    for signed_in in (here, there):
        with pytest.raises(Unauthorized):
            await desk.sessions.refresh(signed_in.refresh_token)
    with pytest.raises(Unauthorized):
        await sign_in(desk)
    await sign_in(desk, password="another password")


async def test_changed_roles_count_at_the_next_request(desk: Desk) -> None:
    account = await desk.account("xiaolin")
    signed_in = await sign_in(desk)
    async with desk.database.transaction() as connection:
        await desk.accounts.change(connection, account.id, AccountChange(roles=frozenset({"editor"})), SYSTEM)
    assert (await desk.sessions.authenticate(signed_in.access_token)).account.roles == {"editor"}


async def test_an_old_hash_is_renewed_at_the_next_sign_in(desk: Desk, database: Database) -> None:
    account = await desk.account("xiaolin")
    stronger = Passwords(time_cost=2, memory_kib=1024, parallelism=1)
    old = await stronger.hash(PASSWORD)
    stronger.close()
    await database.execute("update accounts set password_hash = $2 where id = $1", account.id, old)
    await sign_in(desk)
    assert await database.fetchval("select password_hash from accounts where id = $1", account.id) != old
    await sign_in(desk)


async def test_no_token_is_kept_in_the_database(desk: Desk, database: Database) -> None:
    await desk.account("xiaolin")
    signed_in = await desk.sessions.refresh((await sign_in(desk)).refresh_token)
    row = await database.fetchval("select account_sessions::text from account_sessions")
    assert signed_in.refresh_token not in row
    assert signed_in.refresh_token.encode().hex() not in row
