"""How often pages may send: by who is behind them, over all their pages, and by address; keeps nothing of who left."""

from __future__ import annotations

from router.doors.doors import Doors, require
from router.doors.rates import Rate


class SocketLimits:
    """One visitor or account has one bucket for all pages; an address has one for everybody behind it.

    Bound: one entry for each open page.
    """

    def __init__(self, own: Rate, doors: Doors) -> None:
        self._own = own
        self._doors = doors
        self._keys: dict[str, tuple[str, str | None]] = {}

    def enter(self, sid: str, address: str | None) -> None:
        """A page asks to come in; raises `RateLimited` for an address (`Doors.key_of`) that asks too often."""
        require(self._doors.entries, address)
        self._keys[sid] = (sid, address)

    def belongs(self, sid: str, owner: str) -> None:
        """Who is behind the page is known from now on."""
        _, address = self._keys.get(sid, (sid, None))
        self._keys[sid] = (owner, address)

    def refusal(self, sid: str) -> int | None:
        """None where the page may send now, else the seconds to wait."""
        owner, address = self._keys.get(sid, (sid, None))
        if address is not None and not self._doors.events.allows(address):
            return self._doors.events.retry_after(address)
        if not self._own.allows(owner):
            return self._own.retry_after(owner)
        return None

    @property
    def own(self) -> Rate:
        """The buckets of visitors or accounts."""
        return self._own

    @property
    def refused(self) -> int:
        """How often a visitor or an account has sent too much."""
        return self._own.refused

    def forget(self, sid: str) -> None:
        self._keys.pop(sid, None)
