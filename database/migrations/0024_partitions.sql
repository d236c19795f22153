-- The log in parts by ranges of conversation id, which is time: one for each month, made ahead by a job of the program; see
-- router/retention/partitions.py. What there is already stays where it is, as the part of everything before. The table
-- is locked while one pass over it makes sure of the border: about a second for every six million events.

-- The first id (UUIDv7) of a moment.
create function first_id(moment timestamptz) returns uuid language sql immutable parallel safe as $$
    select (lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- When an id (UUIDv7) was made.
create function moment_of_id(id uuid) returns timestamptz language sql immutable parallel safe as $$
    select to_timestamp(('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint / 1000.0)
$$;

do $$
declare
    last   uuid;
    border uuid;
begin
    lock table events in access exclusive mode;
    select conversation_id into last from events order by conversation_id desc limit 1;
    alter table events rename to events_before;
    alter index events_pkey rename to events_before_pkey;
    alter index events_one_answer rename to events_before_one_answer;
    alter index events_that_teach rename to events_before_that_teach;
    create table events (like events_before including constraints including defaults)
        partition by range (conversation_id);
    alter table events add primary key (conversation_id, seq);
    create unique index events_one_answer on events (conversation_id, reply_to_seq)
        where kind = 'message' and actor_kind = 'bot' and reply_to_seq is not null;
    create index events_that_teach on events (at)
        where kind = 'rating'
           or (kind = 'state' and body ->> 'state' = 'closed')
           or (kind = 'message' and actor_kind = 'customer' and body ->> 'option_id' = 'none_of_these')
           or (kind = 'message' and actor_kind = 'bot'
               and body ->> 'reason' in ('chosen', 'none_fits', 'no_answer', 'repeated_miss', 'low_confidence', 'solved'));
    create table events_rest partition of events default;  -- no insert ever fails for want of a part
    if last is null then
        drop table events_before;
        return;
    end if;
    border := first_id(date_trunc('month', moment_of_id(last) at time zone 'UTC') at time zone 'UTC' + interval '1 month');
    execute format('alter table events_before add constraint events_before_border check (conversation_id < %L)', border);
    execute format('alter table events attach partition events_before for values from (minvalue) to (%L)', border);
    alter table events_before drop constraint events_before_border;
end
$$;

-- Makes the part of a range, with whatever of it has come into the rest meanwhile; false where there is one already.
-- Whoever comes second waits for the first.
create function add_events_partition(name text, low uuid, high uuid) returns boolean language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('yingda.partitions', 0));
    if to_regclass(quote_ident(name)) is not null then
        return false;
    end if;
    execute format('create table %I (like events including all)', name);
    lock table events_rest in access exclusive mode;
    execute format('with moved as (delete from events_rest where conversation_id >= %L and conversation_id < %L returning *) '
                   'insert into %I select * from moved', low, high, name);
    execute format('alter table events attach partition %I for values from (%L) to (%L)', name, low, high);
    return true;
end
$$;

-- The parts of the log with their ranges; null where it is open.
create view events_partitions as
select c.relname::text as name,
       substring(pg_get_expr(c.relpartbound, c.oid) from $$FROM \('([0-9a-f-]+)'\)$$)::uuid as low,
       substring(pg_get_expr(c.relpartbound, c.oid) from $$TO \('([0-9a-f-]+)'\)$$)::uuid as high,
       pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT' as is_rest
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'events'::regclass;
