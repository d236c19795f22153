"""When garbage is looked for: what nobody holds goes, sooner or later, and what stays is not looked at again."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from router.collecting import Collecting


class _Knot:
    """Holds itself, so that only the collector can take it away."""

    def __init__(self) -> None:
        self.me = self


class _Loop:
    """Holds what is to be called next."""

    def __init__(self) -> None:
        self.next: list[Any] = []

    def call_later(self, _: float, callback: Any, *args: Any) -> None:
        self.next = [callback, *args]

    def turn(self) -> None:
        callback, *args = self.next
        callback(*args)


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_nobody_holds_goes_with_the_next_look() -> None:
    loop = _Loop()
    Collecting().begin(loop)  # type: ignore[arg-type]
    gone = weakref.ref(_Knot())
    assert gone() is not None
    loop.turn()
    assert gone() is None


def test_what_stays_settles_and_goes_once_much_has_settled() -> None:
    loop = _Loop()
    Collecting(settle_every=2, count_every=6, grown=0).begin(loop)  # type: ignore[arg-type]
    knot = _Knot()
    before = gc.get_freeze_count()
    for _ in range(2):
        loop.turn()
    assert gc.get_freeze_count() > before
    gone = weakref.ref(knot)
    del knot
    for _ in range(3):
        loop.turn()
    assert gone() is not None
    loop.turn()
    assert gone() is None
