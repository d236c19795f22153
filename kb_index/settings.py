"""The settings of the knowledge index."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Sizes only: what the ranking weighs is fitted on the knowledge base itself, see `ranking.py`."""

    exact_up_to: int = 50_000  # texts searched exactly; above, an approximate (HNSW) index
    keep_folders: int = 5  # cached index folders kept on disk; rows are always kept
    passages: bool = True  # also look into the answers
    tunes: bool = True  # layers of the encoder are tuned on the knowledge base, where it is large enough
