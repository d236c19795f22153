"""What the commands about the knowledge base share: settings and database, opened and closed, and errors told in one
line."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from database.clock import Clock, SystemClock
from database.errors import DatabaseError
from database.opening import open_database
from database.pool import Database
from kb_index.articles import Articles
from kb_index.errors import KnowledgeError
from kb_index.versions import IndexVersions
from models.encoder import ModelUnavailable
from models.heads.examples import FaultyExamples
from router.settings import Settings, SettingsError, load_settings


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """The stored knowledge base, open."""

    settings: Settings
    database: Database
    articles: Articles
    versions: IndexVersions
    clock: Clock


@asynccontextmanager
async def open_knowledge_base(given: Settings | None = None) -> AsyncIterator[KnowledgeBase]:
    """With the server's settings, or those given; the program's own database is started where it does not run, and
    stopped again."""
    settings = given or load_settings([], os.environ)
    clock = SystemClock()
    database, embedded = await open_database(
        settings.database, settings.data_dir, on_status=say_if_watched, clock=clock
    )
    try:
        versions = IndexVersions(database, settings.data_dir, settings.index, clock)
        yield KnowledgeBase(settings, database, Articles(database, clock), versions, clock)
    finally:
        await database.close()
        if embedded is not None:
            await embedded.stop()


def run(command: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """The exit status of a command: what goes wrong in an expected way is one line and status 1."""
    try:
        return asyncio.run(command())
    except (KnowledgeError, DatabaseError, ModelUnavailable, FaultyExamples, SettingsError) as error:
        print(str(error), file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or 'file'}: {error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    except BrokenPipeError:
        pass
    return 1


def say(status: str) -> None:
    """A remark for the person at the keyboard, apart from the output."""
    print(status, file=sys.stderr)


def say_if_watched(status: str) -> None:
    """What only somebody who is waiting wants to know; a log has no use for it."""
    if sys.stderr.isatty():
        say(status)
