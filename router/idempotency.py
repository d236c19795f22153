"""``Idempotency-Key``: a repeated request gives the first answer and stores nothing, as a socket's client id does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries

if TYPE_CHECKING:
    from database.pool import PooledConnection


@dataclass(frozen=True)
class StoredAnswer:
    """Status and JSON value of an answer, as given the first time."""

    status: int
    body: Any


class Repeats:
    """Runs a storing request in one transaction with the memory of its answer."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries(__file__)

    async def once(
        self,
        sender: UUID,
        key: UUID | None,
        status: int | None,
        work: Callable[[PooledConnection], Awaitable[Any]],
    ) -> StoredAnswer:
        """The answer of ``work``, or the first one where ``sender`` used ``key`` before; no failure is remembered.

        ``status`` is None for an event of a socket, whose answers are remembered as the journal remembers them.
        """
        async with self._database.transaction() as connection:
            if key is not None:
                claimed = await connection.fetchval(self._sql["claim_send"], sender, key, self._clock.now())
                if claimed is None:
                    return _remembered(await connection.fetchval(self._sql["sent_answer"], sender, key))
            body = msgspec.to_builtins(await work(connection))
            if key is not None:
                answer = body if status is None else {"http_status": status, "body": body}
                await connection.execute(self._sql["answer_send"], sender, key, answer)
        return StoredAnswer(200 if status is None else status, body)


def _remembered(answer: Any) -> StoredAnswer:
    if isinstance(answer, dict) and "http_status" in answer:
        return StoredAnswer(answer["http_status"], answer["body"])
    return StoredAnswer(200, answer)  # the sender used the id on a socket
