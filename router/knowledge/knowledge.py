"""TEMPORARY."""

from __future__ import annotations

from kb_index.reading.files import read_files
from kb_index.search import KnowledgeIndex


class Knowledge:
    def __init__(self, database, settings, encoder, on_swap, clock):
        self._s = settings
        self._e = encoder
        self._on = on_swap
        self.current = None

    async def first_start(self, say):
        r = read_files([self._s.knowledge.articles])
        arts = [getattr(a, "article", a) for a in r.articles]
        self.current = KnowledgeIndex.build(arts, self._e)
        self._on(self.current)

    async def refresh(self):
        pass
