"""What follows when clocks warn, break and escalate: audit, note, notices, and what happens to the conversation.

Everything goes into the caller's transaction; what pages hear after its COMMIT is handed back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from database.queries import load_queries
from router.calendar.calendars import Calendars
from router.clocks import words
from router.clocks.reckoning import Looked
from router.clocks.settings import Escalation
from router.conversations.batch import Decide, Moment
from router.conversations.records import SYSTEM as SYSTEM_ACTOR
from router.conversations.records import Change, Conversation, NewEvent, NewNote, Statement
from router.notifications.alerts import Alerts
from router.notifications.outbox import Outbox
from router.notifications.records import Integrators, Notice, Staff
from router.payloads.desk import Alert, CustomerCard
from router.security.audit import SYSTEM, Audit, AuditEntry
from router.sentences import say
from router.waiting.head_start import HeadStarts
from router.waiting.raising import escalated, widened

if TYPE_CHECKING:
    from database.pool import PooledConnection

TicketNote = Callable[[UUID, str, datetime], Statement]


@dataclass(frozen=True, slots=True)
class Due:
    """A clock that was looked at, and whose matter it is; held until the transaction ends."""

    looked: Looked
    owner: UUID | None
    state: str
    group_id: UUID | None
    overflow_to: UUID | None
    number: str | None
    conversation_id: UUID | None
    customer: CustomerCard | None

    @property
    def matters(self) -> bool:
        return self.looked.row.is_open

    @property
    def waits(self) -> bool:
        return self.looked.row.subject.kind == "conversation" and self.state == "waiting"


@dataclass(slots=True)
class Taken:
    """What is left to do: decisions for the journal in the same transaction, alerts for the pages after it."""

    decisions: dict[UUID, Decide] = field(default_factory=dict)
    alerts: list[tuple[Alert, UUID | None]] = field(default_factory=list)
    moved: bool = False


@dataclass(slots=True)
class _Plan:
    """What the clocks of one conversation together do to it."""

    notes: list[str] = field(default_factory=list)
    raise_seconds: int = 0
    widen_to: UUID | None = None


class Steps:
    """Carries out warnings, breaches and escalation rules."""

    def __init__(
        self,
        calendars: Calendars,
        alerts: Alerts,
        outbox: Outbox,
        audit: Audit,
        head_starts: HeadStarts,
        ticket_note: TicketNote,
    ) -> None:
        self._calendars = calendars
        self._alerts = alerts
        self._outbox = outbox
        self._audit = audit
        self._head_starts = head_starts
        self._ticket_note = ticket_note
        self._sql = load_queries(__file__)

    async def take(self, connection: PooledConnection, due: list[Due], now: datetime) -> Taken:
        taken = Taken()
        plans: dict[UUID, _Plan] = {}
        for each in due:
            if each.looked.warned or each.looked.breached:
                await self._tell(connection, each, now, taken)
            for rule in each.looked.rules:
                await self._escalate(connection, each, rule, now, taken, plans)
        for conversation_id, plan in plans.items():
            taken.decisions[conversation_id] = self._decision(plan)
            taken.moved = taken.moved or plan.widen_to is not None or plan.raise_seconds > 0
        return taken

    async def _tell(self, connection: PooledConnection, due: Due, now: datetime, taken: Taken) -> None:
        row = due.looked.row
        kind = "clock_breached" if due.looked.breached else "clock_warning"
        text = (words.breach if due.looked.breached else words.warning)(row, now, due.number)
        await self._alert(connection, due, kind, text, f"{kind}:{row.id}", now, taken)
        event = "clock.breached" if due.looked.breached else "clock.warning"
        notice = Notice(event, Integrators(), _data(due, text, now), f"{event}:{row.id}")
        await self._outbox.put(notice, connection)
        if due.looked.breached:
            await self._record(connection, "clock.breached", due, {"due_at": _iso(row.due_at)})

    async def _escalate(
        self,
        connection: PooledConnection,
        due: Due,
        rule: Escalation,
        now: datetime,
        taken: Taken,
        plans: dict[UUID, _Plan],
    ) -> None:
        row = due.looked.row
        plan = _Plan() if row.subject.kind == "ticket" else plans.setdefault(row.subject.id, _Plan())
        done = []
        if rule.raise_rank_seconds and due.waits:
            plan.raise_seconds += rule.raise_rank_seconds
            done.append(words.raised(rule.raise_rank_seconds))
        if rule.widen_group and due.waits and due.overflow_to is not None and plan.widen_to is None:
            plan.widen_to = due.overflow_to
            names = await connection.fetch(self._sql["group_names"], [due.overflow_to])
            done.append(words.widened(names[0]["name"] if names else ""))
        whom = await self._tell_people(connection, due, rule, now, taken)
        if whom:
            done.append(words.told(whom))
        await self._record(connection, "clock.escalated", due, {"rule": rule.name, "done": done})
        if not done:  # nobody in line any more, nobody to tell: nothing to read
            return
        text = words.escalation(rule.name, row, due.number, done)
        if row.subject.kind == "ticket":
            note = self._ticket_note(row.subject.id, text, now)
            await connection.execute(note.sql, *note.arguments)
        else:
            plan.notes.append(text)

    async def _tell_people(
        self, connection: PooledConnection, due: Due, rule: Escalation, now: datetime, taken: Taken
    ) -> list[str]:
        """Whom the rule reached, in words."""
        row, whom = due.looked.row, []
        text = words.breach(row, now, due.number)
        key = f"escalation:{row.id}:{rule.name}"
        for name in rule.tell:
            if name == "supervisors":
                await self._alert(connection, due, "clock_breached", text, key, now, taken)
                whom.append(say("whom.supervisors"))
            elif name == "owner":
                if due.owner is not None:
                    await self._notify(connection, "clock_breached", due.owner, due, text, key, now)
                    whom.append(say("whom.owner"))
            elif name == "on_call":
                people = self._calendars.accounts_on_call(row.subject.tier, now)
                for account in people:
                    await self._notify(connection, "on_call", account, due, text, key, now)
                if people:
                    whom.append(say("whom.on_call"))
            else:
                for found in await connection.fetch(self._sql["accounts_named"], [name]):
                    await self._notify(connection, "clock_breached", found["id"], due, text, key, now)
                    whom.append(f" {name}")
        return whom

    async def _alert(
        self, connection: PooledConnection, due: Due, kind: str, text: str, key: str, now: datetime, taken: Taken
    ) -> None:
        alert = Alert(
            kind=kind,
            at=now,
            conversation_id=due.conversation_id,
            ticket=due.number,
            customer=due.customer,
            owner=due.owner,
            text=text,
        )
        if await self._alerts.tell(alert, owner=due.owner, group_id=due.group_id, key=key, connection=connection):
            taken.alerts.append((alert, due.owner))

    async def _notify(
        self, connection: PooledConnection, kind: str, account: UUID, due: Due, text: str, key: str, now: datetime
    ) -> None:
        notice = Notice(kind, Staff(account), _data(due, text, now), f"{key}:{account}")
        await self._outbox.put(notice, connection)

    async def _record(self, connection: PooledConnection, action: str, due: Due, detail: dict[str, Any]) -> None:
        row = due.looked.row
        said = {"clock": row.kind, "level": row.subject.level, "clock_id": row.id, **detail}
        await self._audit.record(connection, AuditEntry(SYSTEM, action, row.subject.kind, str(row.subject.id), said))

    def _decision(self, plan: _Plan) -> Decide:
        def carry_out(row: Conversation, moment: Moment) -> Change:
            fields: dict[str, Any] = {}
            events: tuple[NewEvent, ...] = ()
            if plan.raise_seconds and row.state == "waiting":
                fields |= escalated(row, self._head_starts, plan.raise_seconds)
            if plan.widen_to is not None and row.state == "waiting" and row.group_id != plan.widen_to:
                event, moved = widened(row, plan.widen_to, moment.now)
                events, fields = (event,), fields | moved
            notes = tuple(NewNote("system", SYSTEM_ACTOR, text) for text in plan.notes)
            return Change(events=events, notes=notes, fields=fields)

        return carry_out


def _data(due: Due, text: str, now: datetime) -> dict[str, Any]:
    row = due.looked.row
    return {
        "text": text,
        "alert": row.kind,
        "level": row.subject.level,
        "tier": row.subject.tier or "",
        "customer": due.customer.name if due.customer and due.customer.name else "",
        "ticket": due.number or "",
        "conversation_id": "" if due.conversation_id is None else str(due.conversation_id),
        "owner": "" if due.owner is None else str(due.owner),
        "at": now.isoformat(),
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
