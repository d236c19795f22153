"""Pictures that editors put into answers: looked at, written anew without what cameras and tools leave in them, and
kept by their content."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from router.api import Call, Route
from router.errors import Invalid, TooLarge
from router.knowledge.http import EDITORS
from router.knowledge.views import PictureView
from router.uploads.pictures import Bounds, remake

MAX_FILE = 5 * 1024 * 1024
_BOUNDS = Bounds(pixels=40_000_000, side=2400, preview_side=720)
_NAME = re.compile(r"[^\w.-]+")


class NewPicture(Struct, kw_only=True):
    """``content`` is the file in base64."""

    file_name: Annotated[str, Meta(max_length=200)]
    content: str


class PicturesHttp:
    """Below the folder from which the server shows pictures."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def routes(self) -> list[Route]:
        return [
            Route("POST", "/api/v1/knowledge/pictures", self.add, EDITORS, NewPicture, PictureView,
                  "Put a picture beside the articles", status=201, max_body_bytes=MAX_FILE * 4 // 3 + 4096)
        ]  # fmt: skip

    async def add(self, call: Call) -> PictureView:
        body: NewPicture = call.body
        content = decoded(body.content, MAX_FILE)
        file = await asyncio.to_thread(self._keep, content)
        stem = _NAME.sub("-", Path(body.file_name).stem).strip("-.")[:40] or "picture"
        ending = Path(file).suffix
        return PictureView(name=f"images/{stem}-{Path(file).stem[:8]}{ending}", url=f"/media/{file}")

    def _keep(self, content: bytes) -> str:
        """The name of the file, which is a hash of what is in it."""
        with tempfile.TemporaryDirectory() as made:
            source = Path(made) / "source"
            source.write_bytes(content)
            picture = remake(source, Path(made), _BOUNDS)
            clean, ending = picture.path.read_bytes(), picture.kind.extensions[0]
        name = f"{hashlib.sha256(clean).hexdigest()}.{ending}"
        target = self._folder / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_name(f".{name}.{os.getpid()}")
            unfinished.write_bytes(clean)
            unfinished.replace(target)
        return name


def decoded(content: str, limit: int) -> bytes:
    """The bytes behind base64; raises `Invalid`, `TooLarge`."""
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Invalid("content is not base64", field="content") from fault
    if len(raw) > limit:
        raise TooLarge(f"the file is larger than {limit // 1024 // 1024} MB", limit=limit, length=len(raw))
    return raw
