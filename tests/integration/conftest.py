"""What several areas' tests begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from database.clock import ManualClock
from database.pool import Database
from router.conversations.journal import Journal


@pytest.fixture
async def journal(database: Database, clock: ManualClock) -> AsyncIterator[Journal]:
    """One that nobody listens to."""

    async def listen(_: Any) -> None: ...

    made = Journal(database, clock, listen)
    made.start()
    yield made
    await made.close()
