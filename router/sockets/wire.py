"""JSON for the sockets by msgspec: structs, UUIDs and times go out as they are; what is not JSON raises ValueError."""

from __future__ import annotations

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()


def dumps(value: Any, **_: Any) -> str:
    """python-socketio's ``json.dumps``."""
    return _encoder.encode(value).decode()


def loads(text: str | bytes, **_: Any) -> Any:
    """python-socketio's ``json.loads``; too deep nesting is malformed like everything else."""
    try:
        return _decoder.decode(text)
    except (RecursionError, UnicodeEncodeError) as error:
        raise ValueError("not acceptable as JSON") from error
