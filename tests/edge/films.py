"""Tiny videos made in memory: a WebM that plays, whose frames are what Pillow writes as WebP, and the bones of an MP4;
both say who filmed, and where."""

from __future__ import annotations

import io
import struct

from PIL import Image

SECRET = b"SecretCamera +31.2304+121.4737/"
_SIDES = (160, 90)


def webm(frames: int = 5) -> bytes:
    """So many tenths of a second, from black to red."""
    segment = _element(
        0x1549A966,
        _element(0x2AD7B1, b"\x0f\x42\x40"),
        _element(0x4489, struct.pack(">d", frames * 100.0)),
        _element(0x4D80, b"t"),
        _element(0x5741, b"t"),
    )
    width, height = (side.to_bytes(2) for side in _SIDES)
    track = _element(
        0xAE,
        _element(0xD7, b"\1"),
        _element(0x73C5, b"\1"),
        _element(0x83, b"\1"),
        _element(0x86, b"V_VP8"),
        _element(0xE0, _element(0xB0, width), _element(0xBA, height)),
    )
    segment += _element(0x1654AE6B, track)
    blocks = b"".join(
        _element(0xA3, b"\x81", (number * 100).to_bytes(2), b"\x80", _frame(number * 40)) for number in range(frames)
    )
    segment += _element(0x1F43B675, _element(0xE7, b"\0"), blocks)
    segment += _element(
        0x1254C367, _element(0x7373, _element(0x67C8, _element(0x45A3, b"MAKER"), _element(0x4487, SECRET)))
    )
    head = _element(
        0x1A45DFA3,
        _element(0x4286, b"\1"),
        _element(0x42F7, b"\1"),
        _element(0x42F2, b"\4"),
        _element(0x42F3, b"\x08"),
        _element(0x4282, b"webm"),
        _element(0x4287, b"\2"),
        _element(0x4285, b"\2"),
    )
    return head + _element(0x18538067, segment)


def mp4(brand: bytes = b"isom") -> bytes:
    """A film without a frame."""
    telling = _box(b"udta", _box(b"\xa9xyz", SECRET))
    return (
        _box(b"ftyp", brand, b"\0\0\2\0", brand)
        + _box(b"moov", _box(b"trak", telling), telling)
        + _box(b"mdat", b"film")
    )


def _frame(red: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", _SIDES, (red, 0, 0)).save(out, "WEBP", quality=40)
    packed = out.getvalue()
    at = packed.index(b"VP8 ")
    return packed[at + 8 : at + 8 + int.from_bytes(packed[at + 4 : at + 8], "little")]


def _element(name: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return name.to_bytes((name.bit_length() + 7) // 8) + (len(body) | 1 << 56).to_bytes(8) + body


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4) + name + body
