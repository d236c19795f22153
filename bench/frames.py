"""WebSocket frames as a load generator needs them: text out, whole frames in; knows no fragments.

The masking key is zero, which the protocol allows and which spares the generator the masking, the server nothing.
"""

from __future__ import annotations

import zlib

_TEXT, _CLOSE, _PING = 1, 8, 9
_DEFLATED = 0x40
_TAIL = b"\x00\x00\xff\xff"


def text_frame(payload: bytes) -> bytes:
    """A client's text frame."""
    size = len(payload)
    if size < 126:
        return b"\x81" + bytes((0x80 | size,)) + b"\0\0\0\0" + payload
    if size < 65_536:
        return b"\x81\xfe" + size.to_bytes(2, "big") + b"\0\0\0\0" + payload
    return b"\x81\xff" + size.to_bytes(8, "big") + b"\0\0\0\0" + payload


class FrameReader:
    """Cuts what arrives into the texts of whole frames, inflated where the server deflates."""

    def __init__(self) -> None:
        self._rest = b""
        self._inflate: zlib._Decompress | None = None
        self.closed = False

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads of the text frames that are complete now."""
        data = self._rest + data if self._rest else data
        at, end = 0, len(data)
        payloads = []
        while end - at >= 2:
            size = data[at + 1]
            start = at + 2
            if size == 126:
                start = at + 4
                if end < start:
                    break
                size = int.from_bytes(data[at + 2 : start], "big")
            elif size == 127:
                start = at + 10
                if end < start:
                    break
                size = int.from_bytes(data[at + 2 : start], "big")
            if end < start + size:
                break
            first = data[at]
            kind = first & 0x0F
            if kind == _TEXT:
                payload = data[start : start + size]
                payloads.append(self._inflated(payload) if first & _DEFLATED else payload)
            elif kind == _CLOSE:
                self.closed = True
            at = start + size
        self._rest = data[at:]
        return payloads

    def _inflated(self, payload: bytes) -> bytes:
        if self._inflate is None:
            self._inflate = zlib.decompressobj(wbits=-15)
        return self._inflate.decompress(payload + _TAIL)
