"""What a channel is given and what it answers; expected failures are answers, never exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to one recipient. ``id`` is the same on every try; ``at`` is when the notice was recorded.

    ``earlier`` are the ids of mails that went to the same recipient about the same thing, the oldest first.
    """

    id: UUID
    notice_id: UUID
    endpoint: str
    address: str = field(repr=False)
    kind: str
    locale: str
    at: datetime
    data: Mapping[str, Any] = field(repr=False)
    earlier: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiver has taken it; nothing more goes to this endpoint for ``pause_seconds``."""

    pause_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed:
    """It may work later. ``at_fault``: the endpoint as a whole, not this message, is what failed.

    ``trouble`` is for operators and never holds an address or a text; ``after_seconds``: what the receiver asked for.
    """

    trouble: str
    at_fault: bool = True
    after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never work as it is: a dead letter. ``gone``: the endpoint wants nothing any more."""

    trouble: str
    gone: bool = False


Outcome = Sent | Failed | Refused


class Channel(Protocol):
    """One way out. ``timeout_seconds`` is the longest that `send` may take."""

    timeout_seconds: float

    async def send(self, parcels: Sequence[Parcel]) -> Outcome:
        """Sends the parcels, which are for one address, as one message; all but robots are given one at a time."""
        ...
