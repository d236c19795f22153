"""Sessions of accounts: begun by password, kept by rotating refresh tokens, ended at once; a stolen token ends one."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from router.agents.accounts import normal_username
from router.agents.records import Account, Signed, SignedIn
from router.agents.store import AgentStore, account_from
from router.errors import Invalid, Unauthorized
from router.security.audit import Audit, AuditActor, AuditEntry
from router.security.passwords import MAX_CHARS, Passwords
from router.security.throttle import SignInThrottle
from router.security.tokens import AccessTokens, RefreshToken, RefreshTokens

if TYPE_CHECKING:
    from database.pool import PooledConnection


class WrongPassword(Unauthorized):
    """User name or password is wrong."""


class SessionOver(Unauthorized):
    """The session has ended; sign in again."""


class Sessions:
    """The door to every signed-in act: :meth:`authenticate` asks the database each time, so that an end is an end."""

    def __init__(
        self,
        database: Database,
        store: AgentStore,
        passwords: Passwords,
        access_tokens: AccessTokens,
        refresh_tokens: RefreshTokens,
        throttle: SignInThrottle,
        audit: Audit,
        clock: Clock,
        *,
        lifetime_seconds: int = 14 * 24 * 3600,
        grace_seconds: float = 30,
    ) -> None:
        self._database = database
        self._store = store
        self._passwords = passwords
        self._access_tokens = access_tokens
        self._refresh_tokens = refresh_tokens
        self._throttle = throttle
        self._audit = audit
        self._clock = clock
        self._lifetime = timedelta(seconds=lifetime_seconds)
        self._grace = timedelta(seconds=grace_seconds)

    async def sign_in(self, username: str, password: str, address: str) -> SignedIn:
        """Raises :class:`WrongPassword`, after the same time for unknown and disabled accounts, or ``RateLimited``."""
        try:
            username = normal_username(username)
        except Invalid:
            username = ""
        await self._throttle.count(username, address)
        async with self._database.connection() as connection:
            found = await self._store.account_named(connection, username)
        fits = await self._passwords.verify(found[1] if found else None, password[: MAX_CHARS + 1])
        if found is None or not fits or found[0].disabled_at is not None:
            await self._note_failure(found[0] if found else None, address)
            raise WrongPassword()
        await self._throttle.forgive(username, address)
        account, password_hash = found
        if self._passwords.is_outdated(password_hash):
            password_hash = await self._renew_hash(account, password_hash, password)
        return await self._open(account, password_hash)

    async def refresh(self, refresh_token: str) -> SignedIn:
        """The next pair of tokens.

        The previous refresh token gives the same successor for a short grace, since tabs race; a genuine token shown
        later than that was copied by somebody, and ends the session. Raises :class:`Unauthorized`.
        """
        token = self._refresh_tokens.read(refresh_token)
        async with self._database.transaction() as connection:
            successor = await self._rotate(connection, token)
            account = None if successor is None else await self._store.account(connection, successor[1])
        if successor is None or account is None:
            raise SessionOver()
        return self._pair(Signed(account, token.session_id), successor[0])

    async def authenticate(self, access_token: str) -> Signed:
        """Who shows this access token; raises :class:`Unauthorized` where it, its session or its account is no good."""
        claims = self._access_tokens.read(access_token)
        row = await self._database.fetchrow(
            self._store.sql["signed"], claims.session_id, claims.account_id, self._clock.now()
        )
        if row is None:
            raise SessionOver()
        return Signed(account_from(row), claims.session_id)

    async def is_password(self, connection: PooledConnection, account: Account, password: str, address: str) -> bool:
        """Whether somebody signed in also knows the password; as throttled as signing in."""
        await self._throttle.count(account.username, address)
        found = await self._store.account_named(connection, account.username)
        fits = await self._passwords.verify(found[1] if found else None, password)
        if fits:
            await self._throttle.forgive(account.username, address)
        return fits

    async def accounts_behind(self, session_ids: Collection[UUID]) -> dict[UUID, Account]:
        """The accounts as they are now, by session; a session that has ended has none.

        One question for all sockets of a process.
        """
        rows = await self._database.fetch(self._store.sql["accounts_behind"], list(session_ids), self._clock.now())
        return {row["session_id"]: account_from(row) for row in rows}

    async def end(self, session_id: UUID, actor: AuditActor) -> None:
        """End one session; harmless where it has ended."""
        async with self._database.transaction() as connection:
            await self._end(connection, session_id, actor, "session.ended")

    async def _open(self, account: Account, password_hash: str) -> SignedIn:
        session_id, now = uuid7(), self._clock.now()
        token = self._refresh_tokens.issue(session_id, 1)
        async with self._database.transaction() as connection:
            # The account may have been disabled, or its password changed, while the password was compared.
            await connection.execute(self._store.sql["lock_account"], account.id)
            found = await self._store.account_named(connection, account.username)
            if found is None or found[0].disabled_at is not None or found[1] != password_hash:
                raise WrongPassword()
            await connection.execute(
                self._store.sql["insert_session"], session_id, account.id, token.hash, now, now + self._lifetime
            )
            actor = AuditActor("agent", account.id, account.name)
            await self._audit.record(connection, AuditEntry(actor, "session.opened", "session", str(session_id)))
        return self._pair(Signed(found[0], session_id), token)

    async def _rotate(self, connection: PooledConnection, token: RefreshToken) -> tuple[RefreshToken, UUID] | None:
        """The successor and the account; ``None`` where the session is over, which the caller says after the commit."""
        row = await connection.fetchrow(self._store.sql["lock_session"], token.session_id)
        now = self._clock.now()
        if row is None or row["ended_at"] is not None or row["disabled_at"] is not None or row["expires_at"] <= now:
            return None
        successor = self._refresh_tokens.next(token)
        if hmac.compare_digest(token.hash, row["refresh_hash"]):
            await connection.execute(
                self._store.sql["rotate_session"], token.session_id, successor.hash, now, now + self._lifetime
            )
            return successor, row["account_id"]
        is_previous = row["previous_hash"] is not None and hmac.compare_digest(token.hash, row["previous_hash"])
        if is_previous and now - row["rotated_at"] <= self._grace:
            return successor, row["account_id"]
        await self._end(connection, token.session_id, AuditActor("system"), "session.refresh_token_reused")
        return None

    async def _end(self, connection: PooledConnection, session_id: UUID, actor: AuditActor, action: str) -> None:
        ended = await connection.fetchval(self._store.sql["end_session"], session_id, self._clock.now())
        if ended is not None:
            await self._audit.record(connection, AuditEntry(actor, action, "session", str(session_id)))

    async def _note_failure(self, account: Account | None, address: str) -> None:
        """The attempt goes into the audit log without the name typed: an unknown one is often a password."""
        subject = "unknown" if account is None else str(account.id)
        entry = AuditEntry(AuditActor("system"), "session.refused", "account", subject, {"address": address})
        async with self._database.connection() as connection:
            await self._audit.record(connection, entry)

    async def _renew_hash(self, account: Account, old_hash: str, password: str) -> str:
        new_hash = await self._passwords.hash(password)
        row = await self._database.fetchrow(self._store.sql["renew_password_hash"], account.id, old_hash, new_hash)
        return old_hash if row is None else new_hash

    def _pair(self, signed: Signed, refresh_token: RefreshToken) -> SignedIn:
        return SignedIn(
            signed=signed,
            access_token=self._access_tokens.issue(signed.account.id, signed.session_id),
            refresh_token=refresh_token.text,
            expires_in=self._access_tokens.lifetime_seconds,
        )
