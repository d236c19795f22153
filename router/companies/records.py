"""Companies as plain frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from asyncpg import Record
from msgspec import UNSET, UnsetType

Hosting = Literal["cloud", "private"]


@dataclass(frozen=True)
class Company:
    """A company that uses the product. ``external_id`` is the signed ``company.id``; ``tier`` is what the CRM says."""

    id: UUID
    external_id: str | None
    name: str
    success_manager: UUID | None
    main_contact: UUID | None
    tier: str | None
    edition: str | None
    product_version: str | None
    hosting: Hosting | None
    contract_start: date | None
    contract_end: date | None
    go_live_at: datetime | None
    tags: tuple[str, ...]
    version: int
    created_at: datetime
    changed_at: datetime

    @classmethod
    def from_row(cls, row: Record) -> Company:
        fields = {name: row[name] for name in cls.__dataclass_fields__}
        return cls(**{**fields, "tags": tuple(row["tags"])})


@dataclass(frozen=True)
class CompanyChange:
    """What to change: ``UNSET`` leaves a field, ``None`` empties it."""

    name: str | UnsetType = UNSET
    external_id: str | UnsetType | None = UNSET
    success_manager: UUID | UnsetType | None = UNSET
    main_contact: UUID | UnsetType | None = UNSET
    tier: str | UnsetType | None = UNSET
    edition: str | UnsetType | None = UNSET
    product_version: str | UnsetType | None = UNSET
    hosting: Hosting | UnsetType | None = UNSET
    contract_start: date | UnsetType | None = UNSET
    contract_end: date | UnsetType | None = UNSET
    go_live_at: datetime | UnsetType | None = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET

    @property
    def fields(self) -> dict[str, Any]:
        """Only what is to be changed."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if getattr(self, name) is not UNSET}
