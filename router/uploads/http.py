"""Files over HTTP: sent by customers and agents, and fresh links for who may see them; the bytes are in `serving`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from asyncpg import Record

from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.agents.records import Account
from router.api import EITHER, Call, Route
from router.conversations.http import colleague_of
from router.customers.records import Customer
from router.errors import Invalid, NotFound, TooLarge
from router.payloads.log import Attachment
from router.uploads.forms import FORM_BYTES, FileForm, chunks_of, file_of
from router.uploads.links import Links
from router.uploads.receiving import Receiving
from router.uploads.records import PATH, Sender, Upload


class UploadsHttp:
    """``POST`` stores a file, ``GET …/link`` makes a fresh link for who may see it."""

    def __init__(
        self,
        database: Database,
        receiving: Receiving,
        links: Links,
        require_admitted: Callable[[UUID], None],
        sees_ticket: Callable[[Account, UUID], Awaitable[bool]],
        *,
        receive_seconds: float,
    ) -> None:
        """``require_admitted`` refuses a customer who is blocked; ``sees_ticket``: a colleague, by the ticket's id."""
        self._database = database
        self._receiving = receiving
        self._links = links
        self._require_admitted = require_admitted
        self._sees_ticket = sees_ticket
        self._receive_seconds = receive_seconds
        self._sql = load_queries(__file__)

    def routes(self) -> list[Route]:
        return [
            Route("POST", PATH, self.send, EITHER, None, Attachment, "Send a file; name its id in a message then",
                  status=201, form=FileForm),
            Route("GET", f"{PATH}/{{id}}/link", self.link, EITHER, None, Attachment, "A fresh link to a file"),
        ]  # fmt: skip

    async def send(self, call: Call) -> Attachment:
        """A repeat with the same Idempotency-Key gives the file of the first time."""
        sender = _sender_of(call)
        if sender.kind == "customer":
            self._require_admitted(sender.id)
        client_id = call.idempotency_key or uuid7()
        known = await self._receiving.repeated(sender, client_id)
        if known is not None:
            return self._links.attachment(known)
        await self._receiving.require_quota(sender)
        most = self._receiving.most_bytes
        if (call.request.content_length or 0) > most + FORM_BYTES:
            raise TooLarge(f"the file is larger than {most / 1024 / 1024:g} MB", limit=most)
        try:
            async with asyncio.timeout(self._receive_seconds):
                part = await file_of(call.request)
                upload = await self._receiving.take(sender, client_id, part.filename, chunks_of(part))
        except TimeoutError as fault:
            raise Invalid("the file did not arrive in time") from fault
        return self._links.attachment(upload)

    async def link(self, call: Call) -> Attachment:
        """Who may see the conversation or ticket may see its files; a file in neither is its sender's alone."""
        row = await self._database.fetchrow(self._sql["upload_and_place"], call.path_id)
        if row is None or not (_may_see(call, row) or await self._may_see_ticket(call, row["ticket_id"])):
            raise NotFound("there is no such file")
        return self._links.attachment(Upload.from_row(row))

    async def _may_see_ticket(self, call: Call, ticket_id: UUID | None) -> bool:
        """A colleague; customers see the files of their own thread."""
        if ticket_id is None or call.customer_or_none is not None:
            return False
        return await self._sees_ticket(call.signed.account, ticket_id)


def _sender_of(call: Call) -> Sender:
    customer: Customer | None = call.customer_or_none
    return Sender("customer", customer.id) if customer is not None else Sender("agent", call.signed.account.id)


def _may_see(call: Call, row: Record) -> bool:
    """The sender, and whoever may see the conversation that the file went into."""
    sender = _sender_of(call)
    if (row["sender_kind"], row["sender_id"]) == (sender.kind, sender.id):
        return True
    if row["conversation_id"] is None:
        return False
    if sender.kind == "customer":
        return bool(row["customer_id"] == sender.id)
    return colleague_of(call.signed.account).may_see(row["group_id"], row["owner"])
