"""Where the bytes of files are: a folder, or a bucket that speaks S3; knows nothing of who may read them.

Credentials of a bucket come from the environment alone (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the machine's
role).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from router.breaker import Breaker, Resting
from router.errors import NotFound, Unavailable
from router.uploads.settings import UploadSettings

if TYPE_CHECKING:
    from obstore.store import S3Config

_CHUNK_BYTES = 256 * 1024
_TIMEOUT = timedelta(seconds=30)
_CONNECT_TIMEOUT = timedelta(seconds=5)


class StorageAway(Unavailable):
    """Files cannot be stored or read right now; try again a little later."""


class Storage:
    """Files by key; every fault of the store is `StorageAway`, a key without a file `NotFound`."""

    def __init__(self, store: ObjectStore, breaker: Breaker) -> None:
        self._store = store
        self.breaker = breaker

    async def put(self, key: str, path: Path) -> None:
        """Stores the whole file or nothing; a file under the same key is replaced."""
        try:
            with self.breaker.guard(BaseError, OSError):
                await obstore.put_async(self._store, key, path)
        except (BaseError, OSError, Resting) as fault:
            raise StorageAway from fault

    @asynccontextmanager
    async def read(self, key: str, span: tuple[int, int] | None = None) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of a file, or those from the first to behind the second of ``span``."""
        try:
            options: obstore.GetOptions | None = None if span is None else {"range": span}
            found = await self._found(key, options)
        except FileNotFoundError as fault:
            raise NotFound from fault
        except (BaseError, OSError, Resting) as fault:
            raise StorageAway from fault
        yield _chunks(found)

    async def listed(self) -> list[tuple[str, datetime]]:
        """Every file: its key, and when it was stored."""
        try:
            with self.breaker.guard(BaseError):
                found = await obstore.list(self._store).collect_async()
        except (BaseError, OSError, Resting) as fault:
            raise StorageAway from fault
        return [(each["path"], each["last_modified"]) for each in found]

    async def delete(self, *keys: str) -> None:
        """Takes files away; one that is not there is no fault."""
        for key in keys:
            try:
                with self.breaker.guard(BaseError):
                    await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                continue
            except (BaseError, OSError, Resting) as fault:
                raise StorageAway from fault

    async def _found(self, key: str, options: obstore.GetOptions | None) -> obstore.GetResult:
        with self.breaker.guard(BaseError):
            return await obstore.get_async(self._store, key, options=options)


async def _chunks(found: obstore.GetResult) -> AsyncIterator[bytes]:
    async for chunk in found.stream(min_chunk_size=_CHUNK_BYTES):
        yield bytes(chunk)


def open_storage(settings: UploadSettings, folder: Path) -> Storage:
    """The bucket of ``uploads.url``, else ``folder``, which is made with mode 0700."""
    return open_store(settings.url, settings, folder)


def open_store(url: str | None, server: UploadSettings, folder: Path) -> Storage:
    """The bucket of a url, on the server that uploads are told, else ``folder``, which is made with mode 0700."""
    breaker = Breaker("storage")
    if url is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Storage(LocalStore(folder), breaker)
    config: S3Config = {"region": server.region, "disable_bulk_delete": True}
    if server.endpoint is not None:
        config["endpoint"] = server.endpoint
    return Storage(
        S3Store.from_url(
            url,
            config=config,
            client_options={"allow_http": True, "timeout": _TIMEOUT, "connect_timeout": _CONNECT_TIMEOUT},
            retry_config={"max_retries": 2, "retry_timeout": _TIMEOUT},
        ),
        breaker,
    )
