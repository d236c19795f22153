"""WebSocket frames (RFC 6455): what a client sent, cut and unmasked; refuses the unmasked and the too large."""

from __future__ import annotations

CLOSE, PING, PONG = 0x88, 0x89, 0x8A
#: A whole text, the first part of one, a part in between, the last part.
TEXT, FIRST_PART, NEXT_PART, LAST_PART = 0x81, 0x01, 0x00, 0x80

GOING_AWAY, PROTOCOL_ERROR, NO_TEXT, NOT_UTF8, TOO_LARGE = 1001, 1002, 1003, 1007, 1009


class BrokenFrame(Exception):
    """A frame that ends its connection, with the code that tells the client why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def cut(data: bytes, limit: int) -> tuple[list[tuple[int, bytes]], bytes]:
    """The frames of at most ``limit`` bytes that are whole, as (first byte, payload), and the rest, still to come.

    Raises BrokenFrame. A client's frame has at least six bytes: two of head, four of mask.
    """
    frames = []
    at, end = 0, len(data)
    while end - at >= 6:
        size = data[at + 1] - 0x80
        if size < 0:
            raise BrokenFrame(PROTOCOL_ERROR)
        start = at + 2
        if size > 125:
            wide = 2 if size == 126 else 8
            if end < start + wide:
                break
            size = int.from_bytes(data[start : start + wide], "big")
            start += wide
        if size > limit:
            raise BrokenFrame(TOO_LARGE)
        begin = start + 4
        stop = begin + size
        if end < stop:
            break
        frames.append((data[at], _unmasked(data[start:begin], data[begin:stop])))
        at = stop
    return frames, data[at:]


def _unmasked(mask: bytes, payload: bytes) -> bytes:
    """Both as one large number each: for the short texts of a chat this is as quick as a loop in C."""
    size = len(payload)
    masks = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(masks, "little")).to_bytes(size, "little")


def framed(payload: bytes, first: int = TEXT) -> bytes:
    """A server's frame: unmasked, in one piece."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65_536:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


def closing(code: int) -> bytes:
    """A server's last frame."""
    return framed(code.to_bytes(2, "big"), CLOSE)
