"""What a process remembers of solved conversations: it forgets those of who was erased."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import numpy as np

from database.ids import uuid7
from database.pool import Database
from router.help.cases import Cases, stored

_DIMENSIONS = 8


#: A knowledge base whose space leaves vectors as they are.
_SERVED: Any = SimpleNamespace(
    fingerprint="an encoder",
    version=1,
    space=SimpleNamespace(mean=np.zeros(_DIMENSIONS), centred=lambda written: written.vectors),
)


async def _solved(database: Database) -> UUID:
    conversation_id = uuid7()
    vector = stored(np.eye(_DIMENSIONS, dtype=np.float32)[0])
    await database.execute(
        "insert into solved_cases (conversation_id, question_seqs, encoder, vector, language, solved_at) "
        "values ($1, '{1}', 'an encoder', $2, 'zh', now())",
        conversation_id, vector,
    )  # fmt: skip
    return conversation_id


async def test_cases_of_who_was_erased_are_forgotten(database: Database) -> None:
    theirs, others = await _solved(database), await _solved(database)
    cases = Cases(database)
    await cases.follow(_SERVED)
    assert len(cases) == 2
    customer_id = uuid7()
    await database.execute(
        "insert into customers (id, tier, created_at, seen_at) values ($1, 'free', now(), now())", customer_id
    )
    await database.execute("delete from solved_cases where conversation_id = $1", theirs)
    await database.execute(
        "insert into erasures (id, customer_id, asked_at, done_at) values ($1, $2, now(), now())", uuid7(), customer_id
    )

    await cases.follow(_SERVED)

    asked = np.eye(_DIMENSIONS, dtype=np.float32)[0]
    assert [near.case.conversation_id for near in cases.near(_SERVED, "怎么导出", asked, 5)] == [others]
