"""A process that sends what is due and then waits to be killed: ``python -m … DSN SETTINGS``."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack

from database.clock import ManualClock
from database.pool import Database
from database.settings import DatabaseSettings
from router.notifications.settings import NotificationSettings
from tests.integration.notifications.conftest import post_on


async def main(dsn: str, settings: str) -> None:
    database = Database(dsn, DatabaseSettings(pool_min=1))
    await database.start()
    await database.wait_ready(30)
    post = post_on(database, ManualClock(), NotificationSettings(**json.loads(settings)), AsyncExitStack())
    await post.go()  # its receiver hangs


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
