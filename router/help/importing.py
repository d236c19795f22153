"""Takes canned replies from a table, row by row: what was added, changed, the same or faulty; a faulty row stops no
other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from uuid import UUID

from msgspec import Struct

from router.errors import Invalid, TooLarge
from router.help.canned import CannedReplies, Draft
from router.help.sheets import SheetRow
from router.help.variables import unknown_in
from router.sentences import say

if TYPE_CHECKING:
    from database.pool import PooledConnection

Outcome = Literal["added", "changed", "unchanged", "faulty"]


class RowReport(Struct, kw_only=True):
    """What became of one row; ``note`` says what is wrong with it, or what its author may want to look at."""

    row: int
    name: str
    outcome: Outcome
    note: str | None = None


async def take_rows(
    connection: PooledConnection, replies: CannedReplies, rows: list[SheetRow], owner: UUID | None, by: UUID, *,
    dry_run: bool,
) -> list[RowReport]:  # fmt: skip
    """The report; with ``dry_run`` nothing is stored. Of two rows at one place the second is faulty."""
    report: list[RowReport] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        try:
            draft = Draft.checked(row.folder, row.name, row.text)
        except (Invalid, TooLarge) as fault:
            note = say("import.long", n=fault.details["limit"]) if isinstance(fault, TooLarge) else say("import.bad")
            report.append(RowReport(row=row.number, name=row.name[:80], outcome="faulty", note=note))
            continue
        first = seen.setdefault((draft.folder, draft.name), row.number)
        if first != row.number:
            note = say("import.same", n=first)
            report.append(RowReport(row=row.number, name=draft.name, outcome="faulty", note=note))
            continue
        unknown = unknown_in(draft.body)
        note_or_none = say("import.unknown", text="、".join(unknown)) if unknown else None
        outcome = await _take(connection, replies, draft, owner, by, dry_run=dry_run)
        report.append(RowReport(row=row.number, name=draft.name, outcome=outcome, note=note_or_none))
    return report


async def _take(
    connection: PooledConnection, replies: CannedReplies, draft: Draft, owner: UUID | None, by: UUID, *, dry_run: bool
) -> Outcome:
    there = await replies.at(connection, owner, draft)
    if there is None:
        if not dry_run:
            await replies.add(connection, owner, draft, by)
        return "added"
    if there.body == draft.body:
        return "unchanged"
    if not dry_run:
        await replies.change(connection, there.id, draft, by)
    return "changed"
