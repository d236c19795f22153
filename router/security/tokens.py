"""The server's own tokens: short access JWTs, rotating refresh tokens, visitors' opaque tokens; it stores none."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import jwt

from database.clock import Clock
from router.security.claims import ALGORITHM, TokenRefused, read_claims

ISSUER = "yingda"
AUDIENCE = "yingda:agents"
ACCESS = "access"
_REFRESH_BYTES = 16 + 4 + 32  # session id, generation, MAC
_VISITOR_BYTES = 32


@dataclass(frozen=True)
class AccessClaims:
    """Who an access token speaks for; whether the session still lives is for the sessions to say."""

    account_id: UUID
    session_id: UUID


class AccessTokens:
    """Issues and reads the access JWT; refuses every token that this server did not sign for this very purpose."""

    def __init__(self, key: bytes, clock: Clock, *, lifetime_seconds: int = 900, leeway_seconds: float = 5) -> None:
        self._key = _derived(key, b"access token")
        self._clock = clock
        self._leeway_seconds = leeway_seconds
        self.lifetime_seconds = lifetime_seconds

    def issue(self, account_id: UUID, session_id: UUID) -> str:
        now = self._clock.now()
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(account_id),
            "sid": str(session_id),
            "typ": ACCESS,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(seconds=self.lifetime_seconds)).timestamp()),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def read(self, token: str) -> AccessClaims:
        """Raises :class:`TokenRefused`, also for an expired token."""
        claims = read_claims(
            token,
            key=self._key,
            audience=AUDIENCE,
            issuer=ISSUER,
            now=self._clock.now(),
            leeway_seconds=self._leeway_seconds,
        )
        if claims.expired or claims.all.get("typ") != ACCESS:
            raise TokenRefused()
        return AccessClaims(_uuid(claims.subject), _uuid(claims.all.get("sid")))


@dataclass(frozen=True)
class RefreshToken:
    """One generation of a session's refresh token."""

    session_id: UUID
    generation: int
    text: str

    @property
    def hash(self) -> bytes:
        return token_hash(self.text)


class RefreshTokens:
    """Makes each generation of a session's refresh token from the server's key.

    A generation is a keyed hash of session and number: the racing tab that shows the previous one gets the very
    successor that the first tab got, and a genuine token of the past (theft) differs from a stranger's guess.
    """

    def __init__(self, key: bytes) -> None:
        self._key = _derived(key, b"refresh token")

    def issue(self, session_id: UUID, generation: int) -> RefreshToken:
        named = session_id.bytes + generation.to_bytes(4, "big")
        mac = hmac.digest(self._key, named, "sha256")
        return RefreshToken(session_id, generation, base64.urlsafe_b64encode(named + mac).rstrip(b"=").decode())

    def read(self, text: str) -> RefreshToken:
        """Raises :class:`TokenRefused` for what this server never issued."""
        raw = _base64url(text, _REFRESH_BYTES)
        genuine = self.issue(UUID(bytes=raw[:16]), int.from_bytes(raw[16:20], "big"))
        if not hmac.compare_digest(genuine.text.encode(), text.encode()):
            raise TokenRefused()
        return genuine

    def next(self, token: RefreshToken) -> RefreshToken:
        return self.issue(token.session_id, token.generation + 1)


def new_visitor_token() -> str:
    return secrets.token_urlsafe(_VISITOR_BYTES)


def token_hash(text: str) -> bytes:
    """What the database keeps of a token: random enough that no salt is needed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _derived(key: bytes, purpose: bytes) -> bytes:
    """A key of its own for each purpose, so that no token of one kind can be shown as another."""
    return hmac.digest(key, purpose, "sha256")


def _base64url(text: str, size: int) -> bytes:
    if not isinstance(text, str) or not text.isascii() or len(text) > 2 * size:
        raise TokenRefused()
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as fault:
        raise TokenRefused() from fault
    if len(raw) != size:
        raise TokenRefused()
    return raw


def _uuid(value: object) -> UUID:
    if not isinstance(value, str):
        raise TokenRefused()
    try:
        return UUID(value)
    except ValueError as fault:
        raise TokenRefused() from fault
