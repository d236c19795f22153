"""The index this process answers with: follows the row `serving`, loads a new version beside the old one, then swaps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from database.pool import Database
from kb_index.search import KnowledgeIndex
from kb_index.versions import IndexVersions
from models.encoder import Encoder

log = logging.getLogger(__name__)


class ServingIndex:
    """``current`` is None until the first version is there."""

    def __init__(
        self, database: Database, versions: IndexVersions, encoder: Encoder, on_swap: Callable[[KnowledgeIndex], None]
    ) -> None:
        self._database = database
        self._versions = versions
        self._encoder = encoder
        self._on_swap = on_swap
        self._loading = asyncio.Lock()
        self.current: KnowledgeIndex | None = None

    async def refresh(self) -> None:
        """Loads what is to be served where that is not what is served; raises what makes it impossible."""
        if self._loading.locked():
            return
        async with self._loading:
            wanted = await self._versions.serving()
            if wanted is None or (self.current is not None and self.current.version == wanted):
                return
            index = await self._versions.load(wanted, self._encoder)
            self.current = index
            self._on_swap(index)
            log.info("answering with another index version", extra={"version": wanted})


__all__ = ["Path", "ServingIndex"]
