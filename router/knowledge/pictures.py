"""Pictures and videos that editors put into answers: pictures are written anew, videos lose what cameras wrote beside
the picture; both are known and kept by their content, and refused where it is of another kind."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import re
import tempfile
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from kb_index.reading.pictures import Videos, video_kind
from router.api import Call, Route
from router.errors import Invalid, TooLarge
from router.knowledge.http import EDITORS
from router.knowledge.media import Media
from router.knowledge.scrubbing import scrub
from router.knowledge.views import PictureView
from router.uploads.forms import FileForm, received
from router.uploads.pictures import Bounds, remake
from router.uploads.receiving import KindRefused
from router.uploads.scanning import Scan

MAX_FILE = 5 * 1024 * 1024
_BOUNDS = Bounds(pixels=40_000_000, side=2400, preview_side=720)
_NAME = re.compile(r"[^\w.-]+")
_HEAD_BYTES = 4096


class NewPicture(Struct, kw_only=True):
    """``content`` is the file in base64."""

    file_name: Annotated[str, Meta(max_length=200)]
    content: str


class PicturesHttp:
    """Below the folder from which the server shows pictures."""

    def __init__(self, media: Media, videos: Videos, scan: Scan, *, receive_seconds: float) -> None:
        self._media = media
        self._videos = videos
        self._scan = scan
        self._receive_seconds = receive_seconds

    def routes(self) -> list[Route]:
        return [
            Route("POST", "/api/v1/knowledge/pictures", self.add, EDITORS, NewPicture, PictureView,
                  "Put a picture beside the articles", status=201, max_body_bytes=MAX_FILE * 4 // 3 + 4096),
            Route("POST", "/api/v1/knowledge/videos", self.add_video, EDITORS, None, PictureView,
                  "Put a video beside the articles", status=201, form=FileForm),
        ]  # fmt: skip

    async def add(self, call: Call) -> PictureView:
        body: NewPicture = call.body
        content = decoded(body.content, MAX_FILE)
        with tempfile.TemporaryDirectory() as made:
            source = Path(made) / "source"
            source.write_bytes(content)
            await self._scan(source)
            picture = await asyncio.to_thread(remake, source, Path(made), _BOUNDS)
            return await self._kept(picture.path, picture.kind.extensions[0], body.file_name, "images")

    async def add_video(self, call: Call) -> PictureView:
        """Raises `KindRefused`, `VideoBroken`, `TooLarge`, `FileInfected`."""
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "source"
            name = await received(call.request, path, self._videos.most_bytes, self._receive_seconds)
            with path.open("rb") as file:
                kind = video_kind(file.read(_HEAD_BYTES))
            if kind is None or kind not in self._videos.kinds:
                raise KindRefused(kinds=list(self._videos.kinds))
            await self._scan(path)
            await asyncio.to_thread(scrub, path, kind)
            return await self._kept(path, kind, name, "videos")

    async def _kept(self, path: Path, ending: str, given: str, folder: str) -> PictureView:
        """Named by its content; for people, by the name it came with."""
        digest = await asyncio.to_thread(_digest_of, path)
        name = f"{digest}.{ending}"
        await self._media.keep(name, path)
        stem = _NAME.sub("-", Path(given).stem).strip("-.")[:40] or "file"
        return PictureView(name=f"{folder}/{stem}-{digest[:8]}.{ending}", url=f"/media/{name}")


def decoded(content: str, limit: int) -> bytes:
    """The bytes behind base64; raises `Invalid`, `TooLarge`."""
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Invalid("content is not base64", field="content") from fault
    if len(raw) > limit:
        raise TooLarge(f"the file is larger than {limit // 1024 // 1024} MB", limit=limit, length=len(raw))
    return raw


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
