"""Readings of short texts are kept: many customers say the same, and one message is read by several parts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

Rest = ParamSpec("Rest")
Read = TypeVar("Read")

_SHORT = 200  # characters
_REMEMBERED = 4_096


def remembering(
    read: Callable[Concatenate[str, Rest], Read],
) -> Callable[Concatenate[str, Rest], Read]:
    """For a function whose value depends on its arguments alone, the first of which is the text."""
    kept = lru_cache(_REMEMBERED)(read)

    @wraps(read)
    def remembered(text: str, /, *args: Rest.args, **kwargs: Rest.kwargs) -> Read:
        return (kept if len(text) <= _SHORT else read)(text, *args, **kwargs)  # type: ignore[arg-type]

    return remembered
