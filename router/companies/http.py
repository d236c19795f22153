"""Companies over HTTP: found, made, changed and merged at the desk, with their contacts and notes."""

from __future__ import annotations

from datetime import datetime

from router.api import Call, Route
from router.companies.bodies import (
    ChangeCompany,
    CompaniesQuery,
    CompanyList,
    CompanyView,
    CreateCompany,
    MergeCompanies,
    change_of,
    company_view,
)
from router.companies.companies import Companies, CompanyFilter
from router.companies.records import Company
from router.customers.bodies import AddNote, NoteList, NoteView, note_view
from router.customers.notes import ProfileNotes
from router.errors import Invalid
from router.paging import cursor_of, id_of

DESK = frozenset({"agent", "supervisor", "admin"})
SUPERVISING = frozenset({"supervisor", "admin"})


class CompaniesHttp:
    """The handlers, each a few lines: check, delegate, answer."""

    def __init__(self, companies: Companies, notes: ProfileNotes) -> None:
        self._companies = companies
        self._notes = notes

    def routes(self) -> list[Route]:
        every, one = "/api/v1/companies", "/api/v1/companies/{id}"
        return [
            Route("GET", every, self.find, DESK, None, CompanyList, "Find companies", query=CompaniesQuery),
            Route(
                "POST", every, self.create, DESK, CreateCompany, CompanyView, "Make a company", status=201, stores=True
            ),
            Route("GET", one, self.get, DESK, None, CompanyView, "One company"),
            Route("PATCH", one, self.change, DESK, ChangeCompany, CompanyView, "Change a company", stores=True),
            Route(
                "POST", f"{one}/merge", self.merge, SUPERVISING, MergeCompanies, CompanyView,
                "Merge another company into this one", stores=True,
            ),
            Route("GET", f"{one}/notes", self.list_notes, DESK, None, NoteList, "Colleagues' notes about a company"),
            Route(
                "POST", f"{one}/notes", self.add_note, DESK, AddNote, NoteView, "Note something about a company",
                status=201, stores=True,
            ),
        ]  # fmt: skip

    async def find(self, call: Call) -> CompanyList:
        query: CompaniesQuery = call.query
        wanted = CompanyFilter(query.q, query.tag, query.success_manager, query.contract_ends_by)
        found = await self._companies.listed(wanted, id_of(query.cursor), query.limit)
        counts = await self._companies.contact_counts([company.id for company in found])
        items = [company_view(company, counts.get(company.id, 0)) for company in found]
        return CompanyList(items=items, next=cursor_of(found[-1].id if len(found) == query.limit else None))

    async def get(self, call: Call) -> CompanyView:
        return await self._view(call, await self._companies.get(call.path_id))

    async def create(self, call: Call) -> CompanyView:
        body: CreateCompany = call.body
        _check_times(body)
        created = await self._companies.create(call.connection, change_of(body), call.actor, supervised=_may(call))
        return company_view(created, 0)

    async def change(self, call: Call) -> CompanyView:
        body: ChangeCompany = call.body
        _check_times(body)
        changed = await self._companies.change(
            call.connection, call.path_id, body.version, change_of(body), call.actor, supervised=_may(call)
        )
        return await self._view(call, changed)

    async def merge(self, call: Call) -> CompanyView:
        body: MergeCompanies = call.body
        merged = await self._companies.merge(call.connection, call.path_id, body.other_id, body.version, call.actor)
        return await self._view(call, merged)

    async def list_notes(self, call: Call) -> NoteList:
        company = await self._companies.get(call.path_id)
        return NoteList(items=[note_view(note) for note in await self._notes.listed(company_id=company.id)])

    async def add_note(self, call: Call) -> NoteView:
        body: AddNote = call.body
        company = await self._companies.get(call.path_id)
        return note_view(await self._notes.add(call.connection, body.text, call.actor, company_id=company.id))

    async def _view(self, call: Call, company: Company) -> CompanyView:
        counts = await self._companies.contact_counts([company.id], call.connection_or_none)
        return company_view(company, counts.get(company.id, 0))


def _may(call: Call) -> bool:
    return call.signed.account.has_any(SUPERVISING)


def _check_times(body: CreateCompany | ChangeCompany) -> None:
    if isinstance(body.go_live_at, datetime) and body.go_live_at.tzinfo is None:
        raise Invalid("a time names its zone", field="go_live_at")
