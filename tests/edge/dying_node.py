"""Another server of the same desk that commits one change and dies before it can tell anybody."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from database.pool import Database
from database.settings import DatabaseSettings
from router.conversations.batch import Decide
from router.conversations.journal import Journal
from router.conversations.records import Committed
from tests.edge.house import House


async def committed_by_a_dying_node(house: House, conversation_id: UUID, decide: Decide) -> None:
    """On the house's database, at its time."""

    async def nobody(_: Sequence[Committed]) -> None: ...

    database = Database(house.dsn, DatabaseSettings(pool_min=1, pool_max=2))
    await database.start()
    journal = Journal(database, house.clock, nobody)
    journal.start()
    await journal.write(conversation_id, decide)
    await journal.close()
    await database.close()
