"""What crosses the wire: parcels of small messages, in MessagePack; each names its node, and counts, so that what one's
own node said is left aside and a gap is noticed."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")

T = TypeVar("T", bound=Struct)


class Parcel(Struct, frozen=True, array_like=True):
    """What one node sends at once. ``number`` grows by one with each parcel of a node's life; an empty one is a sign of
    life."""

    node: UUID
    number: int
    messages: list[tuple[str, Raw]]


class Ids(Struct, frozen=True, array_like=True):
    """A message that says no more than whom or what it is about."""

    ids: list[UUID]


_decoder = msgspec.msgpack.Decoder(Parcel)


def packed(value: Any) -> Raw:
    """A message, encoded once, at the time it was sent."""
    return Raw(_encoder.encode(value))


def unpacked(raw: Raw, kind: type[T]) -> T:
    """Raises `msgspec.DecodeError` for what another program says."""
    return msgspec.msgpack.decode(raw, type=kind)


def sealed(parcel: Parcel) -> bytes:
    return _encoder.encode(parcel)


def opened(data: bytes) -> Parcel:
    """Raises `msgspec.DecodeError` for what another program says."""
    return _decoder.decode(data)
