"""Personal fields as sealed bytes: AES-256-GCM bound to their place, key id in front, a keyed hash for look-up."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_FORMAT = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_HEAD_BYTES = len(_FORMAT) + _KEY_ID_BYTES + _NONCE_BYTES


class SealBroken(Exception):
    """A sealed field does not open: it was changed, moved from another row, or its key is not configured any more."""


class Sealer:
    """Seals with the first key, opens with any: a new key is put in front and the old one kept until all is resealed.

    A sealed value is ``0x01 | key id (4) | nonce (12) | ciphertext and tag``.
    """

    def __init__(self, keys: Sequence[bytes], lookup_key: bytes) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a sealing key has {KEY_BYTES} bytes")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[0])
        self._lookup_key = lookup_key

    def seal(self, text: str, place: bytes) -> bytes:
        """The sealed text; it opens only with the same ``place`` (see :func:`place`)."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, text.encode(), place)
        return _FORMAT + self._current + nonce + sealed

    def open(self, sealed: bytes, place: bytes) -> str:
        """The text; raises :class:`SealBroken`."""
        key_id, nonce = sealed[1 : 1 + _KEY_ID_BYTES], sealed[1 + _KEY_ID_BYTES : _HEAD_BYTES]
        cipher = self._ciphers.get(key_id)
        if sealed[:1] != _FORMAT or cipher is None or len(sealed) <= _HEAD_BYTES:
            raise SealBroken(SealBroken.__doc__)
        try:
            return cipher.decrypt(nonce, sealed[_HEAD_BYTES:], place).decode()
        except InvalidTag as fault:
            raise SealBroken(SealBroken.__doc__) from fault

    def lookup_hash(self, text: str, purpose: str) -> bytes:
        """The keyed hash under which an exact value is found, different for each ``purpose`` ("email", "phone")."""
        return hmac.digest(self._lookup_key, f"{purpose}\0{text}".encode(), "sha256")


def place(table: str, column: str, row_id: UUID) -> bytes:
    """Where a sealed field stands; it cannot be moved to another row or column without breaking."""
    return f"{table}.{column}.{row_id}".encode()


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"yingda sealing key id" + key).digest()[:_KEY_ID_BYTES]
