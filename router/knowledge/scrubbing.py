"""Videos without what cameras write beside the picture: place, device and maker are blotted out where they stand, no
byte moves; refuses what is built wrong. Nothing is decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kb_index.reading.pictures import VideoKind
from router.errors import Invalid

_DEEPEST = 6
_MOST_BOXES = 20_000
#: Boxes that hold others on the way to what is looked for, and those that say something about whoever filmed.
_HOLDING = frozenset({b"moov", b"trak", b"mdia", b"minf"})
_TELLING = frozenset({b"udta", b"meta", b"uuid"})
_SEGMENT, _TAGS, _VOID = b"\x18\x53\x80\x67", b"\x12\x54\xc3\x67", 0xEC
_EBML = b"\x1a\x45\xdf\xa3"
_UNKNOWN_SIZE = -1


class VideoBroken(Invalid):
    """The video cannot be read; it may be damaged or of another kind than its name says."""


def scrub(path: Path, kind: VideoKind) -> None:
    """Changes the file; raises `VideoBroken`. Synchronous: run it in a thread."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        if kind == "mp4":
            names = set[bytes]()
            for name, start, end in list(_boxes(file, 0, size, 0)):
                names.add(name)
                if name in _TELLING:
                    _blot(file, start, end)
            if b"moov" not in names:
                raise VideoBroken
        else:
            for start, end in list(_tags(file, size)):
                file.seek(start)
                file.write(_void(end - start))


def _boxes(file: BinaryIO, start: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, first byte and the place behind the last of each box, those inside of holding ones too."""
    seen = 0
    while start + 8 <= end:
        seen += 1
        file.seek(start)
        head = file.read(16)
        length, name, inner = int.from_bytes(head[:4]), head[4:8], 8
        if length == 1:
            length, inner = int.from_bytes(head[8:16]), 16
        elif length == 0:
            length = end - start
        if length < inner or start + length > end or seen > _MOST_BOXES or depth > _DEEPEST:
            raise VideoBroken
        yield name, start, start + length
        if name in _HOLDING:
            yield from _boxes(file, start + inner, start + length, depth + 1)
        start += length


def _blot(file: BinaryIO, start: int, end: int) -> None:
    """The box becomes free room of the same length."""
    file.seek(start)
    long = int.from_bytes(file.read(4)) == 1
    file.seek(start + 4)
    file.write(b"free")
    place = start + (16 if long else 8)
    file.seek(place)
    _zeros(file, end - place)


def _zeros(file: BinaryIO, count: int) -> None:
    piece = bytes(65_536)
    while count > 0:
        count -= file.write(piece[: min(count, len(piece))])


def _tags(file: BinaryIO, size: int) -> Iterator[tuple[int, int]]:
    """Where the segment's tags stand."""
    start, end, seen = 0, size, 0
    while start < end:
        seen += 1
        if seen > _MOST_BOXES:
            raise VideoBroken
        name, length, inner = _element(file, start)
        if name == _SEGMENT:
            start = inner  # its elements follow
            continue
        if length == _UNKNOWN_SIZE:
            return  # a stream without an index: what follows cannot be skipped, and such a file has no tags at its end
        if inner + length > end or (start == 0 and name != _EBML):
            raise VideoBroken
        if name == _TAGS:
            yield start, inner + length
        start = inner + length


def _element(file: BinaryIO, start: int) -> tuple[bytes, int, int]:
    """Name, length of what is inside (or `_UNKNOWN_SIZE`), and where that begins."""
    file.seek(start)
    head = file.read(12)
    name_bytes = _width(head[0] if head else 0)
    size_bytes = _width(head[name_bytes] if len(head) > name_bytes else 0)
    if not 0 < name_bytes <= 4 or not size_bytes or len(head) < name_bytes + size_bytes:
        raise VideoBroken
    value = int.from_bytes(head[name_bytes : name_bytes + size_bytes]) & ((1 << 7 * size_bytes) - 1)
    unknown = value == (1 << 7 * size_bytes) - 1
    return head[:name_bytes], _UNKNOWN_SIZE if unknown else value, start + name_bytes + size_bytes


def _width(first: int) -> int:
    """How many bytes a number of EBML takes, by its first byte; 0 for none."""
    return 9 - first.bit_length() if first else 0


def _void(length: int) -> bytes:
    """An element of this length that says nothing; 9 at least, which tags always take."""
    if length < 9:
        raise VideoBroken
    return bytes([_VOID]) + (length - 9 | 1 << 56).to_bytes(8) + bytes(length - 9)
