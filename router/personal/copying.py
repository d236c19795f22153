"""A copy of everything that is known of one customer, as a ZIP archive: what they may be given, and apart from it what
colleagues wrote for colleagues. It is written to a file without a name, and one conversation at a time.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any
from uuid import UUID

import msgspec
from asyncpg import Record

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.customers.records import Customer
from router.errors import NotFound
from router.retention.archive import Archive
from router.security.audit import Audit, AuditActor, AuditEntry
from router.security.sealing import SealBroken, Sealer, place
from router.uploads.receiving import key_of
from router.uploads.storage import Storage

_AT_ONCE = 50
_MOST_EVENTS = 1_000_000
_FIRST = UUID(int=0)
_JSON = msgspec.json.Encoder()
#: What colleagues made of a conversation; the rest of its row is the customer's own.
_INSIDE = ("card", "signals", "wrap_up", "level", "tier", "handoff_reason", "topic")
_INSIDE_TICKET = ("summary", "assignee", "group_id", "created_by", "tracker_kind", "tracker_number", "tracker_url")
#: What a message holds for colleagues only.
_INSIDE_EVENT = ("confidence", "signals", "context", "index_version", "reason_detail")

_READ_ME = """\
应答：关于一位客户的全部资料 / Everything that is known of one customer

customer.json            姓名、联系方式、标签、来访、网页动态 / name, contact, tags, visits, what happened on the page
conversations/*.json     每段会话里说过的话 / what was said, one file for each conversation
tickets.json             工单和对客户公开的讨论 / tickets and what was said in them to the customer
ratings.json tasks.json  评价；回电和跟进 / ratings; calls back and follow-ups
files/                   双方发过的文件 / files that were sent
colleagues/              同事之间写的：备注、摘要、判断。交给客户之前请先看一遍
                         notes, summaries and judgements among colleagues: read them before you hand them on
"""


class Copying:
    """``customer_of`` reads a customer as the desk sees them and raises `NotFound`."""

    def __init__(
        self,
        database: Database,
        storage: Storage,
        archive: Archive,
        sealer: Sealer,
        audit: Audit,
        clock: Clock,
        customer_of: Callable[[UUID], Awaitable[Customer]],
    ) -> None:
        self._database = database
        self._storage = storage
        self._archive = archive
        self._sealer = sealer
        self._audit = audit
        self._clock = clock
        self._customer_of = customer_of
        self._sql = load_queries(__file__)

    async def make(self, customer_id: UUID, actor: AuditActor) -> IO[bytes]:
        """The archive, read from its beginning. Raises `NotFound`, and `StorageAway` where files cannot be read."""
        customer = await self._customer_of(customer_id)
        persons = [row["id"] for row in await self._database.fetch(self._sql["persons"], customer.id)]
        file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by who sends it)
        try:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
                whole.writestr("README.txt", _READ_ME)
                await self._person(whole, customer, persons)
                conversations = await self._conversations(whole, persons)
                tickets = await self._tickets(whole, persons)
                await self._files(whole, persons, conversations, tickets)
            counts = {"conversations": len(conversations), "tickets": len(tickets)}
            async with self._database.transaction() as connection:
                entry = AuditEntry(actor, "customer.copied", "customer", str(customer.id), counts)
                await self._audit.record(connection, entry)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    async def _person(self, whole: zipfile.ZipFile, customer: Customer, persons: Sequence[UUID]) -> None:
        read = self._read
        about = {
            "id": customer.id, "external_id": customer.external_id, "name": customer.name, "email": customer.email,
            "phone": customer.phone, "company": customer.company and customer.company.name,
            "locale": customer.locale, "edition": customer.edition, "product_version": customer.product_version,
            "attributes": customer.attributes, "tags": customer.tags, "tier": customer.tier,
            "created_at": customer.created_at, "seen_at": customer.seen_at, "copied_at": self._clock.now(),
            "visits": await read("visits", persons), "said_by_the_page": await read("attributes", persons),
            "done_on_the_page": await read("steps", persons),
        }  # fmt: skip
        _put(whole, "customer.json", about)
        _put(whole, "ratings.json", await read("ratings_copied", persons))
        tasks = await read("tasks_copied", persons)
        for task in tasks:
            task["contact"] = self._opened(place("tasks", "contact", task["id"]), task.pop("contact_sealed"))
        _put(whole, "tasks.json", tasks)
        noted = {"notes": await read("notes_copied", persons), "blocks": await read("blocks_copied", persons)}
        _put(whole, "colleagues/customer.json", noted)

    async def _conversations(self, whole: zipfile.ZipFile, persons: Sequence[UUID]) -> list[UUID]:
        last, found = _FIRST, []
        while rows := await self._read("conversations_copied", persons, last, _AT_ONCE):
            last = rows[-1]["id"]
            for row in rows:
                found.append(row["id"])
                name = f"{row['started_at']:%Y-%m-%d} {row['id']}.json"
                inside = {each: row.pop(each) for each in _INSIDE}
                events = await self._archive.events(row["id"], 0, _MOST_EVENTS)
                notes = await self._archive.notes(row["id"], 0, _MOST_EVENTS)
                events += await self._read("events_copied", row["id"])
                notes += await self._read("conversation_notes_copied", row["id"])
                _put(whole, f"conversations/{name}", {**row, "events": [_said(event) for event in events]})
                inside |= {"notes": [_noted(note) for note in notes], "read_by_the_bot": _judged(events)}
                _put(whole, f"colleagues/conversations/{name}", inside)
        return found

    async def _tickets(self, whole: zipfile.ZipFile, persons: Sequence[UUID]) -> list[UUID]:
        rows = await self._read("tickets_copied", persons)
        inside = []
        for row in rows:
            row["contact"] = self._opened(place("tickets", "contact", row["id"]), row.pop("contact_sealed"))
            kept = {name: row.pop(name) for name in _INSIDE_TICKET}
            comments = row.pop("comments")
            row["comments"] = [each for each in comments if each["visibility"] == "public"]
            kept["comments"] = [each for each in comments if each["visibility"] != "public"]
            inside.append({"number": row["number"], **kept})
        _put(whole, "tickets.json", rows)
        _put(whole, "colleagues/tickets.json", inside)
        return [row["id"] for row in rows]

    async def _files(
        self, whole: zipfile.ZipFile, persons: Sequence[UUID], conversations: list[UUID], tickets: list[UUID]
    ) -> None:
        """As they are stored; one that is gone by now is left out."""
        for row in await self._read("files_of", persons, conversations, tickets):
            name = f"files/{row['id'].hex[-12:]} {row['name'].replace('/', '_')}"
            with suppress(NotFound):
                async with self._storage.read(key_of(row["id"])) as chunks:
                    info = zipfile.ZipInfo(name, row["created_at"].timetuple()[:6])  # stored: it is packed already
                    with whole.open(info, "w", force_zip64=True) as member:
                        async for chunk in chunks:
                            member.write(chunk)

    async def _read(self, statement: str, *arguments: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self._database.fetch(self._sql[statement], *arguments)]

    def _opened(self, where: bytes, sealed: bytes | None) -> Any:
        """Of a ticket a mapping as JSON; None also for what does not open."""
        if sealed is None:
            return None
        try:
            return self._sealer.open(sealed, where)
        except SealBroken:
            return None


def _put(whole: zipfile.ZipFile, name: str, content: Any) -> None:
    whole.writestr(name, msgspec.json.format(_JSON.encode(content), indent=2))


def _said(event: Mapping[str, Any]) -> dict[str, Any]:
    body = {name: value for name, value in event["body"].items() if name not in _INSIDE_EVENT}
    by = {"by": event["actor_kind"], "name": event["actor_name"]}
    return {"seq": event["seq"], "at": event["at"], "kind": event["kind"], **by, **body}


def _noted(note: Mapping[str, Any]) -> dict[str, Any]:
    return {name: note[name] for name in ("note_seq", "after_seq", "kind", "at", "actor_name", "text")}


def _judged(events: Iterable[Mapping[str, Any] | Record]) -> list[dict[str, Any]]:
    return [{"seq": event["seq"], **event["body"]["signals"]} for event in events if event["body"].get("signals")]
