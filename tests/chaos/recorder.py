"""The flight recorder of a chaos run: triggers write down in each transaction who moved what under which lease.

So the order is the database's own, and whoever acted under a lease that had gone shows.
"""

from __future__ import annotations

from typing import Any

import asyncpg
import msgspec

from tests.chaos.evidence import Entry, Grant, Move, Notice, Row

_INSTALL = """
create table chaos_moves (
    number bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(), node text not null, conversation_id uuid not null,
    before text not null, state text not null, owner_before uuid, owner uuid, reason text, version integer not null,
    epoch bigint
);
create table chaos_grants (
    number bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(), node text not null, name text not null, epoch bigint not null,
    holder uuid not null
);
create table chaos_stored (conversation_id uuid, seq integer, at timestamptz not null);
create function chaos_stored() returns trigger language plpgsql as $$
declare moment timestamptz := clock_timestamp();  -- what one statement stores happened at once
begin
    insert into chaos_stored select conversation_id, seq, moment from fresh;
    return null;
end $$;
create trigger chaos_stored after insert on events referencing new table as fresh
for each statement execute function chaos_stored();
create function chaos_moved() returns trigger language plpgsql as $$
begin
    insert into chaos_moves (node, conversation_id, before, state, owner_before, owner, reason, version, epoch)
    values (coalesce(current_setting('chaos.node', true), '?'), new.id, old.state, new.state, old.owner, new.owner,
            new.reason, new.version, (select max(epoch) from leases));
    return null;
end $$;
create trigger chaos_moved after update on conversations for each row
when ((old.state, old.owner) is distinct from (new.state, new.owner)) execute function chaos_moved();
create function chaos_granted() returns trigger language plpgsql as $$
begin
    insert into chaos_grants (node, name, epoch, holder)
    values (coalesce(current_setting('chaos.node', true), '?'), new.name, new.epoch, new.holder);
    return null;
end $$;
create trigger chaos_granted after insert on leases for each row execute function chaos_granted();
create trigger chaos_renewed after update on leases for each row
when (old.epoch <> new.epoch) execute function chaos_granted();
"""

_ENTRIES = """
select conversation_id::text, seq, kind, actor_kind, actor_id::text, reply_to_seq, body,
       extract(epoch from greatest(e.at, s.at))::float8 as at
from events e left join chaos_stored s using (conversation_id, seq) order by conversation_id, seq
"""
_ROWS = """
select id::text, customer_id::text, state, version, last_seq,
       extract(epoch from rank_at)::float8 as rank_at from conversations
"""
_MOVES = """
select number, node, conversation_id::text, before, state, owner_before::text, owner::text,
       coalesce(reason, '') as reason, version, epoch, extract(epoch from at)::float8 as at
from chaos_moves order by number
"""
_GRANTS = "select epoch, node, extract(epoch from at)::float8 as at from chaos_grants order by number"
_NOTICES = """
select n.id::text, n.key, coalesce(bool_and(d.state = 'sent'), false) as sent
from notices n left join deliveries d on d.notice_id = n.id where n.recipient_kind = 'integrators' group by n.id
"""


class Recorder:
    """Reads what the database knows; goes around every wire."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def install(self) -> None:
        """Into a migrated database, before anything happens in it."""
        connection = await self._connect()
        try:
            await connection.execute(_INSTALL)
        finally:
            await connection.close()

    async def dispatcher(self) -> str | None:
        """The node to which the lease went last."""
        grants = await self.grants()
        return grants[-1].node if grants else None

    async def entries(self) -> list[Entry]:
        return [Entry(**row) for row in await self._fetch(_ENTRIES)]

    async def rows(self) -> list[Row]:
        return [Row(**row) for row in await self._fetch(_ROWS)]

    async def moves(self) -> list[Move]:
        return [Move(**row) for row in await self._fetch(_MOVES)]

    async def grants(self) -> list[Grant]:
        return [Grant(**row) for row in await self._fetch(_GRANTS)]

    async def notices(self) -> list[Notice]:
        return [Notice(**row) for row in await self._fetch(_NOTICES)]

    async def value(self, sql: str, *arguments: object) -> Any:
        rows = await self._fetch(sql, *arguments)
        return next(iter(rows[0].values())) if rows else None

    async def _fetch(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        connection = await self._connect()
        try:
            return [dict(row) for row in await connection.fetch(sql, *arguments)]
        finally:
            await connection.close()

    async def _connect(self) -> asyncpg.Connection[asyncpg.Record]:
        connection = await asyncpg.connect(self._dsn, timeout=10)
        await connection.set_type_codec(
            "jsonb", schema="pg_catalog", encoder=lambda value: msgspec.json.encode(value).decode(),
            decoder=msgspec.json.decode,
        )  # fmt: skip
        return connection
