"""Identifiers: UUIDv7, so that ids sort by the time of their making."""

from __future__ import annotations

import os
import time
from uuid import UUID


def uuid7(at_milliseconds: int | None = None) -> UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000 if at_milliseconds is None else at_milliseconds
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (random >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)
