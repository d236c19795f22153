"""Frames come out as they went in, however they were cut on the way; what no client may send is refused."""

from __future__ import annotations

import os
from random import Random

import pytest

from router.sockets import frames

_LIMIT = 65_536


def _masked(payload: bytes, first: int = frames.TEXT) -> bytes:
    """A frame as a browser sends it."""
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65_536:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8, "big")
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


@pytest.mark.parametrize("size", [0, 1, 3, 4, 125, 126, 1_000, 65_535, 65_536])
def test_a_frame_of_any_size_is_unmasked(size: int) -> None:
    payload = os.urandom(size)

    assert frames.cut(_masked(payload), _LIMIT) == ([(frames.TEXT, payload)], b"")


def test_frames_cut_anywhere_come_out_whole_and_in_order() -> None:
    chance = Random(6)
    texts = [chance.randbytes(chance.choice((0, 5, 130, 3_000))) for _ in range(40)]
    wire = b"".join(map(_masked, texts))
    found: list[bytes] = []
    rest = b""
    while wire:
        some = chance.randint(1, 400)
        cut, rest = frames.cut(rest + wire[:some], _LIMIT)
        wire = wire[some:]
        found += [payload for _, payload in cut]

    assert (found, rest) == (texts, b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x05hello", frames.PROTOCOL_ERROR),  # not masked
        (_masked(b"x" * (_LIMIT + 1))[:20], frames.TOO_LARGE),  # refused by its head, not when all of it is here
    ],
    ids=["not masked", "too large"],
)
def test_what_no_client_may_send_is_refused(data: bytes, code: int) -> None:
    with pytest.raises(frames.BrokenFrame) as broken:
        frames.cut(data, _LIMIT)

    assert broken.value.code == code


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_servers_frame_says_its_size(size: int) -> None:
    frame = frames.framed(b"x" * size)

    width = 2 if size < 126 else 4 if size < 65_536 else 10
    assert frame[0] == frames.TEXT
    assert len(frame) == width + size
    assert (frame[1] if width == 2 else int.from_bytes(frame[2:width], "big")) == size
