"""Packets of Socket.IO 5 over Engine.IO 4, as bytes; refuses everything but text: there are no attachments.

JSON by msgspec: structs, UUIDs and times go out as they are.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

#: Engine.IO's close, ping and pong, and its `message` with Socket.IO's kinds.
CLOSE, PING, PONG = b"1", b"2", b"3"
CONNECT, DISCONNECT, EVENT, ACK = b"0", b"1", b"2", b"3"

#: (kind, namespace, number of the acknowledgement, JSON) of a message.
PACKET = re.compile(rb"4([0-3])(?:(/[^,]{0,100})(?:,|$))?(\d{0,19})(.*)", re.DOTALL)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_pieces = msgspec.json.Decoder(list[msgspec.Raw]).decode
_word = msgspec.json.Decoder(str).decode


def opening(sid: str, *, ping_interval: float, ping_timeout: float, max_bytes: int) -> bytes:
    """Engine.IO's first packet."""
    return b"0" + _encode(
        {
            "sid": sid,
            "upgrades": [],
            "pingTimeout": int(ping_timeout * 1000),
            "pingInterval": int(ping_interval * 1000),
            "maxPayload": max_bytes,
        }
    )


def connected(namespace: bytes, sid: str) -> bytes:
    return b"40%b,%b" % (namespace, _encode({"sid": sid}))


def refused(namespace: bytes, refusal: dict[str, Any]) -> bytes:
    """``refusal``: `message`, and `data` for the client's program."""
    return b"44%b,%b" % (namespace, _encode(refusal))


def disconnected(namespace: bytes) -> bytes:
    return b"41%b," % namespace


def event(namespace: bytes, name: str, payload: Any) -> bytes:
    return b"42%b,%b" % (namespace, _encode((name, payload)))


def acknowledgement(namespace: bytes, number: bytes, answer: Any) -> bytes:
    """``answer`` None: the client hears that it arrived, nothing else."""
    return b"43%b,%b%b" % (namespace, number, b"[]" if answer is None else _encode((answer,)))


def loads(json: bytes) -> Any:
    """What a client tells at connect; what is no JSON becomes something that no payload is."""
    try:
        return _decode(json) if json else None
    except (ValueError, RecursionError):
        return [""]


def read_event(json: bytes) -> tuple[str, bytes]:
    """The name and the JSON of the first argument of an event.

    A lone surrogate, too deep nesting and the like become an event without a name: it is refused and acknowledged as
    `invalid`, and counted against the sender's rate, whereas an exception here would leave the client without a word.
    """
    try:
        pieces = _pieces(json)
        return (_word(pieces[0]), bytes(pieces[1]) if len(pieces) > 1 else b"{}") if pieces else ("", b"{}")
    except (ValueError, RecursionError):
        return "", b"{}"
