"""Refuses a server that could lose what it has acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from database.errors import UnsafeDurability

if TYPE_CHECKING:
    from database.pool import AnyConnection

#: Settings under which a commit that was reported may be gone after a crash.
_NEEDED = ("fsync", "full_page_writes", "synchronous_commit")


async def check(connection: AnyConnection, allow_unsafe: bool) -> list[str]:
    """The unsafe settings in force for this connection; empty when all is well.

    Raises `UnsafeDurability` when there are any and they are not allowed.
    """
    unsafe = []
    for name in _NEEDED:
        if await connection.fetchval("select current_setting($1)", name) == "off":
            unsafe.append(name)
    if unsafe and not allow_unsafe:
        raise UnsafeDurability(
            f"the database has {', '.join(f'{name}=off' for name in unsafe)} and could lose acknowledged messages; "
            "turn it on (or set YINGDA_DATABASE__ALLOW_UNSAFE_DURABILITY=true for an experiment)"
        )
    return unsafe
