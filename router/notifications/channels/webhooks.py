"""Standard Webhooks (standardwebhooks.com): what happened, as signed JSON, to other systems' endpoints."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import aiohttp
import msgspec

from database.clock import Clock
from router.notifications.channels.calls import post
from router.notifications.channels.parcel import Failed, Outcome, Parcel, Refused, Sent

_PREFIX = "whsec_"
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Target:
    """Where an endpoint is and with which secrets (``whsec_…``) it is signed, the newest first."""

    url: str
    secrets: tuple[str, ...] = field(repr=False)


#: The endpoint as it is now; None once it was removed or switched off.
FindTarget = Callable[[UUID], Awaitable[Target | None]]


def new_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def message_id(notice_id: UUID) -> str:
    """The ``webhook-id``: the same for every endpoint and every try."""
    return f"msg_{notice_id.hex}"


def signature(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """``v1,`` and base64 of HMAC-SHA256 with the secret's bytes over ``id.timestamp.body``."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def body_of(parcel: Parcel) -> bytes:
    """``{type, timestamp, data}``, the same bytes on every try."""
    event = {"type": parcel.kind, "timestamp": parcel.at, "data": dict(parcel.data)}
    return msgspec.json.encode(event, order="deterministic")


class WebhookChannel:
    """2xx: taken. 410: the endpoint wants nothing any more. Anything else is tried again by the schedule."""

    def __init__(
        self, client: aiohttp.ClientSession, clock: Clock, find: FindTarget, *, timeout_seconds: float
    ) -> None:
        """``client`` connects through a `Guard`."""
        self.timeout_seconds = timeout_seconds
        self._client = client
        self._clock = clock
        self._find = find

    async def send(self, parcels: Sequence[Parcel]) -> Outcome:
        parcel = parcels[0]
        target = await self._find(UUID(parcel.endpoint.removeprefix("webhook:")))
        if target is None:
            return Refused("the webhook was removed or switched off")
        body, webhook_id = body_of(parcel), message_id(parcel.notice_id)
        timestamp = int(self._clock.now().timestamp())
        headers = {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signature(one, webhook_id, timestamp, body) for one in target.secrets),
        }
        answer = await post(self._client, target.url, body, headers, self.timeout_seconds)
        if isinstance(answer, Failed):
            return answer
        if 200 <= answer.status < 300:
            return Sent()
        if answer.status == 410:
            return Refused("the receiver answered 410: it wants nothing any more", gone=True)
        return Failed(f"the receiver answered {answer.status}", after_seconds=answer.after_seconds)
