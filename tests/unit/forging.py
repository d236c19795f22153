"""Forged tokens, made by hand as an attacker would, without a library that forbids it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

Change = Callable[[dict[str, Any]], dict[str, Any]]


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hs256(claims: Any, key: bytes, header: dict[str, Any] | None = None) -> str:
    """A token with a valid HMAC over whatever header and claims."""
    head = b64(json.dumps(header if header is not None else {"alg": "HS256", "typ": "JWT"}).encode())
    signing = f"{head}.{b64(json.dumps(claims).encode())}"
    return f"{signing}.{b64(hmac.new(key, signing.encode(), hashlib.sha256).digest())}"


def leave_out(name: str) -> Change:
    """The claims without one of them."""
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def make_null(name: str) -> Change:
    return lambda claims: {**claims, name: None}


def segments(token: str) -> list[bytes] | None:
    """The decoded parts, or ``None`` where one is not base64."""
    try:
        return [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")]
    except ValueError:
        return None


@cache
def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def rsa_private_key() -> rsa.RSAPrivateKey:
    return _rsa()


def rsa_public_pem() -> bytes:
    public = _rsa().public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
