"""What crosses the wire about companies: bodies in, views out; unknown fields are ignored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from router.companies.records import Company, CompanyChange, Hosting
from router.paging import PageQuery

Text = Annotated[str, Meta(max_length=1000)]
Tags = Annotated[list[Text], Meta(max_length=100)]


class CompaniesQuery(PageQuery, kw_only=True):
    """``q``: part of a name or external id. ``contract_ends_by``: a day."""

    q: Text = ""
    tag: Text | None = None
    success_manager: UUID | None = None
    contract_ends_by: date | None = None


class CompanyView(Struct, kw_only=True):
    """``contacts`` is how many customers it has; ``tier`` is what the CRM says."""

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
    tags: list[str]
    version: int
    contacts: int
    created_at: datetime
    changed_at: datetime


class CompanyList(Struct, kw_only=True):
    items: list[CompanyView]
    next: str | None


class CompanyFields(Struct, kw_only=True):
    """A field left out stays, ``null`` empties it; ``tier`` and ``success_manager`` are a supervisor's to give."""

    external_id: Text | UnsetType | None = UNSET
    success_manager: UUID | UnsetType | None = UNSET
    main_contact: UUID | UnsetType | None = UNSET
    tier: Text | UnsetType | None = UNSET
    edition: Text | UnsetType | None = UNSET
    product_version: Text | UnsetType | None = UNSET
    hosting: Literal["cloud", "private"] | UnsetType | None = UNSET
    contract_start: date | UnsetType | None = UNSET
    contract_end: date | UnsetType | None = UNSET
    go_live_at: datetime | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET


class CreateCompany(CompanyFields, kw_only=True):
    name: Text


class ChangeCompany(CompanyFields, kw_only=True):
    """``version`` is the one that was read: refused where somebody was faster."""

    version: int
    name: Text | UnsetType = UNSET


class MergeCompanies(Struct, kw_only=True):
    """``other_id`` goes into the company of the path, which has this ``version``."""

    other_id: UUID
    version: int
    confirmed: Literal[True]


def company_view(company: Company, contacts: int) -> CompanyView:
    return CompanyView(
        id=company.id,
        external_id=company.external_id,
        name=company.name,
        success_manager=company.success_manager,
        main_contact=company.main_contact,
        tier=company.tier,
        edition=company.edition,
        product_version=company.product_version,
        hosting=company.hosting,
        contract_start=company.contract_start,
        contract_end=company.contract_end,
        go_live_at=company.go_live_at,
        tags=list(company.tags),
        version=company.version,
        contacts=contacts,
        created_at=company.created_at,
        changed_at=company.changed_at,
    )


def change_of(body: CreateCompany | ChangeCompany) -> CompanyChange:
    """What the body changes."""
    return CompanyChange(
        name=body.name,
        external_id=body.external_id,
        success_manager=body.success_manager,
        main_contact=body.main_contact,
        tier=body.tier,
        edition=body.edition,
        product_version=body.product_version,
        hosting=body.hosting,
        contract_start=body.contract_start,
        contract_end=body.contract_end,
        go_live_at=body.go_live_at,
        tags=UNSET if body.tags is UNSET else tuple(body.tags),
    )
