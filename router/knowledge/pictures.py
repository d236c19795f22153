"""Pictures that editors put into answers: looked at, written anew without what cameras and tools leave in them, and
kept by their content."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import io
import os
import re
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct
from PIL import Image, ImageOps, UnidentifiedImageError

from router.api import Call, Route
from router.errors import Invalid, TooLarge
from router.knowledge.http import EDITORS
from router.knowledge.views import PictureView

MAX_FILE = 5 * 1024 * 1024
_MAX_PIXELS = 40_000_000
_KINDS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
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
        clean, ending = rewritten(content)
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


def rewritten(content: bytes) -> tuple[bytes, str]:
    """The picture encoded anew, with its file ending; raises `Invalid` for what is none or far too large."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_KINDS)) as picture:
            kind = picture.format or ""
            if picture.width * picture.height > _MAX_PIXELS:
                raise Invalid("the picture has too many points", field="content")
            out = io.BytesIO()
            if kind == "GIF":
                picture.save(out, "GIF", save_all=True)
            else:
                upright = ImageOps.exif_transpose(picture)
                upright.info.clear()
                if kind == "JPEG":
                    upright.convert("RGB").save(out, "JPEG", quality=88, optimize=True)
                else:
                    upright.save(out, kind)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise Invalid("this is no PNG, JPEG, GIF or WebP", field="content") from fault
    return out.getvalue(), _KINDS[kind]
