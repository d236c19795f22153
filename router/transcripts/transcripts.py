"""A conversation by mail to an address that its customer gives; refuses what would make it a way to send spam."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.conversations import Conversations
from router.conversations.finding import Place
from router.conversations.journal import Journal
from router.conversations.log import LogRow, event_from_row
from router.conversations.records import Change, Conversation, Statement
from router.customers.contact import normal_email
from router.errors import Forbidden, Invalid, RateLimited
from router.notifications.outbox import Outbox
from router.notifications.records import Address, Notice
from router.payloads.base import Ok
from router.payloads.reading import EmailTranscript
from router.retention.archive import Archive
from router.security.sealing import Sealer
from router.tickets.contact import required_contact
from router.transcripts.settings import TranscriptSettings
from router.transcripts.talk import lines_of

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_MOST_EVENTS = 1_000


class Transcripts:
    """The mail is recorded with the request, and sent like every notice; ``can_mail``: whether mail is set up."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        conversations: Conversations,
        outbox: Outbox,
        sealer: Sealer,
        clock: Clock,
        settings: TranscriptSettings,
        archive: Archive,
        *,
        can_mail: bool,
    ) -> None:
        self._database = database
        self._journal = journal
        self._conversations = conversations
        self._outbox = outbox
        self._sealer = sealer
        self._clock = clock
        self._settings = settings
        self._archive = archive
        self._sql = load_queries(Path(__file__))
        self.is_on = can_mail and settings.per_customer > 0

    async def mail(self, place: Place, wish: EmailTranscript) -> dict[str, Any]:
        """Raises `NotFound` for somebody else's conversation, `Invalid`, `RateLimited`, `Forbidden` without mail."""
        answered = await self._conversations.answer_of(place.customer_id, wish.client_id)
        if answered is not None:
            return answered
        row = await self._conversations.own(place.customer_id, wish.conversation_id)
        if not self.is_on:
            raise Forbidden("conversations are not mailed here")
        email = required_contact(None, wish.email)["email"]
        address = self._sealer.lookup_hash(normal_email(email), "transcript")
        await self._require_room(place, address)
        events: Sequence[LogRow] = await self._database.fetch(self._sql["log_before"], row.id, _MOST_EVENTS)
        if len(events) < min(row.last_seq, _MOST_EVENTS):  # the rest stands in the archive
            events = [*await self._archive.events(row.id, 0, _MOST_EVENTS), *events][-_MOST_EVENTS:]
        lines = lines_of(event_from_row(event) for event in events)
        if all(line["kind"] == "customer" for line in lines):
            raise Invalid("there is no answer to mail yet")
        data = {"talk": lines, "since": lines[0]["at"], "conversation_id": str(row.id)}

        def record(_: Conversation, moment: Moment) -> Change:
            notice = Notice(
                "transcript", Address(email=email, locale=place.locale), data, f"transcript:{wish.client_id}"
            )
            noted = (uuid7(), place.customer_id, address, moment.now, moment.now - _DAY)
            also = (self._outbox.statement(notice), Statement(self._sql["note_mailed"], noted))
            return Change(also=also, answer=Ok())

        sender = place.customer_id
        committed = await self._journal.write(row.id, record, sender=sender, client_id=wish.client_id)
        return committed.answer

    async def _require_room(self, place: Place, address: bytes) -> None:
        now, limits = self._clock.now(), self._settings
        found = await self._database.fetchrow(
            self._sql["mailed_since"], place.customer_id, address, now - _DAY, now - _HOUR
        )
        assert found is not None
        if found["by_customer"] >= limits.per_customer or found["to_address"] >= limits.per_address:
            raise RateLimited("no more of these mails today")
        if found["in_an_hour"] >= limits.per_hour:
            raise RateLimited("too many of these mails at present; try again later")
