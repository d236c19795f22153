"""The doors of the desk: who may come in, from where, how often; built from the settings, asked by every edge."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from aiohttp import web

from router.doors.bodies import TimelyBodies
from router.doors.connections import Connections
from router.doors.rates import Rate
from router.doors.settings import LimitSettings
from router.errors import RateLimited
from router.security.addresses import FORWARDED, ClientAddresses, neighbourhood


class Doors:
    """What is asked by address asks here; addresses of `limits.unlimited_addresses` and our proxies are not limited."""

    def __init__(self, settings: LimitSettings, trusted_proxies: Sequence[str]) -> None:
        self.settings = settings
        self._addresses = ClientAddresses(trusted_proxies)
        self._unlimited = [ip_network(text, strict=False) for text in settings.unlimited_addresses]
        self._proxies = [ip_network(text, strict=False) for text in trusted_proxies]
        self.unbelieved = 0
        self.connections = Connections(settings.connections, settings.connections_per_address, self._is_free_to_connect)
        self.bodies = TimelyBodies(settings.body_seconds, settings.body_bytes_per_second)
        self.requests = Rate(settings.requests_per_second, settings.requests_burst)
        self.visitor_requests = Rate(settings.visitor_requests_per_second, settings.visitor_requests_burst)
        self.entries = Rate(settings.entries_per_second, settings.entries_burst)
        self.events = Rate(settings.events_per_second, settings.events_burst)

    @property
    def rates(self) -> dict[str, Rate]:
        """Every limit by address or token, by its name."""
        return {
            "requests": self.requests,
            "visitor_requests": self.visitor_requests,
            "entries": self.entries,
            "events": self.events,
        }

    def look_at(self, request: web.Request) -> None:
        """Counts what comes through a proxy nearby that nobody named: all its customers look like one address."""
        if FORWARDED in request.headers and request.remote and not _within(request.remote, self._proxies):
            self.unbelieved += ip_address(request.remote).is_private

    def address_of(self, request: web.Request) -> str:
        """Where a request comes from, past our own proxies."""
        return self._addresses.of(request)

    def key_of(self, request: web.Request) -> str | None:
        """The name under which a request's address is counted; None where it is not limited."""
        address = self._addresses.of(request)
        return None if self._is_unlimited(address) else neighbourhood(address)

    def admit_request(self, request: web.Request) -> None:
        """Raises `RateLimited` for an address that asks too much, and for a token that does."""
        self.look_at(request)
        address = self.key_of(request)
        if address is None:
            return
        token = request.headers.get("Authorization")
        if token is not None:  # first: who is refused takes nothing from the neighbours
            require(self.visitor_requests, hashlib.sha256(token.encode(errors="replace")).hexdigest()[:32])
        require(self.requests, address)

    def _is_free_to_connect(self, peer: str) -> bool:
        return _within(peer, self._proxies) or _within(peer, self._unlimited)

    def _is_unlimited(self, address: str) -> bool:
        return _within(address, self._unlimited)


def require(rate: Rate, key: str | None) -> None:
    """Takes one; raises `RateLimited` with the time to wait."""
    if key is not None and not rate.allows(key):
        raise RateLimited(retry_after=rate.retry_after(key))


def _within(text: str, networks: Sequence[object]) -> bool:
    if not networks:
        return False
    try:
        address = ip_address(text)
    except ValueError:
        return not text  # a local socket
    return any(address in network for network in networks)  # type: ignore[operator]
