"""SMS by a gateway of the operator's own, which knows the SMS service: a signed POST; see docs/operators.md."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

import aiohttp
import msgspec

from database.clock import Clock
from router.notifications.channels.calls import post
from router.notifications.channels.parcel import Failed, Outcome, Parcel, Refused, Sent
from router.notifications.words import Words, WordsMissing

_LATER = frozenset({408, 425, 429})


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """What ``X-Yingda-Signature`` must be: ``v1=`` and the HMAC-SHA256, in hex, of timestamp, full stop and body."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class SmsChannel:
    """2xx: taken. 408, 425, 429 and 5xx: tried again later. Any other answer: refused for good."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        words: Words,
        clock: Clock,
        *,
        url: str,
        secret: str,
        link: str | None,
        timeout_seconds: float,
    ) -> None:
        self.timeout_seconds = timeout_seconds
        self._client = client
        self._words = words
        self._clock = clock
        self._url = url
        self._secret = secret
        self._link = link

    async def send(self, parcels: Sequence[Parcel]) -> Outcome:
        parcel = parcels[0]
        try:
            said = self._words.say(parcel.kind, parcel.locale, {"link": self._link, **parcel.data})
        except WordsMissing as fault:
            return Refused(str(fault))
        message = {
            "id": str(parcel.id),
            "phone": parcel.address,
            "text": said.sms,
            "kind": parcel.kind,
            "locale": parcel.locale,
            "params": self._words.values(parcel.data, parcel.locale),
        }
        body = msgspec.json.encode(message)
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "X-Yingda-Timestamp": timestamp,
            "X-Yingda-Signature": signature_of(self._secret, timestamp, body),
            "Idempotency-Key": str(parcel.id),
        }
        answer = await post(self._client, self._url, body, headers, self.timeout_seconds)
        if isinstance(answer, Failed):
            return answer
        if 200 <= answer.status < 300:
            return Sent()
        if answer.status in _LATER or answer.status >= 500:
            return Failed(f"the gateway answered {answer.status}", after_seconds=answer.after_seconds)
        if answer.status in (401, 403, 404) or 300 <= answer.status < 400:
            return Failed(f"the gateway answered {answer.status}")  # set up wrongly: no fault of this message
        return Refused(f"the gateway answered {answer.status}")
