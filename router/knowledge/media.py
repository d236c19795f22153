"""Pictures and videos of articles by their content: in a folder of this machine and, where several share one, in their
bucket; knows nothing of who shows them."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from router.errors import NotFound
from router.uploads.storage import Storage, StorageAway

log = logging.getLogger(__name__)

_NAME = re.compile(r"[0-9a-f]{64}\.(?:png|jpg|gif|webp|mp4|webm)")


class Media:
    """The folder is all there is on one machine, and what was fetched of the bucket where there are several."""

    def __init__(self, folder: Path, bucket: Storage | None) -> None:
        self.folder = folder
        self._bucket = bucket
        self._shared: set[str] = set()

    async def keep(self, name: str, file: Path) -> None:
        """Under a name that says its content; raises `StorageAway` where others could not have it."""
        await asyncio.to_thread(_placed, file, self.folder / name)
        if self._bucket is not None and name not in self._shared:
            await self._bucket.put(_key_of(name), self.folder / name)
            self._shared.add(name)

    async def bring(self, name: str) -> Path | None:
        """The file, fetched where another machine has it; None where nobody has."""
        path = self.folder / name
        if path.is_file():
            return path
        if self._bucket is None or not _NAME.fullmatch(name):
            return None
        try:
            await self._fetch(name, path)
        except NotFound:
            return None
        return path

    async def bring_all(self, names: Iterable[str]) -> None:
        """What can be had of these."""
        for name in names:
            await self.bring(name)

    async def share(self) -> None:
        """Puts into the bucket what came into the folder past `keep`: from article files."""
        if self._bucket is None or not self.folder.is_dir():
            return
        for name in await asyncio.to_thread(os.listdir, self.folder):
            if name not in self._shared and _NAME.fullmatch(name):
                try:
                    await self._bucket.put(_key_of(name), self.folder / name)
                except StorageAway as fault:
                    log.warning("a picture of an article is not in the bucket yet: %s", fault)
                    return
                self._shared.add(name)

    async def _fetch(self, name: str, path: Path) -> None:
        assert self._bucket is not None
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{name}.{os.getpid()}.{id(asyncio.current_task())}")
        try:
            async with self._bucket.read(_key_of(name)) as chunks:
                with unfinished.open("wb") as file:
                    async for chunk in chunks:
                        file.write(chunk)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        self._shared.add(name)


def _placed(file: Path, target: Path) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(file, unfinished)
    unfinished.replace(target)


def _key_of(name: str) -> str:
    return f"articles/{name}"
