"""Call-backs (预约回电) as customers book, change and cancel them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from router.payloads.base import Incoming, Ok, Outgoing, Storing


class CallbackSlots(Incoming):
    conversation_id: UUID | None = None


class CallbackSlot(Outgoing):
    """A span in which somebody calls."""

    at: datetime
    until: datetime


class Callback(Outgoing):
    """A call that the customer has booked; most of the number is hidden."""

    id: UUID
    at: datetime
    until: datetime
    phone: str


class CallbackSlotsAck(Ok):
    """``timezone`` is the desk's: people are called by its clock."""

    slots: list[CallbackSlot]
    callbacks: list[Callback]
    timezone: str


class BookCallback(Storing):
    """``at`` is the beginning of an offered slot; ``callback_id`` changes a call that was booked before."""

    at: datetime
    phone: str | None = None
    conversation_id: UUID | None = None
    text: str | None = None
    callback_id: UUID | None = None


class CancelCallback(Storing):
    callback_id: UUID


class CallbackAck(Ok):
    callback: Callback
