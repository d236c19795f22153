"""What is personal in notices and deliveries, opened for sending; a row that does not open is a dead letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from router.customers.contact import normal_email
from router.security.sealing import SealBroken, Sealer, place


@dataclass(frozen=True, slots=True)
class Inside:
    """The sealed part of a notice: the variables of its words, and what is personal of its recipient."""

    data: dict[str, Any] = field(repr=False)
    to: Mapping[str, str] = field(repr=False)


class Seals:
    """Every sealed column of this capability, each bound to its place."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def seal_notice(self, notice_id: UUID, data: Mapping[str, Any], to: Mapping[str, str]) -> bytes:
        return self._sealer.seal(
            msgspec.json.encode({"data": data, "to": to}).decode(), place("notices", "sealed", notice_id)
        )

    def open_notice(self, notice_id: UUID, sealed: bytes) -> Inside:
        """Raises `SealBroken`."""
        found = msgspec.json.decode(self._sealer.open(sealed, place("notices", "sealed", notice_id)))
        return Inside(found["data"], found["to"])

    def seal(self, table: str, column: str, row_id: UUID, text: str | None) -> bytes | None:
        """None stays None."""
        return None if not text else self._sealer.seal(text, place(table, column, row_id))

    def open(self, table: str, column: str, row_id: UUID, sealed: bytes | None) -> str | None:
        """None also for what does not open: who has no address is not reached."""
        if sealed is None:
            return None
        try:
            return self._sealer.open(sealed, place(table, column, row_id))
        except SealBroken:
            return None

    def lane(self, name: str) -> bytes:
        """A recipient on a channel, as a keyed hash."""
        return self._sealer.lookup_hash(name, "lane")

    def email_hash(self, email: str) -> bytes:
        """The hash by which customers' addresses are found."""
        return self._sealer.lookup_hash(normal_email(email), "email")
