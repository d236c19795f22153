"""The companies' desk: found, made, changed, merged; a tier and a success manager are a supervisor's to give."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.companies.records import Company, CompanyChange
from router.errors import Conflict, Forbidden, Invalid, NotFound
from router.security.audit import Audit, AuditActor, AuditEntry
from router.security.claims import is_storable

if TYPE_CHECKING:
    from database.pool import PooledConnection

MAX_FIELD_CHARS = 200
MAX_TAGS = 50
#: What decides who is served first and by whom.
SUPERVISED = frozenset({"tier", "success_manager"})


@dataclass(frozen=True)
class CompanyFilter:
    """What to look for: part of a name or external id, a tag, whose they are, a contract that ends by a day."""

    text: str = ""
    tag: str | None = None
    success_manager: UUID | None = None
    contract_ends_by: date | None = None


class Companies:
    """Every change is one transaction of its caller, with its audit entry inside."""

    def __init__(self, database: Database, audit: Audit, clock: Clock, tiers: Collection[str]) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._tiers = frozenset(tiers)
        self._sql = load_queries(__file__)

    async def get(self, company_id: UUID) -> Company:
        """Of a company that was merged, the one it went into; raises `NotFound`."""
        row = await self._database.fetchrow(self._sql["company"], company_id)
        if row is None:
            raise NotFound("there is no such company")
        return Company.from_row(row)

    async def listed(self, wanted: CompanyFilter, before: UUID | None, limit: int) -> list[Company]:
        """The newest first, before a cursor."""
        text = wanted.text.strip()
        rows = await self._database.fetch(
            self._sql["companies_page"],
            f"%{like(text)}%" if text else None,
            before,
            wanted.tag,
            wanted.success_manager,
            wanted.contract_ends_by,
            limit,
        )
        return [Company.from_row(row) for row in rows]

    async def contact_counts(
        self, ids: Collection[UUID], connection: PooledConnection | None = None
    ) -> dict[UUID, int]:
        """How many customers each of them has, as the caller's transaction sees it; one without any is not in it."""
        rows = await (connection or self._database).fetch(self._sql["count_contacts"], list(ids))
        return {row["company_id"]: row["contacts"] for row in rows}

    async def contacts(self, company_id: UUID, limit: int) -> list[UUID]:
        """Its customers by id, who was here last first."""
        rows = await self._database.fetch(self._sql["contacts"], company_id, limit)
        return [row["id"] for row in rows]

    async def create(
        self, connection: PooledConnection, change: CompanyChange, actor: AuditActor, *, supervised: bool
    ) -> Company:
        """Raises `Invalid`, `Forbidden`, and `Conflict` where the external id is taken."""
        fields = self._checked(change.fields, supervised=supervised)
        if not fields.get("name"):
            raise Invalid("a company needs a name", field="name")
        if fields.get("main_contact"):
            raise Invalid("a new company has no contacts yet", field="main_contact")
        await self._check_manager(connection, fields)
        row = await connection.fetchrow(
            self._sql["insert_company"],
            uuid7(),
            fields.get("external_id"),
            fields["name"],
            fields.get("success_manager"),
            None,
            *(fields.get(name) for name in ("tier", "edition", "product_version", "hosting")),
            *(fields.get(name) for name in ("contract_start", "contract_end", "go_live_at")),
            list(fields.get("tags", ())),
            self._clock.now(),
        )
        if row is None:
            raise Conflict("another company has this external id", field="external_id")
        company = _sound(Company.from_row(row))
        await self._note(connection, actor, "company.created", company.id, {})
        return company

    async def change(
        self,
        connection: PooledConnection,
        company_id: UUID,
        version: int,
        change: CompanyChange,
        actor: AuditActor,
        *,
        supervised: bool,
    ) -> Company:
        """Raises `NotFound`, `Invalid`, `Forbidden`, and `Conflict` where somebody was faster."""
        row = await connection.fetchrow(self._sql["lock_company"], company_id)
        if row is None:
            raise NotFound("there is no such company")
        before = Company.from_row(row)
        if before.version != version:
            raise Conflict(version=before.version)
        given = {name: value for name, value in change.fields.items() if value != getattr(before, name)}
        fields = self._checked(given, supervised=supervised)
        if not fields:
            return before
        await self._check_manager(connection, fields)
        contact = fields.get("main_contact")
        if contact and not await connection.fetchval(self._sql["is_contact"], contact, company_id):
            raise Invalid("the main contact is one of the company's customers", field="main_contact")
        external_id = fields.get("external_id")
        if external_id and await connection.fetchval(self._sql["external_id_taken"], external_id, company_id):
            raise Conflict("another company has this external id", field="external_id")
        after = await self._write(connection, _sound(replace(before, **fields)))
        if after.success_manager != before.success_manager:
            managers = (before.success_manager, after.success_manager)
            await connection.execute(self._sql["hand_over_visits"], company_id, *managers)
        await self._note(connection, actor, "company.changed", company_id, {"fields": sorted(fields)})
        return after

    async def merge(
        self, connection: PooledConnection, kept_id: UUID, other_id: UUID, version: int, actor: AuditActor
    ) -> Company:
        """``other_id`` goes into ``kept_id`` with customers, tasks and notes; what was empty is filled from it.

        Raises `NotFound`, `Invalid`, `Conflict` where somebody was faster.
        """
        if kept_id == other_id:
            raise Invalid("a company cannot be merged with itself", field="other_id")
        rows = await connection.fetch(self._sql["lock_companies"], [kept_id, other_id])
        found = {row["id"]: Company.from_row(row) for row in rows}
        if len(found) != 2:
            raise NotFound("there is no such company")
        kept, other = found[kept_id], found[other_id]
        if kept.version != version:
            raise Conflict(version=kept.version)
        for statement in ("move_customers", "move_tasks", "move_notes"):
            await connection.execute(self._sql[statement], other_id, kept_id)
        await connection.execute(self._sql["mark_merged"], other_id, kept_id, self._clock.now())
        fillable = (
            "success_manager", "main_contact", "tier", "edition", "product_version", "hosting", "go_live_at",
        )  # fmt: skip
        filled: dict[str, Any] = {name: getattr(other, name) for name in fillable if getattr(kept, name) is None}
        if kept.contract_start is None and kept.contract_end is None:
            filled |= {"contract_start": other.contract_start, "contract_end": other.contract_end}
        tags = tuple(dict.fromkeys((*kept.tags, *other.tags)))[:MAX_TAGS]
        after = await self._write(connection, replace(kept, **filled, tags=tags))
        await self._note(connection, actor, "company.merged", kept_id, {"from": str(other_id)})
        return after

    async def _write(self, connection: PooledConnection, company: Company) -> Company:
        row = await connection.fetchrow(
            self._sql["update_company"],
            company.id,
            company.external_id,
            company.name,
            company.success_manager,
            company.main_contact,
            company.tier,
            company.edition,
            company.product_version,
            company.hosting,
            company.contract_start,
            company.contract_end,
            company.go_live_at,
            list(company.tags),
            self._clock.now(),
        )
        assert row is not None  # locked by the caller
        return Company.from_row(row)

    def _checked(self, fields: dict[str, Any], *, supervised: bool) -> dict[str, Any]:
        """What is to be changed, tidied."""
        fields = dict(fields)
        if not supervised and SUPERVISED & {name for name, value in fields.items() if value is not None}:
            raise Forbidden("tier and success manager are a supervisor's to give")
        for name in ("name", "external_id", "edition", "product_version"):
            if isinstance(fields.get(name), str):
                fields[name] = checked_field(fields[name], name)
        if "name" in fields and not fields["name"]:
            raise Invalid("a company needs a name", field="name")
        if fields.get("tier") is not None and fields["tier"] not in self._tiers:
            raise Invalid("there is no such tier", field="tier", tiers=sorted(self._tiers))
        if "tags" in fields:
            fields["tags"] = checked_tags(fields["tags"])
        return fields

    async def _check_manager(self, connection: PooledConnection, fields: dict[str, Any]) -> None:
        manager = fields.get("success_manager")
        if manager is not None and not await connection.fetchval(self._sql["account_exists"], manager):
            raise Invalid("there is no such colleague", field="success_manager")

    async def _note(
        self, connection: PooledConnection, actor: AuditActor, action: str, company_id: UUID, detail: dict[str, Any]
    ) -> None:
        await self._audit.record(connection, AuditEntry(actor, action, "company", str(company_id), detail))


def checked_field(text: str, field: str) -> str | None:
    """One line of a profile, trimmed, ``None`` where it is empty; raises `Invalid`."""
    text = text.strip()
    if len(text) > MAX_FIELD_CHARS or not is_storable(text):
        raise Invalid(f"a field has at most {MAX_FIELD_CHARS} characters", field=field)
    return text or None


def checked_tags(tags: Collection[str]) -> tuple[str, ...]:
    """Trimmed, each once, in their order; raises `Invalid`."""
    tidy = tuple(dict.fromkeys(tag for tag in (checked_field(tag, "tags") for tag in tags) if tag))
    if len(tidy) > MAX_TAGS:
        raise Invalid(f"at most {MAX_TAGS} tags", field="tags")
    return tidy


def like(text: str) -> str:
    """The text itself, for LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _sound(company: Company) -> Company:
    if company.contract_start and company.contract_end and company.contract_end < company.contract_start:
        raise Invalid("the contract ends before it begins", field="contract_end")
    return company
