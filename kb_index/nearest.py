"""The FAISS index over unit vectors: exact up to a size, a graph (HNSW) above it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
IndexKind = Literal["exact", "approximate"]

_NEIGHBOURS = 32  # links of a node
_BUILD_EFFORT = 80
_SEARCH_EFFORT = 256


class NearestVectors:
    """Finds the rows with the largest inner product."""

    def __init__(self, index: Any) -> None:  # faiss has no types
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors, exact_up_to: int) -> NearestVectors:
        """Exact where there are at most `exact_up_to` rows."""
        if len(vectors) <= exact_up_to:
            index: Any = faiss.IndexFlatIP(vectors.shape[1])
        else:
            index = faiss.IndexHNSWFlat(vectors.shape[1], _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = _BUILD_EFFORT
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> NearestVectors:
        """Raises RuntimeError for a file that is no index."""
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """One file."""
        faiss.write_index(self._index, str(path))

    @property
    def kind(self) -> IndexKind:
        """Whether every row is compared."""
        return "exact" if isinstance(self._index, faiss.IndexFlat) else "approximate"

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def vectors(self) -> Vectors:
        """All rows as stored."""
        return np.asarray(self._index.reconstruct_n(0, self._index.ntotal), np.float32)

    def search(self, vector: Vectors, count: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """Row numbers of the nearest `count` allowed rows; fewer where there are fewer."""
        count = min(count, len(self))
        if count == 0:
            return np.zeros(0, np.int64)
        exact = self.kind == "exact"
        made_for = "SearchParameters" if exact else "SearchParametersHNSW"
        parameters: Any = getattr(faiss, made_for)()  # faiss's types do not know the second
        bits = None  # must outlive the search: faiss keeps a bare pointer
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            parameters.sel = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
        if not exact:
            parameters.efSearch = max(_SEARCH_EFFORT, count)
        _, rows = self._index.search(vector.reshape(1, -1), count, params=parameters)
        found: NDArray[np.int64] = rows[0][rows[0] >= 0]
        return found
