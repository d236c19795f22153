"""The server's keys on their way in a backup: sealed by a passphrase, never in the clear."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from router.security.secrets import write_once
from scripts.keeping.manifest import BackupUnusable

PASSPHRASE = "YINGDA_BACKUP_PASSPHRASE"
_FORMAT = b"\x01"
_SALT_BYTES, _NONCE_BYTES = 16, 12
#: scrypt: 64 MB and some tenths of a second for each guess.
_COST, _BLOCK, _PARALLEL = 2**16, 8, 1


def seal_folder(folder: Path, passphrase: str) -> bytes:
    """All files of a folder: ``0x01 | salt (16) | nonce (12) | ciphertext and tag``."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + salt + nonce + _cipher(passphrase, salt).encrypt(nonce, msgspec.json.encode(files), _FORMAT)


def open_sealed(sealed: bytes, passphrase: str) -> dict[str, bytes]:
    """The files by name. Raises `BackupUnusable` for another passphrase."""
    salt, rest = sealed[1 : 1 + _SALT_BYTES], sealed[1 + _SALT_BYTES :]
    try:
        text = _cipher(passphrase, salt).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], sealed[:1])
    except InvalidTag as fault:
        raise BackupUnusable(f"the keys of the backup do not open with {PASSPHRASE}") from fault
    return msgspec.json.decode(text, type=dict[str, bytes])


def put_keys(folder: Path, files: dict[str, bytes]) -> None:
    """Writes keys that are not there yet. Raises `BackupUnusable` where there are others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / Path(name).name
        if not write_once(path, content.decode("ascii")) and path.read_bytes() != content:
            raise BackupUnusable(f"{path}: another key is here; move it away first")


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_PARALLEL).derive(passphrase.encode()))
