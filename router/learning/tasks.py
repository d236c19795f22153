"""Flagged answers and unanswered questions, and what editors decide about them; a decision is a pair like any other,
and weighs most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.errors import Conflict, Invalid, NotFound
from router.learning.harvest import Harvest
from router.learning.records import Outcome, Pair, Task, key_of

if TYPE_CHECKING:
    from database.pool import PooledConnection


class Tasks:
    """What waits for editors; everything that changes runs in the caller's transaction."""

    def __init__(self, database: Database, clock: Clock, harvest: Harvest) -> None:
        self._database = database
        self._clock = clock
        self._harvest = harvest
        self._sql = load_queries(__file__)

    async def flag(
        self, connection: PooledConnection, conversation_id: UUID, seq: int, *,
        agent_id: UUID, article_id: str | None, comment: str | None,
    ) -> UUID:  # fmt: skip
        """这条答案错了: a task for the editors and, at once, a pair with the agent's word; again it is the same task.

        Raises `NotFound` where the bot said nothing there, `Conflict` where an editor has decided already.
        """
        if article_id is not None:
            await self._require_article(connection, article_id)
        row = await connection.fetchrow(self._sql["answer_of_bot"], conversation_id, seq)
        if row is None:
            raise NotFound("there is no answer of the bot at this place")
        if not row["question"]:
            raise Conflict("the question was taken back")
        shown, now = row["article_id"], self._clock.now()
        task_id: UUID | None = await connection.fetchval(
            self._sql["put_task"], uuid7(), "flagged", conversation_id, row["question_seqs"], key_of(row["question"]),
            seq, shown, article_id, comment, "agent", agent_id, now,
        )  # fmt: skip
        if task_id is None:
            known: Any = await connection.fetchrow(self._sql["task_about"], conversation_id, seq)
            if known["outcome"] is not None:
                raise Conflict("an editor has looked at this answer already")
            task_id = known["id"]
            assert isinstance(task_id, UUID)
            return task_id
        verdicts = {article_id: True} if article_id is not None else {}
        if shown is not None and shown != article_id:
            verdicts[shown] = False
        for about, is_right in verdicts.items():
            await self._harvest.put(
                connection,
                Pair(
                    source="flag", conversation_id=conversation_id, question_seqs=tuple(row["question_seqs"]),
                    answer_seq=seq, evidence_seq=seq, article_id=about, index_version=row["index_version"],
                    is_right=is_right, task_id=task_id, actor_kind="agent", actor_id=agent_id, at=now,
                ),
            )  # fmt: skip
        return task_id

    async def listed(self, *, is_open: bool, kind: str | None, below: UUID | None, limit: int) -> list[Record]:
        """Newest first; equal unanswered questions are one, with how often they were asked."""
        return await self._database.fetch(self._sql["tasks"], is_open, kind, below, limit)

    async def waiting(self) -> int:
        """How many there are to do."""
        return int(await self._database.fetchval(self._sql["waiting_tasks"]))

    async def one(self, task_id: UUID, connection: PooledConnection | None = None) -> Record:
        """One task with its texts; raises `NotFound`."""
        source = connection or self._database
        row: Record | None = await source.fetchrow(self._sql["task"], task_id)
        if row is None:
            raise NotFound("there is no such task")
        return row

    async def resolve(
        self, connection: PooledConnection, task_id: UUID, outcome: Outcome, article_id: str | None, editor_id: UUID
    ) -> None:
        """The editor's decision for the task and all open ones that ask the same; may be changed later.

        Raises `NotFound`, or `Invalid` where the outcome needs an article and has none.
        """
        if (outcome == "article") != (article_id is not None):
            raise Invalid("article_id belongs to the outcome article, and only to it")
        if article_id is not None:
            await self._require_article(connection, article_id)
        locked = await connection.fetchrow(self._sql["lock_task"], task_id)
        if locked is None:
            raise NotFound("there is no such task")
        about = Task.from_row(locked)
        rows = await connection.fetch(self._sql["alike"], task_id, about.kind, about.question_key)
        tasks = [Task.from_row(row) for row in rows]
        ids, now = [task.id for task in tasks], self._clock.now()
        await connection.execute(self._sql["withdraw_pairs"], ids, now)
        for task in tasks if outcome != "dismissed" else []:
            verdicts = {article_id: True}  # under None: nobody's
            if task.article_id is not None and task.article_id != article_id:
                verdicts[task.article_id] = False
            for verdict_about, is_right in verdicts.items():
                await self._harvest.put(
                    connection,
                    Pair(
                        source="editor", conversation_id=task.conversation_id, question_seqs=task.question_seqs,
                        answer_seq=task.answer_seq, article_id=verdict_about, is_right=is_right, task_id=task.id,
                        actor_kind="agent", actor_id=editor_id, at=now,
                    ),
                )  # fmt: skip
        await connection.execute(self._sql["resolve_tasks"], ids, outcome, article_id, editor_id, now)

    async def settle(
        self, connection: PooledConnection, task_ids: Sequence[UUID], article_id: str, editor_id: UUID
    ) -> None:
        """An article was written for these tasks: those that are still open are answered by it."""
        for row in await connection.fetch(self._sql["still_open"], list(task_ids)):
            await self.resolve(connection, row["id"], "article", article_id, editor_id)

    async def _require_article(self, connection: PooledConnection, article_id: str) -> None:
        if not await connection.fetchval(self._sql["article_exists"], article_id):
            raise Invalid("there is no such article", field="article_id")
