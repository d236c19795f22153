"""How many files and connections the process may have open: as many as the system allows it to ask for."""

from __future__ import annotations

import resource

_ENOUGH = 1_000_000


def raise_descriptor_limit() -> int:
    """Raises the soft limit to the hard one; what holds then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft if soft != resource.RLIM_INFINITY else _ENOUGH
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
