"""Who a customer is, as signed by the embedding site; it refuses every token that is not as the contract says."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from database.clock import Clock
from router.security.claims import TokenRefused, is_storable, key_id, read_claims

AUDIENCE = "yingda"
SHORT_SECRET_BYTES = 32
_MAX_TEXT_CHARS = 200
_MAX_ATTRIBUTE_BYTES = 4096

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Identity:
    """Verified claims about a known customer; ``None`` means that the site said nothing about it.

    Of an expired token nothing counts but ``external_id``, which may reconnect a visitor already bound to it.
    """

    external_id: str
    expired: bool = False
    name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    tier: str | None = None
    company_id: str | None = None
    company_name: str | None = None
    attributes: Mapping[str, Any] | None = field(default=None, repr=False)


class IdentityReader:
    """Reads the identity JWT with the secret that its ``kid`` names; with no secret configured it refuses all."""

    def __init__(
        self, secrets: Mapping[str, str], tiers: Collection[str], clock: Clock, *, leeway_seconds: float = 30
    ) -> None:
        if any(not secret for secret in secrets.values()):
            raise ValueError("an identity secret must not be empty")
        self._keys = {kid: secret.encode() for kid, secret in secrets.items()}
        self._tiers = frozenset(tiers)
        self._clock = clock
        self._leeway_seconds = leeway_seconds
        for kid, key in self._keys.items():
            if len(key) < SHORT_SECRET_BYTES:
                log.warning("the identity secret %s has fewer than %d bytes", kid, SHORT_SECRET_BYTES)

    def read(self, token: str) -> Identity:
        """The verified identity, possibly expired; raises :class:`TokenRefused` (unauthorized)."""
        kid = key_id(token)
        key = self._keys.get(kid) if kid is not None else None
        if key is None:
            raise TokenRefused()
        claims = read_claims(
            token,
            key=key,
            audience=AUDIENCE,
            issuer=None,
            now=self._clock.now(),
            leeway_seconds=self._leeway_seconds,
        )
        if claims.expired:
            return Identity(claims.subject, expired=True)
        company = claims.all.get("company")
        if not isinstance(company, dict):
            company = {}
        return Identity(
            claims.subject,
            name=_text(claims.all, "name"),
            email=_text(claims.all, "email"),
            phone=_text(claims.all, "phone"),
            tier=self._tier(claims.all),
            company_id=_text(company, "id"),
            company_name=_text(company, "name"),
            attributes=_attributes(claims.all.get("attributes")),
        )

    def _tier(self, claims: Mapping[str, Any]) -> str | None:
        tier = _text(claims, "tier")
        if tier is not None and tier not in self._tiers:
            log.warning("identity: unknown tier %.40r ignored", tier)
            return None
        return tier


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    """An optional claim; one that cannot be used is left out: a site's slip must not close the chat."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**18 else None  # telephone and company numbers
    if not isinstance(value, str) or len(value) > _MAX_TEXT_CHARS or not is_storable(value):
        log.warning("identity: unusable claim %s ignored", name)
        return None
    return value.strip() or None


def _attributes(value: Any) -> Mapping[str, Any] | None:
    if value is None:
        return None
    try:
        encoded = msgspec.json.encode(value)
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError):
        encoded = b""
    if not isinstance(value, dict) or not 0 < len(encoded) <= _MAX_ATTRIBUTE_BYTES or rb"\u0000" in encoded:
        log.warning("identity: unusable claim attributes ignored")
        return None
    return value
