"""The labelled sentences: none is measured with that was learnt from, and every time can be a time."""

from __future__ import annotations

from datetime import datetime

from models.heads.promising import SHIPPED, read_sentences
from scripts.promises import HELD, SAID_AT


def test_what_is_measured_with_was_not_learnt_from() -> None:
    held, learnt = read_sentences(HELD), read_sentences(SHIPPED)
    assert {one.text for one in held}.isdisjoint(one.text for one in learnt)
    assert len({one.text for one in held}) == len(held) >= 100


def test_times_lie_ahead_and_belong_to_promises() -> None:
    for one in read_sentences(HELD):
        if one.due is not None:
            assert one.promises
            assert datetime.fromisoformat(one.due).replace(tzinfo=SAID_AT.tzinfo) > SAID_AT
