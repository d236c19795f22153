"""The server's own keys: from the settings, or made once under the data folder (mode 0600); it refuses short ones."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

KEY_BYTES = 32


class SecretUnusable(Exception):
    """A configured or stored key cannot be used; the message says which one and why, never the key."""


@dataclass(frozen=True)
class Secrets:
    """Keys of the running server; none of them shows in a log or a traceback."""

    token_key: bytes = field(repr=False)
    sealing_keys: tuple[bytes, ...] = field(repr=False)  # the first one seals, all of them open
    lookup_key: bytes = field(repr=False)


def load_secrets(
    folder: Path,
    *,
    token_key: str | None = None,
    sealing_keys: Sequence[str] = (),
    lookup_key: str | None = None,
) -> Secrets:
    """Each key as given (base64, at least 32 bytes; sealing keys exactly 32), else from its file in ``folder``.

    A missing file is made once; of two servers that start at the same moment, both read the winner's.
    Raises :class:`SecretUnusable`.
    """
    sealing = tuple(_decoded("sealing key", text) for text in sealing_keys)
    if not sealing:
        sealing = tuple(_decoded(str(folder / "sealing"), text) for text in _kept(folder, "sealing").split())
    if not sealing or any(len(key) != KEY_BYTES for key in sealing):
        raise SecretUnusable(f"a sealing key must have exactly {KEY_BYTES} bytes")
    return Secrets(
        token_key=_given_or_kept(folder, "tokens", token_key),
        sealing_keys=sealing,
        lookup_key=_given_or_kept(folder, "lookup", lookup_key),
    )


def write_once(path: Path, text: str) -> bool:
    """Write a file of mode 0600 that did not exist; false where somebody else was first. Never seen half written."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _given_or_kept(folder: Path, name: str, given: str | None) -> bytes:
    if given is not None:
        return _decoded(f"{name} key", given)
    return _decoded(str(folder / name), _kept(folder, name))


def _kept(folder: Path, name: str) -> str:
    path = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            write_once(path, base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
        return path.read_text(encoding="ascii")
    except (OSError, ValueError) as fault:
        raise SecretUnusable(f"{path}: {fault}") from fault


def _decoded(what: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError as fault:
        raise SecretUnusable(f"{what}: not base64") from fault
    if len(key) < KEY_BYTES:
        raise SecretUnusable(f"{what}: shorter than {KEY_BYTES} bytes")
    return key
