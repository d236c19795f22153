"""Where a request comes from: the peer's address, or what a trusted proxy says; a stranger's header is not believed."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

FORWARDED = "X-Forwarded-For"


class ClientAddresses:
    """Reads ``X-Forwarded-For`` from the right, past our own proxies; raises ``ValueError`` for what is no network."""

    def __init__(self, trusted_proxies: Sequence[str] = ()) -> None:
        self._trusted = [ip_network(text, strict=False) for text in trusted_proxies]

    def of(self, request: web.Request) -> str:
        return self.client(request.remote or "", request.headers.getall(FORWARDED, []))

    def client(self, peer: str, forwarded: Sequence[str]) -> str:
        """The first address that is not one of our proxies; the peer where a header makes no sense."""
        hops = [hop.strip() for line in forwarded for hop in line.split(",")]
        address = _address(peer)
        while address is not None and self._is_ours(address) and hops:
            said = _address(hops.pop())
            if said is None:
                break
            address = said
        return peer if address is None else str(address)

    def _is_ours(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)


def neighbourhood(address: str) -> str:
    """What one customer of a network can choose freely counts as one address: an IPv6 /64."""
    parsed = _address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return address


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed
