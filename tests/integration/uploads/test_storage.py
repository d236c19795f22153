"""Both storages keep the same promises: what was put is read, whole or in part, replaced, and gone once deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from router.errors import NotFound
from router.uploads.settings import UploadSettings
from router.uploads.storage import Storage, StorageAway, open_storage
from tests.integration.uploads.bucket import Bucket

_LARGE = bytes(range(256)) * 30_000  # more than one part


@dataclass(frozen=True)
class Kept:
    storage: Storage
    bucket: Bucket | None
    folder: Path


@pytest.fixture(params=["folder", "bucket"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kept]:
    if request.param == "folder":
        yield Kept(open_storage(UploadSettings(), tmp_path / "uploads"), None, tmp_path)
        return
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-of-the-bucket")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "its secret")
    bucket = Bucket()
    async with bucket.served() as endpoint:
        settings = UploadSettings(url="s3://files/desk", endpoint=endpoint)
        yield Kept(open_storage(settings, tmp_path / "uploads"), bucket, tmp_path)


async def _read(storage: Storage, key: str, span: tuple[int, int] | None = None) -> bytes:
    async with storage.read(key, span) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def test_files_are_kept_read_in_part_replaced_and_deleted(kept: Kept) -> None:
    path = kept.folder / "sent"
    path.write_bytes(_LARGE)
    await kept.storage.put("ab/one", path)
    assert await _read(kept.storage, "ab/one") == _LARGE
    assert await _read(kept.storage, "ab/one", (255, 259)) == _LARGE[255:259]
    path.write_bytes(b"another")
    await kept.storage.put("ab/one", path)
    assert await _read(kept.storage, "ab/one") == b"another"
    await kept.storage.delete("ab/one", "ab/never-there")
    with pytest.raises(NotFound):
        await _read(kept.storage, "ab/one")
    if kept.bucket is None:
        assert (kept.folder / "uploads").stat().st_mode & 0o777 == 0o700
    else:
        assert all("key-of-the-bucket" in each for each in kept.bucket.signed)
        assert not (kept.folder / "uploads").exists()


async def test_a_storage_that_is_away_says_so(kept: Kept) -> None:
    path = kept.folder / "sent"
    path.write_bytes(b"x")
    await kept.storage.put("ab/one", path)
    if kept.bucket is not None:
        kept.bucket.away = True
    else:
        folder = kept.folder / "uploads"
        folder.rename(kept.folder / "elsewhere")
        folder.write_text("not a folder any more")
    with pytest.raises(StorageAway):
        await kept.storage.put("ab/two", path)
    with pytest.raises((StorageAway, NotFound)):
        await _read(kept.storage, "ab/one")
