"""Wherever a search looks, it finds what looking through everything would have found, in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest

import router.search.looking
from database.pool import Database
from database.queries import load_queries
from router.search.looking import Looking, Place

#: 4,000 conversations over 14 months: 常见 in all, 半数 in half, 少见 in few, 往年 in old ones only; one in 50
#: belongs to a group, the others to everybody.
_ROWS = """
insert into searchable_conversations (conversation_id, seq, note_seq, at, words, scope)
select gen_random_uuid(), 1, 0, timestamptz '2025-10-03' + n * interval '2.5 hours',
       array_to_tsvector(array_remove(array['常见', case when n % 2 = 0 then '半数' end,
                                            case when n % 401 = 0 then '少见' end, case when n < 900 then '往年' end],
                                      null)),
       case when n % 50 = 0 then array['group:a', 'owner:x'] else array['everybody'] end
from generate_series(1, 4000) n
"""
_EVERYTHING = """
select conversation_id from searchable_conversations
where words @@ $1::text::tsquery and ($2::text[] is null or scope && $2::text[])
order by at desc, conversation_id desc
"""


@pytest.mark.parametrize(
    "query", ["'常见'", "'半数'", "'少见'", "'往年'", "'常见' & '少见'", "'没有'", "'半' & '常见'"]
)
async def test_the_newest_are_found_page_by_page(database: Database, query: str) -> None:
    await database.execute(_ROWS)
    looking = Looking(database, load_queries(Path(router.search.looking.__file__)))
    for scope in (None, ["group:a"], ["everybody"], ["group:b", "owner:x"], ["group:b"]):
        expected = [row[0] for row in await database.fetch(_EVERYTHING, query, scope)]
        for wanted in (1, 40, 700):
            found: list[object] = []
            below = None
            while len(found) < min(len(expected), 3 * wanted) or below is None:
                rows = await looking.find(query, scope, below, wanted)
                found += [row["id"] for row in rows]
                if len(rows) < wanted:
                    break
                below = Place(rows[-1]["at"], rows[-1]["id"])
            assert found == expected[: len(found)], (scope, wanted)
            assert len(found) >= min(len(expected), 3 * wanted)
