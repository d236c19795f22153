"""What must never reach a customer's socket, wherever in a payload it stands: keys, internal reasons, secret texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

#: Names of fields that are for colleagues only.
_KEYS = frozenset(
    {
        "confidence",
        "decision",
        "note_seq",
        "last_note_seq",
        "wrap_up",
        "head_start",
        "explanation",
        "priority",
        "rank_at",
        "signals",
        "emotion",
        "urgency",
        "articles",
        "soured",
        "visibility",
        "assignee",
        "watchers",
        "tracker",
    }
)
#: Reasons that say something about the customer or the house.
_REASONS = frozenset({"emotion", "urgent", "rule"})


def leaks_in(payload: Any, secrets: Iterable[str] = ()) -> list[str]:
    """Every leak with its path, e.g. ``.sources[0].confidence``."""
    return list(_leaks(payload, "", tuple(secrets)))


def _leaks(value: Any, path: str, secrets: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _KEYS:
                yield f"{path}.{key}"
            if key == "reason" and inner in _REASONS:
                yield f"{path}.reason = {inner}"
            yield from _leaks(inner, f"{path}.{key}", secrets)
    elif isinstance(value, list | tuple):
        for n, inner in enumerate(value):
            yield from _leaks(inner, f"{path}[{n}]", secrets)
    elif isinstance(value, str):
        yield from (f"{path}: {secret}" for secret in secrets if secret in value)
