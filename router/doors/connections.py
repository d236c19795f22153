"""How many connections there are, in all and from each address; refuses what goes beyond before reading a byte."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from router.security.addresses import neighbourhood

Refusal = Literal["full", "address"]


class Connections:
    """Counts of one process. Bound: one entry for each open connection at most."""

    def __init__(self, most: int, most_per_address: int, is_unlimited: Callable[[str], bool]) -> None:
        """``is_unlimited``: addresses that only count in all, such as our own proxies, behind which are many."""
        self.most = most
        self._most_per_address = most_per_address
        self._is_unlimited = is_unlimited
        self._by_address: dict[str, int] = {}
        self.open = 0
        self.refused: dict[Refusal, int] = {"full": 0, "address": 0}

    def admit(self, peer: str) -> Refusal | None:
        """Counts a new connection, or says why there must be none; what was admitted has to `leave`."""
        if self.open >= self.most:
            return self._refuse("full")
        address = neighbourhood(peer)
        here = self._by_address.get(address, 0)
        if here >= self._most_per_address and not self._is_unlimited(peer):
            return self._refuse("address")
        self._by_address[address] = here + 1
        self.open += 1
        return None

    def leave(self, peer: str) -> None:
        """A connection that was admitted has ended."""
        address = neighbourhood(peer)
        self.open -= 1
        left = self._by_address[address] - 1
        if left:
            self._by_address[address] = left
        else:
            del self._by_address[address]

    def _refuse(self, refusal: Refusal) -> Refusal:
        self.refused[refusal] += 1
        return refusal
