"""The customer tiers in their order; of what was signed and what the CRM says the higher one counts."""

from __future__ import annotations

from collections.abc import Mapping


class Tiers:
    """Ordered by their head start; names that are no tier (any more) count for nothing."""

    def __init__(self, seconds: Mapping[str, int], default: str) -> None:
        self._rank = {name: rank for rank, name in enumerate(sorted(seconds, key=lambda name: seconds[name]))}
        self.default = default

    @property
    def names(self) -> tuple[str, ...]:
        """The lowest first."""
        return tuple(self._rank)

    def highest(self, *names: str | None) -> str:
        """The highest of these; the default one where none of them is a tier."""
        known = [name for name in names if name in self._rank]
        return max(known, key=lambda name: self._rank[name]) if known else self.default
