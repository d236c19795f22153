"""JSON for the sockets by msgspec: structs, UUIDs and times go out as they are; the rest is an unknown event."""

from __future__ import annotations

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()


def dumps(value: Any, **_: Any) -> str:
    """python-socketio's ``json.dumps``."""
    return _encoder.encode(value).decode()


def loads(text: str | bytes, **_: Any) -> Any:
    """python-socketio's ``json.loads``.

    A lone surrogate, too deep nesting and the like become an event without a name: it is refused and acknowledged as
    `invalid`, and counted against the sender's rate, whereas an exception here would leave the client without a word.
    """
    try:
        return _decoder.decode(text)
    except (ValueError, RecursionError):
        return [""]
