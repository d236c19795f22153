"""What a rating in the log brings with it, in the same transaction: its row, and of a bad one a task and a notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.records import Committed, Conversation, Statement
from router.notifications.alerts import Alerts
from router.payloads.desk import Alert
from router.payloads.log import Event
from router.sentences import say
from router.tasks.records import NewTask
from router.tasks.tasks import Tasks
from router.tasks.workdays import working_days_later
from router.waiting.hours import Calendar

LOW = 2


class RatingFollower:
    """A follower of the journal: pure, and quick where nothing was rated."""

    def __init__(
        self, tasks: Tasks, alerts: Alerts, calendar: Callable[[], Calendar], *, follow_up_working_days: int
    ) -> None:
        self._tasks = tasks
        self._alerts = alerts
        self._calendar = calendar
        self._working_days = follow_up_working_days
        self._sql = load_queries(Path(__file__))

    def __call__(self, committed: Committed, moment: Moment) -> Iterable[Statement]:
        statements: list[Statement] = []
        for event in committed.events:
            # What a customer thinks of one answer of the bot is rated apart.
            if event.kind == "rating" and event.target_seq is UNSET:
                statements += self._of(committed.conversation, event, moment)
        return statements

    def _of(self, row: Conversation, event: Event, moment: Moment) -> Iterable[Statement]:
        ticket = _given(event.number) or ""
        yield Statement(
            self._sql["put_rating"],
            (
                row.id,
                ticket,
                row.customer_id,
                row.owner,
                row.group_id,
                row.site,
                _given(event.csat),
                _given(event.resolved),
                _given(event.nps),
                _given(event.comment),
                moment.now,
            ),
        )
        if event.nps is not UNSET:
            yield Statement(self._sql["survey_answered"], (row.customer_id, moment.now))
        if is_bad(event) and concerns_humans(row, event):
            alert = bad_rating(row, event)
            yield self._alerts.statement(alert, group_id=row.group_id, key=alert_key(row.id, ticket))
            yield self._tasks.statement(
                NewTask(
                    kind="follow_up",
                    customer_id=row.customer_id,
                    due_at=working_days_later(self._calendar(), moment.now, self._working_days),
                    conversation_id=row.id,
                    text=say("task.follow_up", about=alert.text),
                    key=f"follow_up:{row.id}:{ticket}",
                )
            )


def is_bad(event: Event) -> bool:
    """1 or 2, or not solved."""
    csat = _given(event.csat)
    return (csat is not None and csat <= LOW) or event.resolved is False


def concerns_humans(row: Conversation, event: Event) -> bool:
    """Whether a human has, or had, what is rated, whatever they said in it."""
    return row.owner is not None or row.assigned_at is not None or event.number is not UNSET


def alert_key(conversation_id: UUID, ticket: str) -> str:
    """Names what the supervisors hear of once."""
    return f"bad_rating:{conversation_id}:{ticket}"


def bad_rating(row: Conversation, event: Event) -> Alert:
    """What the supervisors hear of it; the customer's own words stay in the log."""
    csat, number = _given(event.csat), _given(event.number)
    unsolved, low = event.resolved is False, csat is not None and csat <= LOW
    words = "both" if unsolved and low else "unsolved" if unsolved else "low"
    return Alert(
        kind="bad_rating",
        at=event.at,
        conversation_id=row.id,
        ticket=number,
        owner=row.owner,
        text=say(f"rating.ticket_{words}" if number else f"rating.{words}", number=number, csat=csat),
    )


def _given(value: Any | UnsetType) -> Any:
    return None if value is UNSET else value
