-- name: behind
-- Conversations from an id on of which something was said that is not searchable yet, the newest first.
select c.id, c.last_seq from conversations c left join searchable_conversations s on s.conversation_id = c.id
where c.id >= $2::uuid and (c.last_seq > coalesce(s.seq, 0) or c.last_note_seq > coalesce(s.note_seq, 0))
order by c.id desc limit $1::integer;

-- name: conversations_to_read
-- Who may find these conversations, and from where on they have to be read.
select c.id, c.last_seq, c.last_note_seq, c.last_at, c.group_id, c.owner, coalesce(s.seq, 0) as seq,
       coalesce(s.note_seq, 0) as note_seq
from conversations c left join searchable_conversations s on s.conversation_id = c.id
where c.id = any($1::uuid[]);

-- name: taken_back
-- Which of these conversations have lost a message since they were read.
select distinct e.conversation_id
from unnest($1::uuid[], $2::integer[]) as r (id, seq)
join events e on e.conversation_id = r.id and e.seq > r.seq
where e.kind = 'redact';

-- name: texts_after
-- What was said in conversations after these places; a whisper is for its owner and supervisors, and is not searched.
select e.conversation_id, e.body ->> 'text' as text
from unnest($1::uuid[], $2::integer[]) as r (id, seq)
join events e on e.conversation_id = r.id and e.seq > r.seq
where e.kind = 'message' and not e.body ? 'redacted'
union all
select n.conversation_id, n.text
from unnest($1::uuid[], $3::integer[]) as r (id, note_seq)
join notes n on n.conversation_id = r.id and n.note_seq > r.note_seq and n.kind <> 'whisper';

-- name: add_conversation
-- More words of a conversation.
insert into searchable_conversations as s (conversation_id, seq, note_seq, at, words, scope)
values ($1::uuid, $2::integer, $3::integer, $4::timestamptz, array_to_tsvector($5::text[]), $6::text[])
on conflict (conversation_id) do update
set seq = excluded.seq, note_seq = excluded.note_seq, at = excluded.at, words = s.words || excluded.words,
    scope = excluded.scope
where s.seq <= excluded.seq and s.note_seq <= excluded.note_seq;

-- name: forget_conversations
-- These are read again from the beginning.
delete from searchable_conversations where conversation_id = any($1::uuid[]);

-- name: read_through
-- The newest $5 conversations below a place: those with these words that somebody may see ($2 null: all), and in any case
-- the last one that was looked at.
with newest as materialized (
    select conversation_id as id, at, row_number() over (order by at desc, conversation_id desc) as number,
           words @@ $1::text::tsquery and ($2::text[] is null or scope && $2::text[]) as fits
    from (
        select * from searchable_conversations
        where (at, conversation_id) < (coalesce($3::timestamptz, 'infinity'),
                                       coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
        order by at desc, conversation_id desc limit $5::integer) s
)
(select id, at, fits, number from newest where fits order by number limit $6::integer)
union all
(select id, at, false, number from newest order by number desc limit 1);

-- name: oldest_searchable
-- When the oldest conversation that can be found had its newest word.
select min(at) from searchable_conversations;

-- name: newest_archived
-- The newest conversation whose words stand in the archive, where nothing is searched.
select conversation_id from archived_conversations order by conversation_id desc limit 1;

-- name: find_conversations
-- The newest conversations below a place with these words, of those months that the scope ($2) names.
with found as materialized (
    select s.conversation_id as id, s.at from searchable_conversations s
    where s.words @@ $1::text::tsquery and scope_in_time(s.scope, s.at) && $2::text[]
      and (s.at, s.conversation_id) < ($3::timestamptz, $4::uuid)
)
select id, at from found order by at desc, id desc limit $5::integer;

-- name: texts_of_conversations
-- Everything that stands in these conversations, newest first.
select e.conversation_id, e.seq, null::integer as note_seq, e.at, e.body ->> 'text' as text
from events e
where e.conversation_id = any($1::uuid[]) and e.kind = 'message' and not e.body ? 'redacted'
union all
select n.conversation_id, null, n.note_seq, n.at, n.text
from notes n where n.conversation_id = any($1::uuid[]) and n.kind <> 'whisper'
order by 4 desc;

-- name: heads_of_conversations
-- What a list shows of these conversations.
select id, customer_id, state from conversations where id = any($1::uuid[]);

-- name: tickets_behind
-- Tickets that have changed since they were read; a comment moves their time, not their version.
select t.id from tickets t left join searchable_tickets s on s.ticket_id = t.id
where t.updated_at >= $1::timestamptz and (s.version, s.at) is distinct from (t.version, t.updated_at)
order by t.updated_at limit $2::integer;

-- name: ticket_texts
-- Everything that stands in these tickets, the newest words last.
select t.id, t.version, t.updated_at,
       array[t.number, t.title, t.summary, t.text, coalesce(t.tracker_number, '')]
       || coalesce((select array_agg(c.text order by c.number) from ticket_comments c where c.ticket_id = t.id), '{}')
       as texts
from tickets t where t.id = any($1::uuid[]);

-- name: put_ticket
-- The words of a ticket.
insert into searchable_tickets as s (ticket_id, version, at, words)
values ($1::uuid, $2::integer, $3::timestamptz, array_to_tsvector($4::text[]))
on conflict (ticket_id) do update set version = excluded.version, at = excluded.at, words = excluded.words
where s.version <= excluded.version;

-- name: find_tickets
-- The newest tickets with these words that a colleague may see, as tickets themselves are seen; null for the groups: all.
select s.ticket_id as id, s.at from searchable_tickets s join tickets t on t.id = s.ticket_id
where s.words @@ $1::text::tsquery
  and ($2::uuid[] is null or t.group_id is null or t.group_id = any($2::uuid[]) or t.assignee = $3::uuid
       or t.created_by = $3::uuid
       or exists (select from ticket_watchers w where w.ticket_id = t.id and w.account_id = $3::uuid)
       or exists (select from ticket_conversations tc join conversations c on c.id = tc.conversation_id
                  where tc.ticket_id = t.id and c.owner = $3::uuid))
  and ($4::timestamptz is null or (s.at, s.ticket_id) < ($4::timestamptz, $5::uuid))
order by s.at desc, s.ticket_id desc limit $6::integer;

-- name: heads_of_tickets
-- What a list shows of these tickets.
select id, number, title, status, customer_id from tickets where id = any($1::uuid[]);
