"""A file in a request, read piece by piece; keeps nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import BodyPartReader, web
from msgspec import Struct

from router.errors import Invalid, TooLarge

FORM_BYTES = 16 * 1024  # what a form adds around its file
_CHUNK_BYTES = 64 * 1024
_MEGABYTE = 1024 * 1024


class FileForm(Struct, kw_only=True):
    """``multipart/form-data`` with one part that has a file name; its content says what it is."""

    file: bytes


async def file_of(request: web.Request) -> BodyPartReader:
    """The first part with a file name; raises `Invalid`."""
    if request.content_type != "multipart/form-data":
        raise Invalid("send the file as multipart/form-data")
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if isinstance(part, BodyPartReader) and part.filename is not None:
                return part
    except (ValueError, AssertionError, UnicodeError) as fault:
        raise Invalid("the form cannot be read") from fault
    raise Invalid("the form holds no file", field="file")


async def chunks_of(part: BodyPartReader) -> AsyncIterator[bytes]:
    """Its bytes; raises `Invalid` where the form breaks off."""
    try:
        while chunk := await part.read_chunk(_CHUNK_BYTES):
            yield chunk
    except (ValueError, AssertionError) as fault:
        raise Invalid("the form breaks off") from fault


async def received(request: web.Request, path: Path, most_bytes: int, seconds: float) -> str:
    """Writes the file of a form to ``path``; its name. Raises `Invalid`, `TooLarge`."""
    if (request.content_length or 0) > most_bytes + FORM_BYTES:
        raise _too_large(most_bytes)
    size = 0
    try:
        async with asyncio.timeout(seconds):
            part = await file_of(request)
            with path.open("wb") as file:
                async for chunk in chunks_of(part):
                    size += len(chunk)
                    if size > most_bytes:
                        raise _too_large(most_bytes)
                    file.write(chunk)
    except TimeoutError as fault:
        raise Invalid("the file did not arrive in time") from fault
    if not size:
        raise Invalid("the file is empty")
    return part.filename or ""


def _too_large(most_bytes: int) -> TooLarge:
    return TooLarge(f"the file is larger than {most_bytes / _MEGABYTE:g} MB", limit=most_bytes)
