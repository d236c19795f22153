-- name: partitions
-- The parts of the log, the oldest first; the rest last.
select name, low, high, is_rest from events_partitions order by is_rest, low nulls first;

-- name: oldest_in_rest
-- The oldest id that has come into the rest since the part of its month was due ($1: before what is ahead).
select conversation_id from events_rest where conversation_id < $1::uuid order by conversation_id limit 1;

-- name: add_partition
-- A part for a range, with what the rest holds of it; false where it is there.
select add_events_partition($1::text, $2::uuid, $3::uuid);

-- name: wait_briefly
-- Whoever writes goes first: a new part can wait for the next tick.
set local lock_timeout = '2s';

-- name: part_contents
-- How many conversations of a range ended before a moment, hence may go.
select (select count(*) from conversations c
        where c.id >= coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') and c.id < $2::uuid
          and c.state = 'closed' and c.closed_at < $3::timestamptz
          and exists (select from events e where e.conversation_id = c.id))::integer as conversations;

-- name: going
-- Conversations of a range that ended before a moment and have something in the log, oldest first, below the last one.
select c.id from conversations c
where c.id > $1::uuid and c.id < $2::uuid and c.state = 'closed' and c.closed_at < $3::timestamptz
  and exists (select from events e where e.conversation_id = c.id)
order by c.id limit $4::integer;

-- name: events_of
-- Everything in the logs of some conversations.
select * from events where conversation_id = any($1::uuid[]) order by conversation_id, seq;

-- name: notes_of
-- And their notes.
select * from notes where conversation_id = any($1::uuid[]) order by conversation_id, note_seq;

-- name: print_of_part
-- What a part looks like now, to see later whether it changed.
select rows, print from print_of_part($1::text);

-- name: lock_part
-- Nobody writes into a part until the transaction ends.
select lock_part($1::text);

-- name: lock_archiving
-- One server archives at a time; the lock goes with the connection.
select pg_try_advisory_lock(hashtextextended('yingda.archiving', 0));

-- name: unlock_archiving
-- The next one may.
select pg_advisory_unlock(hashtextextended('yingda.archiving', 0));

-- name: unlimited_time
-- Looking through a month takes as long as it takes.
set local statement_timeout = 0;

-- name: add_archive
-- A file that is where it belongs and was read again.
insert into archives (id, part, path, bytes, sha256, conversations, events, notes, made_at)
values ($1::uuid, $2::text, $3::text, $4::bigint, $5::bytea, $6::integer, $7::integer, $8::integer, $9::timestamptz);

-- name: forget_notes
-- Notes that stand in an archive.
delete from notes n using archived_conversations a
where a.archive_id = $1::uuid and n.conversation_id = a.conversation_id
  and n.note_seq between a.first_note_seq and a.last_note_seq;

-- name: forget_words
-- Searching and similar cases know online conversations only.
with searched as (
    update searchable_conversations s set words = '', scope = '{}'
    from archived_conversations a where a.archive_id = $1::uuid and s.conversation_id = a.conversation_id
)
delete from solved_cases c using archived_conversations a
where a.archive_id = $1::uuid and c.conversation_id = a.conversation_id and c.ticket_id is null;

-- name: drop_part
-- The part leaves the log; how many events of it stay, since their conversations go on.
select drop_archived_part($1::text, $2::uuid);

-- name: archived
-- Where a conversation stands in archives, oldest first; path and key are null for what is gone.
select a.first_seq, a.last_seq, a.first_note_seq, a.last_note_seq, a.starts, a.bytes, a.key, f.path, c.started_at
from archived_conversations a
join archives f on f.id = a.archive_id
join conversations c on c.id = a.conversation_id
where a.conversation_id = $1::uuid order by a.first_seq;

-- name: forget_conversations
-- Without their keys nobody reads these again.
update archived_conversations set key = null where conversation_id = any($1::uuid[]) and key is not null;

-- name: forget_erased
-- The same for customers who were erased.
update archived_conversations a set key = null
from customers k join conversations c on c.customer_id = k.id
where k.erased_at is not null and a.conversation_id = c.id and a.key is not null;

-- name: archive_paths
-- The files that there are.
select path from archives where path is not null;

-- name: ended_archives
-- Files that were made so long ago that nobody keeps them.
select id, path from archives where path is not null and made_at < $1::timestamptz order by made_at limit $2::integer;

-- name: end_archive
-- A file is gone, and the keys with it.
with gone as (
    update archives set path = null, emptied_at = $2::timestamptz where id = $1::uuid
)
update archived_conversations set key = null where archive_id = $1::uuid;

-- name: empty_conversations
-- What else goes with the words: cards and last words ($2), pages ($3); the numbers for reports stay.
update conversations c
set last_text = case when $2::boolean then '' else last_text end,
    card = case when $2::boolean then null else card end,
    signals = case when $2::boolean then null else signals end,
    wrap_up = case when $2::boolean then wrap_up - 'note' else wrap_up end,
    page = case when $3::boolean then null else page end
from archived_conversations a
where a.archive_id = $1::uuid and c.id = a.conversation_id;

-- name: empty_files
-- Files that were sent along: nobody opens them, and the job for files takes them away.
update uploads u set removed_at = $2::timestamptz
from archived_conversations a
where a.archive_id = $1::uuid and u.conversation_id = a.conversation_id and u.removed_at is null;

-- name: forget_sends
-- Client ids older than the time they are kept.
delete from sends where at < $1::timestamptz;

-- name: forget_sessions
-- Sign-ins that ended or ran out so long ago.
delete from account_sessions where expires_at < $1::timestamptz or ended_at < $1::timestamptz;

-- name: silent_visitors
-- Anonymous customers who were here long ago and never said anything: nothing refers to them.
select c.id from customers c
where c.seen_at < $1::timestamptz and c.id > $2::uuid and c.external_id is null and c.merged_into is null
  and c.email_hash is null and c.phone_hash is null
  and not exists (select from conversations o where o.customer_id = c.id)
order by c.id limit $3::integer;

-- name: forget_tokens
-- Their tokens,
delete from continuations t using visitors v where t.visitor_hash = v.token_hash and v.customer_id = any($1::uuid[]);

-- name: forget_visitors
-- their pages,
delete from visitors where customer_id = any($1::uuid[]);

-- name: forget_silent
-- and they themselves.
delete from customers where id = any($1::uuid[]);

-- name: forget_revoked
-- Visitor tokens that open nothing any more.
delete from visitors v
where v.token_hash in (select token_hash from visitors where revoked_at < $1::timestamptz
                       union all
                       select token_hash from visitors where expires_at < $1::timestamptz and revoked_at is null)
  and not exists (select from visitors o where o.opened_by = v.token_hash)
  and not exists (select from continuations c where c.visitor_hash = v.token_hash);
