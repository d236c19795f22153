"""The fixtures of the chaos tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """What the clients of killed servers leave behind is reported with this test, not with whatever comes next."""
    yield
    gc.collect()
