"""Reading a signed JWT: pins HS256, requires exp, iat, aud and sub, and refuses whatever is not exactly right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from router.errors import Unauthorized

ALGORITHM = "HS256"
MAX_TOKEN_CHARS = 8192
MAX_SUBJECT_CHARS = 200
# HMAC pads a short key with zero bytes up to its block (RFC 2104), so this changes no signature; it only keeps
# PyJWT from warning about each use of a secret whose length was already reported when the server started.
_HMAC_BLOCK_BYTES = 64
_READER = jwt.PyJWT(options={"verify_exp": False, "verify_iat": False, "verify_nbf": False})


class TokenRefused(Unauthorized):
    """The token is not valid."""


@dataclass(frozen=True)
class Claims:
    """The verified content of a token; ``expired`` is the only fault that a caller may choose to forgive."""

    subject: str
    expired: bool
    all: Mapping[str, Any]


def key_id(token: str) -> str | None:
    """The ``kid`` that the token names for itself; nothing about it is verified yet."""
    kid = _header(token).get("kid")
    return kid if isinstance(kid, str) else None


def read_claims(
    token: str, *, key: bytes, audience: str, issuer: str | None, now: datetime, leeway_seconds: float
) -> Claims:
    """Verify signature, algorithm, audience, issuer and times; raises :class:`TokenRefused`."""
    _header(token)
    required = ["exp", "iat", "aud", "sub"] + ([] if issuer is None else ["iss"])
    try:
        claims = _READER.decode(
            token,
            key.ljust(_HMAC_BLOCK_BYTES, b"\0"),
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=issuer,
            options={"require": required, "strict_aud": True},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as fault:
        raise TokenRefused() from fault
    at = now.timestamp()
    expires, issued = _seconds(claims["exp"]), _seconds(claims["iat"])
    if issued > at + leeway_seconds or expires <= issued:
        raise TokenRefused()
    if "nbf" in claims and _seconds(claims["nbf"]) > at + leeway_seconds:
        raise TokenRefused()
    return Claims(subject=_subject(claims["sub"]), expired=expires <= at - leeway_seconds, all=claims)


def _header(token: str) -> Mapping[str, Any]:
    if not isinstance(token, str) or len(token) > MAX_TOKEN_CHARS or not token.isascii():
        raise TokenRefused()
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as fault:
        raise TokenRefused() from fault
    # An extension that must be understood is not: refused, as RFC 7515 §4.1.11 asks.
    if header.get("alg") != ALGORITHM or "crit" in header or "b64" in header:
        raise TokenRefused()
    return header


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TokenRefused()
    if not 0 < value < 2**53:  # also refuses NaN and the infinities
        raise TokenRefused()
    return float(value)


def _subject(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_SUBJECT_CHARS or not is_storable(value):
        raise TokenRefused()
    return value


def is_storable(text: str) -> bool:
    """Whether Postgres can keep the text: no NUL, no lone surrogate."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
