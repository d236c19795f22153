"""The state machine of a ticket: every move by everybody, and the days after which a solved one closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest

from router.errors import Conflict
from router.payloads.tickets import TicketStatus
from router.tickets.records import Ticket
from router.tickets.states import Mover, Terms, after_answer, into, move, moves, working_days_after
from router.waiting.hours import Calendar

_WEEK = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, ten o'clock in Shanghai
_STATUSES: tuple[TicketStatus, ...] = get_args(TicketStatus)


def _calendar(**more: Any) -> Calendar:
    return Calendar.of("Asia/Shanghai", _WEEK, **more)


def _terms(**more: Any) -> Terms:
    return Terms(_calendar(**more), 3, timedelta(days=7))


def _ticket(status: TicketStatus = "new", **more: Any) -> Ticket:
    ended = {
        "solved": {"solved_at": _NOW, "closes_at": _NOW + timedelta(days=3)},
        "closed": {"solved_at": _NOW, "closed_at": _NOW},
    }
    fields: dict[str, Any] = {
        "id": uuid4(), "number": "GD20261123-0001", "customer_id": uuid4(), "conversation_id": None, "status": status,
        "text": "", "contact_sealed": None, "created_at": _NOW, "source": "agent", "site": "main", "channel": "web",
        "title": "甘特图", "summary": "", "level": "L2", "category": None, "tier": None,
        "assignee": None, "group_id": None, "created_by": None, "tracker_kind": None, "tracker_number": None,
        "tracker_url": None, "version": 1, "comment_count": 0, "updated_at": _NOW, "first_reply_at": None,
        "solved_at": None, "closes_at": None, "closed_at": None, "reopened_at": None, "reopened": 0,
        "merged_into": None, "merged_at": None, "confirmed_at": None,
    }  # fmt: skip
    return Ticket(**(fields | ended.get(status, {}) | more))


def _allowed(by: Mover) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for status in _STATUSES:
        for to in _STATUSES:
            try:
                move(_ticket(status), to, by, _terms(), _NOW)
            except Conflict:
                continue
            found.setdefault(status, set()).add(to)
    return found


def test_colleagues_move_a_ticket_through_the_work_and_close_only_what_is_solved() -> None:
    working = {"open", "waiting_customer", "waiting_development", "waiting_release"}
    assert _allowed("agent") == {
        "new": working | {"solved"},
        **{status: working - {status} | {"solved"} for status in working},
        "solved": {"open", "closed"},
        "closed": {"open"},
    }


def test_the_customer_may_close_at_any_time_and_the_rules_close_what_is_solved() -> None:
    by_customer = _allowed("customer")
    assert all("closed" in by_customer[status] for status in _STATUSES if status != "closed")
    assert _allowed("system") == {"solved": {"closed"}}


def test_what_may_come_next_is_told_in_the_order_of_the_work() -> None:
    assert moves(_ticket("waiting_release"), _terms(), _NOW) == [
        "open", "waiting_customer", "waiting_development", "solved",
    ]  # fmt: skip
    assert moves(_ticket("closed"), _terms(), _NOW + timedelta(days=8)) == []


def test_a_solved_ticket_that_is_opened_again_is_as_if_never_solved() -> None:
    solved = replace(_ticket("open"), **move(_ticket("open"), "solved", "agent", _terms(), _NOW))
    assert solved.solved_at == _NOW

    again = replace(solved, **move(solved, "open", "customer", _terms(), _NOW + timedelta(hours=1)))

    assert (again.solved_at, again.closes_at, again.closed_at, again.reopened) == (None, None, None, 1)
    assert again.reopened_at == _NOW + timedelta(hours=1)


def test_a_closed_ticket_can_be_opened_for_seven_days_and_no_longer() -> None:
    closed = _ticket("closed")

    assert move(closed, "open", "customer", _terms(), _NOW + timedelta(days=7))["status"] == "open"
    with pytest.raises(Conflict):
        move(closed, "open", "customer", _terms(), _NOW + timedelta(days=7, seconds=1))


@pytest.mark.parametrize(
    ("status", "solved", "only_thanks", "becomes"),
    [
        ("new", None, False, None),
        ("open", None, False, None),
        ("waiting_customer", None, False, "open"),
        ("waiting_development", None, False, None),
        ("solved", None, False, "open"),
        ("solved", None, True, None),
        ("solved", True, False, "closed"),
        ("solved", False, False, "open"),
        ("waiting_release", True, False, "closed"),
        ("closed", None, False, "open"),
        ("closed", None, True, None),
        ("closed", True, False, None),
        ("closed", False, False, "open"),
    ],
)
def test_where_an_answer_moves_a_ticket(
    status: TicketStatus, solved: bool | None, only_thanks: bool, becomes: str | None
) -> None:
    ticket = _ticket(status)
    assert after_answer(ticket, solved=solved, only_thanks=only_thanks, terms=_terms(), now=_NOW) == becomes


def test_an_answer_that_comes_too_late_is_told_so() -> None:
    with pytest.raises(Conflict):
        after_answer(_ticket("closed"), solved=None, only_thanks=False, terms=_terms(), now=_NOW + timedelta(days=8))


def test_a_duplicate_is_closed_and_never_opened_again_nor_merged_twice() -> None:
    kept: UUID = uuid4()
    duplicate = replace(_ticket("open"), **into(_ticket("open"), _ticket("open", id=kept), _NOW))

    assert (duplicate.status, duplicate.merged_into, duplicate.merged_at) == ("closed", kept, _NOW)
    assert moves(duplicate, _terms(), _NOW) == []
    for one, other in ((duplicate, _ticket()), (_ticket(), duplicate)):
        with pytest.raises(Conflict):
            into(one, other, _NOW)


@pytest.mark.parametrize(
    ("solved_at", "closes_at"),
    [
        (datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2026, 11, 26, 2, tzinfo=UTC)),
        (datetime(2026, 11, 27, 9, 30, tzinfo=UTC), datetime(2026, 12, 2, 9, 30, tzinfo=UTC)),  # over a weekend
        (datetime(2026, 11, 28, 4, tzinfo=UTC), datetime(2026, 12, 2, 4, tzinfo=UTC)),  # on a Saturday
        (datetime(2026, 11, 26, 17, tzinfo=UTC), datetime(2026, 12, 1, 17, tzinfo=UTC)),  # after midnight there
    ],
)
def test_three_working_days_end_at_the_same_time_of_day(solved_at: datetime, closes_at: datetime) -> None:
    assert working_days_after(_calendar(), solved_at, 3) == closes_at


def test_holidays_do_not_count_and_make_up_workdays_do() -> None:
    calendar = _calendar(holidays=[date(2026, 11, 24)], workdays=[date(2026, 11, 28)])

    assert working_days_after(calendar, _NOW, 4) == datetime(2026, 11, 28, 2, tzinfo=UTC)


def test_a_desk_that_never_closes_counts_every_day_and_one_that_never_opens_still_ends() -> None:
    assert working_days_after(_calendar(always_open=True), _NOW, 3) == _NOW + timedelta(days=3)
    never = Calendar.of("Asia/Shanghai", {})
    assert working_days_after(never, _NOW, 3) == _NOW + timedelta(days=63)
