"""Connections to addresses that strangers named: refused, at connect, where they lead into private networks."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import aiohttp

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Beside what the standard library calls private: carriers' shared addresses, and IPv6 that carries IPv4 inside.
_ALSO = tuple(ip_network(text) for text in ("100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "64:ff9b:1::/48"))
_NAT64 = ip_network("64:ff9b::/96")


class AddressRefused(OSError):
    """The name leads into a network that is not for webhooks."""


class Guard:
    """Looks at the address that a socket is about to be opened to, after every name was resolved."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        self._allowed: tuple[Network, ...] = tuple(ip_network(text, strict=False) for text in allowed)

    def permits(self, address: str) -> bool:
        """Whether a numeric address may be connected to."""
        try:
            found = ip_address(address.split("%", 1)[0])
        except ValueError:
            return False
        inner = _inner(found)
        return any(_within(inner, network) for network in self._allowed) or _is_public(inner)

    def connector(self) -> aiohttp.TCPConnector:
        """A connector whose every socket was looked at; names are resolved anew for each connection."""

        def open_socket(info: Any) -> socket.socket:
            family, kind, protocol, _, address = info
            if not self.permits(str(address[0])):
                raise AddressRefused("the address leads into a private network")
            opened = socket.socket(family, kind, protocol)
            opened.setblocking(False)
            return opened

        return aiohttp.TCPConnector(
            socket_factory=open_socket, use_dns_cache=False, force_close=True, limit=100, limit_per_host=8
        )


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries, where it carries one."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _is_public(address: Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(_within(address, network) for network in _ALSO)
    )


def _within(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network
