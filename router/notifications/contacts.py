"""Where colleagues are reached outside of the console; sealed, and checked before they are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from database.pool import Database
from database.queries import load_queries
from router.errors import Invalid, NotFound
from router.notifications.sealed import Seals
from router.security.audit import Audit, AuditActor, AuditEntry

if TYPE_CHECKING:
    from database.pool import PooledConnection

_EMAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,190}\.[^@\s.<>,;\"]{1,60}")
_PHONE = re.compile(r"\+?[0-9][0-9 \-()]{5,24}[0-9]")


@dataclass(frozen=True, slots=True)
class Contact:
    """A colleague's own addresses, and the language to write in."""

    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    locale: Literal["zh-CN", "zh-TW", "en"] = "zh-CN"


class Contacts:
    """One row an account; the audit log tells that it changed, never to what."""

    def __init__(self, database: Database, seals: Seals, audit: Audit) -> None:
        self._database = database
        self._seals = seals
        self._audit = audit
        self._sql = load_queries(__file__)

    async def of(self, account_id: UUID, connection: PooledConnection | None = None) -> Contact:
        """Raises `NotFound`."""
        fetch = self._database.fetchrow if connection is None else connection.fetchrow
        row = await fetch(self._sql["contact_of_account"], account_id)
        if row is None:
            raise NotFound("there is no such account")
        return Contact(
            email=self._seals.open("account_contacts", "email", account_id, row["email_sealed"]),
            phone=self._seals.open("account_contacts", "phone", account_id, row["phone_sealed"]),
            locale=row["locale"] or "zh-CN",
        )

    async def put(self, connection: PooledConnection, actor: AuditActor, account_id: UUID, contact: Contact) -> None:
        """Raises `Invalid`, `NotFound`."""
        if contact.email and not _EMAIL.fullmatch(contact.email):
            raise Invalid("this does not look like an e-mail address", field="email")
        if contact.phone and not _PHONE.fullmatch(contact.phone):
            raise Invalid("this does not look like a telephone number", field="phone")
        await self.of(account_id, connection)
        await connection.execute(
            self._sql["put_contact"],
            account_id,
            self._seals.seal("account_contacts", "email", account_id, contact.email),
            self._seals.seal("account_contacts", "phone", account_id, contact.phone),
            contact.locale,
        )
        given = {"email": contact.email is not None, "phone": contact.phone is not None}
        await self._audit.record(
            connection, AuditEntry(actor, "account.contact_changed", "account", str(account_id), given)
        )
