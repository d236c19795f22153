"""Settings of the doors: how many may come, how often, and how long they may take."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from router.sections import Section


def _networks(given: tuple[str, ...]) -> tuple[str, ...]:
    for text in given:
        try:
            ip_network(text, strict=False)
        except ValueError as fault:
            raise ValueError(f"{text!r} is no address and no network like 10.0.0.0/8") from fault
    return given


def _split(given: object) -> object:
    """A list from the environment may be written with commas."""
    return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given


Networks = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_networks)]
#: Everything that stalls is closed within 30 seconds.
Patience = Annotated[float, Field(gt=0, le=30)]


class LimitSettings(Section):
    connections: int = Field(default=10_000, ge=10)
    connections_per_address: int = Field(default=1_000, ge=1)
    idle_seconds: Patience = 20.0
    body_seconds: Patience = 15.0
    body_bytes_per_second: int = Field(default=2_000, ge=1)
    connect_seconds: Patience = 10.0
    unread_seconds: Patience = 20.0
    requests_per_second: float = Field(default=50.0, gt=0)
    requests_burst: int = Field(default=500, ge=1)
    visitor_requests_per_second: float = Field(default=20.0, gt=0)
    visitor_requests_burst: int = Field(default=200, ge=1)
    entries_per_second: float = Field(default=10.0, gt=0)
    entries_burst: int = Field(default=500, ge=1)
    events_per_second: float = Field(default=500.0, gt=0)
    events_burst: int = Field(default=5_000, ge=1)
    unlimited_addresses: Networks = ("127.0.0.0/8", "::1/128")
