"""Which articles a question may be answered with: site, audience, edition, visibility and dates, before any ranking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kb_index.records import Article, Scope

_FOREVER = np.inf


class ScopeFilter:
    """Answers for all articles at once; most articles are for everybody, which costs nothing."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._count = len(articles)
        internal = np.array([article.visibility == "internal" for article in articles], bool)
        self._open = ~internal if internal.any() else None
        self._from = np.array([a.valid_from.timestamp() if a.valid_from else -_FOREVER for a in articles])
        self._to = np.array([a.valid_to.timestamp() if a.valid_to else _FOREVER for a in articles])
        self._dated = bool(np.isfinite(self._from).any() or np.isfinite(self._to).any())
        self._sites = _masks([(a.site,) if a.site else () for a in articles])
        self._audiences = _masks([a.audience for a in articles])
        self._editions = _masks([a.editions for a in articles])

    def eligible(self, scope: Scope) -> NDArray[np.bool_] | None:
        """True for each article in scope; None where all are."""
        masks: list[NDArray[np.bool_]] = []
        if not scope.internal and self._open is not None:
            masks.append(self._open)
        for wanted, known in (
            (scope.site, self._sites),
            (scope.audience, self._audiences),
            (scope.edition, self._editions),
        ):
            if wanted is not None and known:
                masks.append(known.get(wanted, known[None]))
        if scope.at is not None and self._dated:
            at = scope.at.timestamp()
            masks.append((self._from <= at) & (at < self._to))
        if not masks:
            return None
        mask = masks[0] if len(masks) == 1 else np.logical_and.reduce(masks)
        return None if mask.all() else mask


def _masks(names: Sequence[Sequence[str]]) -> dict[str | None, NDArray[np.bool_]]:
    """For each name the articles open to it; None: those open to everybody. Empty where every article is."""
    if not any(names):
        return {}
    everybody = np.array([not own for own in names], bool)
    masks: dict[str | None, NDArray[np.bool_]] = {None: everybody}
    for name in {name for own in names for name in own}:
        masks[name] = everybody | np.array([name in own for own in names], bool)
    return masks
