"""Files for tests, made in memory, and how customers and agents send and fetch them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
from PIL import Image

from tests.edge.house import House


@dataclass(frozen=True)
class Fetched:
    """What a browser gets for an address."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def picture(self) -> Image.Image:
        return Image.open(io.BytesIO(self.body))


def picture(width: int = 640, height: int = 400, kind: str = "PNG", **saved: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", (width, height), "blue")
    made.paste("red", (0, 0, width // 2, height))
    file = io.BytesIO()
    made.save(file, kind, **saved)
    return file.getvalue()


def photograph() -> bytes:
    """Taken with the camera on its side, at a place that is nobody's business."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    return picture(1600, 800, "JPEG", exif=exif)


def film(frames: int = 3) -> bytes:
    pictures = [Image.new("RGB", (40, 30), (40 * n, 0, 0)) for n in range(frames)]
    file = io.BytesIO()
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:], duration=100)
    return file.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says that it is enormous."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


async def send(
    house: House,
    token: str | None,
    content: bytes,
    name: str = "截图.png",
    *,
    key: str | None = None,
    type_: str = "image/png",
) -> tuple[int, dict[str, Any]]:
    """Status and JSON of sending one file as a form; ``type_`` is what a browser claims."""
    form = aiohttp.FormData(quote_fields=False)  # names as browsers write them
    form.add_field("file", io.BytesIO(content), filename=name, content_type=type_)
    headers = {"Idempotency-Key": key or str(uuid4())}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    async with (
        aiohttp.ClientSession(house.url, timeout=aiohttp.ClientTimeout(total=20)) as session,
        session.post("/api/v1/uploads", data=form, headers=headers) as response,
    ):
        return response.status, await response.json()


async def sent(house: House, token: str, content: bytes | None = None, name: str = "截图.png") -> dict[str, Any]:
    """A file that was taken."""
    status, answer = await send(house, token, content if content is not None else picture(), name)
    assert status == 201, answer
    return answer


async def fetch(house: House, address: str, token: str | None = None, **headers: str) -> Fetched:
    """As an ``<img>`` does it, without a token unless one is given."""
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    async with (
        aiohttp.ClientSession(house.url, timeout=aiohttp.ClientTimeout(total=20)) as session,
        session.get(address, headers=headers) as response,
    ):
        return Fetched(response.status, dict(response.headers), await response.read())
