"""What every payload is: outgoing fields that are not set are left out; incoming unknown fields are ignored."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct


class Outgoing(Struct, kw_only=True, omit_defaults=True):
    """What the server sends: fields that are not set are left out."""


class Incoming(Struct, kw_only=True):
    """What a client sends."""


class Storing(Incoming):
    """Every client event that stores carries the sender's own id for it."""

    client_id: UUID


class Ok(Outgoing, omit_defaults=False, kw_only=True):
    ok: bool = True
