"""Addresses of files that a page can show without a header: signed, for a while; nobody makes one for another file."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET, structs

from database.clock import Clock
from router.payloads.log import Attachment, Event
from router.uploads.records import PATH, Upload

_MAC_BYTES = 16


class Links:
    """A link holds for one to two times ``minutes`` and stays the same for that long, so that browsers keep a file."""

    def __init__(self, key: bytes, clock: Clock, minutes: float) -> None:
        self._key = hmac.digest(key, b"link to a file", "sha256")
        self._clock = clock
        self._span_seconds = round(minutes * 60)

    def attachment(self, upload: Upload) -> Attachment:
        """The file as its sender and the other side are told of it, with links of now."""
        return self.signed(unsigned(upload))

    def signed(self, attachment: Attachment) -> Attachment:
        """The same with links of now; a picture of an article needs none."""
        if attachment.id is None:
            return attachment
        link = self._link(attachment.id)
        preview = None if attachment.preview_url is None else f"{link}&size=preview"
        return structs.replace(attachment, url=link, preview_url=preview)

    def all(self, attachments: Sequence[Attachment]) -> list[Attachment]:
        return [self.signed(each) for each in attachments]

    def event(self, event: Event) -> Event:
        """The event with links of now; most have no files and stay as they are."""
        if event.attachments is UNSET or all(each.id is None for each in event.attachments):
            return event
        return structs.replace(event, attachments=self.all(event.attachments))

    def opens(self, upload_id: UUID, until: int, key: str) -> bool:
        """Whether this link was made here, for this file, and still holds."""
        genuine = self._key_of(upload_id, until)
        return hmac.compare_digest(genuine, key.encode("utf-8", "surrogatepass")) and until > self._now()

    def _link(self, upload_id: UUID) -> str:
        until = (self._now() // self._span_seconds + 2) * self._span_seconds
        return f"{PATH}/{upload_id}?until={until}&key={self._key_of(upload_id, until).decode()}"

    def _key_of(self, upload_id: UUID, until: int) -> bytes:
        mac = hmac.digest(self._key, upload_id.bytes + until.to_bytes(8, "big", signed=True), "sha256")
        return base64.urlsafe_b64encode(mac[:_MAC_BYTES]).rstrip(b"=")

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def unsigned(upload: Upload) -> Attachment:
    """As the log keeps it: the addresses without what opens them."""
    address = f"{PATH}/{upload.id}"
    return Attachment(
        id=upload.id,
        url=address,
        name=upload.name,
        type=upload.type,
        bytes=upload.bytes,
        width=upload.width,
        height=upload.height,
        preview_url=f"{address}?size=preview" if upload.has_preview else None,
    )


def as_stored(attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    """For the body of a message."""
    stored: list[dict[str, Any]] = [
        {
            name: str(value) if name == "id" else value
            for name, value in structs.asdict(each).items()
            if value is not None
        }
        for each in attachments
    ]
    return stored
