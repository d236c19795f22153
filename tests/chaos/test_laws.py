"""The judge of the chaos runs can fail: each law finds what breaks it, and nothing in a run where all went well."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.evidence import (
    Entry,
    Evidence,
    Grant,
    Heard,
    Move,
    Notice,
    Outage,
    Parcel,
    Row,
    Sitting,
    Taken,
    Words,
)
from tests.chaos.laws import LAWS, judge

_C, _W, _LI, _WU, _ANN = "conversation", "waiting", "agent-li", "agent-wu", "customer-ann"


def _entry(
    seq: int, kind: str, actor: str, actor_id: str | None = None, reply: int | None = None, **body: Any
) -> Entry:
    return Entry(_C, seq, kind, actor, actor_id, reply, body, 100.0 + seq)


def _said(seq: int, text: str, name: str, **more: Any) -> Entry:
    return _entry(seq, "message", "customer", _ANN, id=f"id-{name}", client_id=name, text=text, **more)


def _ack(seq: int, name: str) -> dict[str, Any]:
    return {"ok": True, "conversation_id": _C, "seq": seq, "id": f"id-{name}"}


def _told(entry: Entry) -> Heard:
    payload = {"conversation_id": _C, "seq": entry.seq, "kind": entry.kind, "actor": {"kind": entry.actor_kind}}
    return Heard(entry.at + 0.1, "event", payload | {k: v for k, v in entry.body.items() if k in ("text", "id")})


_LOG = (
    _said(1, "怎么开发票", "q1"),
    _entry(2, "message", "bot", reply=1, id="id-a1", text="在账单页面"),
    _entry(3, "state", "customer", _ANN, state="waiting", reason="asked"),
    _entry(4, "state", "system", state="human", reason="assigned", agent={"id": _LI}),
    _said(5, "还有一个问题", "q2"),
    _entry(6, "message", "agent", _LI, 5, id="id-a2", client_id="a2", text="请讲"),
    _entry(7, "state", "agent", _LI, state="closed", reason="resolved"),
)
_GHOST = _said(9, "x", "x")
_BODY = json.dumps({"type": "conversation.closed", "data": {"conversation_id": _C, "seq": 7}}).encode()


def _move(number: int, before: str, state: str, owners: tuple[str | None, str | None], reason: str) -> Move:
    return Move(number, "a", _C, before, state, *owners, reason, number + 1, 3, 100.0 + number)


#: A run in which everything is as it must be.
GOOD = Evidence(
    entries=_LOG,
    rows=(Row(_C, _ANN, "closed", 4, 7, None), Row(_W, "customer-bo", "waiting", 1, 0, 50.0)),
    moves=(
        _move(1, "bot", "waiting", (None, None), "asked"),
        _move(2, "waiting", "human", (None, _LI), "assigned"),
        _move(3, "human", "closed", (_LI, _LI), "resolved"),
    ),
    grants=(Grant(2, "b", 90.0), Grant(3, "a", 95.0)),
    words=(
        Words("customer ann", "q1", "怎么开发票", (_ack(1, "q1"), _ack(1, "q1"))),
        Words("customer ann", "q2", "还有一个问题", (_ack(5, "q2"),)),
        Words("agent li", "a2", "请讲", (_ack(6, "a2"),)),
    ),
    taken=(Taken(_LI, _C, 3),),
    sittings=(
        Sitting("customer", _ANN, "a", 90.0, None, tuple(_told(entry) for entry in _LOG)),
        Sitting("agent", _LI, "b", 90.0, None, (Heard(102.5, "assigned", {"conversation_id": _C}),)),
        Sitting(
            "customer", "customer-bo", "a", 90.0, None,
            (
                Heard(95.0, "queue", {"conversation_id": _W, "position": 3}),
                Heard(96.0, "queue", {"conversation_id": _W, "position": 2}),
            ),
        ),
    ),
    notices=(Notice("00-11", f"conversation.closed:{_C}:7", sent=True),),
    parcels=(Parcel("msg_0011", _BODY), Parcel("msg_0011", _BODY)),
    capacities={_LI: 1},
    waiting=((_W, 50.0),),
    lines={"a": (_W,), "b": (_W,)},
    told_within=15.0,
    ended_at=200.0,
)  # fmt: skip

Harm = Callable[[Evidence], Evidence]


def _without(*seqs: int) -> Harm:
    return lambda good: replace(good, entries=[each for each in good.entries if each.seq not in seqs])


def _instead(*entries: Entry) -> Harm:
    seqs = {each.seq for each in entries}
    return lambda good: replace(good, entries=[*(each for each in good.entries if each.seq not in seqs), *entries])


def _word(number: int, **changes: Any) -> Harm:
    return lambda good: replace(
        good, words=[replace(each, **changes) if n == number else each for n, each in enumerate(good.words)]
    )


def _moved(number: int, **changes: Any) -> Harm:
    return lambda good: replace(
        good, moves=[replace(each, **changes) if each.number == number else each for each in good.moves]
    )


def _heard(number: int, change: Callable[[tuple[Heard, ...]], tuple[Heard, ...]]) -> Harm:
    return lambda good: replace(
        good,
        sittings=[
            replace(each, heard=change(tuple(each.heard))) if n == number else each
            for n, each in enumerate(good.sittings)
        ],
    )


def _more(**parts: Any) -> Harm:
    return lambda good: replace(good, **parts)


_HARMS: list[tuple[str, str, Harm]] = [
    ("acknowledged is kept", "a message that was acknowledged is gone", _without(5)),
    ("acknowledged is kept", "another text stands there", _instead(_said(5, "别的", "q2"))),
    ("nothing stands twice", "a message stands twice", _instead(_said(8, "还有一个问题", "q2"))),
    ("nothing stands twice", "nobody said it", _instead(_said(8, "谁说的", "q9"))),
    ("one id, one answer", "the repeat got another number", _word(0, acknowledgements=(_ack(1, "q1"), _ack(8, "q1")))),
    ("order of speaking", "the later word has the earlier number", _word(1, acknowledgements=(_ack(1, "q2"),))),
    ("no gap in a log", "a number is missing", _without(3)),
    ("no gap in a log", "the row counts further", _more(rows=(Row(_C, _ANN, "closed", 4, 8, None), GOOD.rows[1]))),
    ("questions answered once", "the bot owes an answer", _without(2, 3, 4, 5, 6, 7)),
    ("questions answered once", "the bot answered twice", _instead(_entry(8, "message", "bot", reply=1, id="x"))),
    ("questions answered once", "the agent never answered", _without(6)),
    ("questions answered once", "two agents answered", _instead(_entry(8, "message", "agent", _WU, 5, id="x"))),
    (
        "questions answered once", "the bot answered in another order",
        _instead(_said(3, "第二问", "q3"), _entry(4, "message", "bot", reply=3), _entry(5, "message", "bot", reply=1)),
    ),
    (
        "one owner at a time", "assigned while somebody had it",
        _instead(_entry(5, "state", "system", state="human", reason="assigned", agent={"id": _WU})),
    ),
    ("one owner at a time", "a stranger speaks", _instead(_entry(6, "message", "agent", _WU, 5, client_id="a2"))),
    ("one owner at a time", "two moves to one version", _moved(3, version=3)),
    ("one owner at a time", "a version that nobody made", _more(moves=(GOOD.moves[0], GOOD.moves[2]))),
    ("accepted is owned", "somebody else has it", _more(taken=(Taken(_WU, _C, 3),))),
    ("capacity", "two of one", _more(moves=(*GOOD.moves[:2], replace(GOOD.moves[1], number=9, conversation_id="x")))),
    ("one dispatcher", "a node acted after its lease had gone", _moved(2, epoch=2)),
    ("the line holds", "who waited is gone", _more(rows=GOOD.rows[:1])),
    ("the line holds", "who waited lost their rank", _more(waiting=((_W, 40.0),))),
    ("the line holds", "a node tells another line", _more(lines={"a": (_W,), "b": ()})),
    ("places never rise", "from 3 to 2 to 3", _heard(2, lambda heard: (*heard, replace(heard[0], at=99.0)))),
    ("told is true", "an event that the log does not know", _heard(0, lambda heard: (*heard, _told(_GHOST)))),
    (
        "told is true", "a customer saw how sure the bot was",
        _heard(0, lambda heard: (replace(heard[0], payload={**heard[0].payload, "confidence": 0.9}), *heard[1:])),
    ),
    ("told in time", "one event was never told", _heard(0, lambda heard: heard[:-1])),
    ("told in time", "one event came late", _heard(0, lambda heard: (*heard[:-1], replace(heard[-1], at=150.0)))),
    (
        "told in time", "an agent never heard of their conversation",
        lambda good: _heard(1, lambda _: ())(_moved(3, at=190.0)(good)),
    ),
    ("outbox once", "its end was not noted", _more(notices=())),
    ("outbox once", "sent under two ids", _more(parcels=(Parcel("msg_0011", _BODY), Parcel("msg_0012", _BODY)))),
    ("outbox once", "two bodies under one id", _more(parcels=(*GOOD.parcels, Parcel("msg_0011", _BODY + b" ")))),
    ("outbox once", "recorded as sent, never received", _more(parcels=())),
    ("nobody refused", "somebody was turned away", _more(refusals=("customer 1 asked for a human: forbidden",))),
]  # fmt: skip


def test_nothing_is_found_where_all_went_well() -> None:
    findings = judge(GOOD)

    assert [(found.law, found.violations) for found in findings if found.violations] == []
    assert [found.law for found in findings if not found.checked] == ["nobody refused"]


@pytest.mark.parametrize(("law", "harm", "harmed"), _HARMS, ids=[harm for _, harm, _ in _HARMS])
def test_each_harm_is_found(law: str, harm: str, harmed: Harm) -> None:
    assert _violations(harmed(GOOD), law), harm


def test_every_law_has_a_harm() -> None:
    assert {law for law, _, _ in _HARMS} == set(LAWS)


def test_time_does_not_run_while_nobody_could_be_told() -> None:
    late = _heard(0, lambda heard: (*heard[:-1], replace(heard[-1], at=150.0)))(GOOD)
    excused = replace(late, outages=(Outage("a", 100.0, 140.0),))
    elsewhere = replace(late, outages=(Outage("b", 100.0, 140.0),))

    assert not _violations(excused, "told in time")
    assert _violations(elsewhere, "told in time")


def test_who_hears_a_later_event_in_time_was_told_that_there_is_a_gap() -> None:
    skipped = _heard(0, lambda heard: (*heard[:3], *heard[4:]))(GOOD)

    assert not _violations(skipped, "told in time")


def test_an_agent_who_is_told_again_was_told_the_first_time() -> None:
    good = _moved(3, at=190.0)(GOOD)
    again = _heard(1, lambda heard: (*heard, replace(heard[0], at=150.0)))(good)
    late = _heard(1, lambda heard: (replace(heard[0], at=150.0),))(good)
    of_another_time = _heard(1, lambda heard: (replace(heard[0], at=95.0),))(good)

    assert not _violations(again, "told in time")
    assert _violations(late, "told in time")
    assert _violations(of_another_time, "told in time")


def test_two_moves_of_one_commit_are_one_move_of_the_row() -> None:
    asked, assigned = (each for each in GOOD.entries if each.kind == "state" and each.body["state"] != "closed")
    together = _instead(replace(assigned, at=asked.at))(GOOD)

    assert not _violations(_more(moves=GOOD.moves[1:])(together), "one owner at a time")
    assert _violations(together, "one owner at a time")  # the row moved twice all the same


def _violations(evidence: Evidence, law: str) -> tuple[str, ...]:
    return next(found.violations for found in judge(evidence) if found.law == law)
