-- Statements about what helps agents: canned replies, words to mind, solved cases.

-- name: find_canned
-- One's own replies and the team's ($2: own, team or all) whose key holds what was typed: names first, then what is
-- used most.
select * from canned_replies
where (($2::text <> 'team' and owner_id = $1::uuid) or ($2::text <> 'own' and owner_id is null))
  and ($3::text = '' or strpos(search_key, $3::text) > 0)
order by (strpos(search_key, E'\n' || $3::text) > 0) desc, used desc, folder, name, id
limit $4::integer;

-- name: canned
-- One reply that the reader may use.
select * from canned_replies where id = $1::uuid and (owner_id is null or owner_id = $2::uuid);

-- name: canned_at
-- The reply at a place.
select * from canned_replies
where owner_id is not distinct from $1::uuid and folder = $2::text and name = $3::text;

-- name: count_canned
-- How many replies somebody, or the team, has.
select count(*) from canned_replies where owner_id is not distinct from $1::uuid;

-- name: add_canned
-- A new reply.
insert into canned_replies (id, owner_id, folder, name, body, search_key, updated_by, created_at, updated_at)
values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::uuid, $8::timestamptz, $8::timestamptz)
returning *;

-- name: change_canned
-- A reply as somebody has changed it; whose it is stays ($2 is not looked at).
update canned_replies
set folder = $3::text, name = $4::text, body = $5::text, search_key = $6::text, updated_by = $7::uuid,
    updated_at = $8::timestamptz
where id = $1::uuid and ($2::uuid is null or true)
returning *;

-- name: remove_canned
-- A reply goes; what was sent with it stays in the log.
delete from canned_replies where id = $1::uuid;

-- name: count_use
-- One more use.
update canned_replies set used = used + 1, used_at = $2::timestamptz where id = $1::uuid;

-- name: said_lately
-- The newest messages of a conversation that can still be read, in order.
select * from (
    select seq, actor_kind, body ->> 'text' as text,
           case when body ->> 'decision' = 'answer' then body #>> '{sources,0,article_id}' end as article_id
    from events
    where conversation_id = $1::uuid and kind = 'message' and not body ? 'redacted' and not body ? 'number'
    order by seq desc limit 60) newest
order by seq;

-- name: whole_talks
-- What was said in some conversations, as far as it can still be read; a choice among options is no question.
select e.* from unnest($1::uuid[]) as c (id)
cross join lateral (
    select conversation_id, seq, actor_kind, body ->> 'text' as text from events
    where conversation_id = c.id and kind = 'message' and not body ? 'redacted' and not body ? 'option_id'
      and not body ? 'number'
    order by seq limit 400) e
order by e.conversation_id, e.seq;

-- name: ticket_of
-- The newest ticket of a conversation, by its number; never another customer's whom it was linked or merged with.
select t.number from ticket_conversations tc
join conversations c on c.id = tc.conversation_id
join tickets t on (t.id = tc.ticket_id or t.merged_into = tc.ticket_id) and t.customer_id = c.customer_id
where tc.conversation_id = $1::uuid order by t.id desc limit 1;

-- name: lock_solving
-- One process at a time takes cases in: their numbers appear in order.
select pg_try_advisory_xact_lock(hashtextextended('yingda.solved_cases', 0));

-- name: newest_case
-- Up to when conversations were taken in for an encoder.
select max(solved_at) from solved_cases where encoder = $1::text and ticket_id is null;

-- name: newly_solved
-- Conversations that ended since, in which a human answered and that nobody called unsolved.
select c.id as conversation_id, c.closed_at
from conversations c
where c.state = 'closed' and (c.closed_at, c.id) > ($1::timestamptz, $2::uuid)
  and c.resolved is not false and c.first_reply_at is not null
  and not exists (select from solved_cases s
                  where s.conversation_id = c.id and s.ticket_id is null and s.encoder = $3::text)
order by c.closed_at, c.id limit $4::integer;

-- name: tickets_newly_solved
-- Tickets that are solved and not yet taken in.
select t.id, t.title, t.conversation_id, t.solved_at as closed_at
from tickets t
where t.status in ('solved', 'closed') and t.solved_at is not null and t.merged_into is null and t.title <> ''
  and t.conversation_id is not null
  and not exists (select from solved_cases s where s.ticket_id = t.id and s.encoder = $1::text)
order by t.id limit $2::integer;

-- name: put_case
-- A solved case; nothing where it is known.
insert into solved_cases (conversation_id, ticket_id, question_seqs, reply_seq, article_id, encoder, vector, language,
                          solved_at)
values ($1::uuid, $2::uuid, $3::integer[], $4::integer, $5::text, $6::text, $7::bytea, $8::text, $9::timestamptz)
on conflict do nothing;

-- name: cases_after
-- Cases of an encoder after a number.
select * from solved_cases where n > $1::bigint and encoder = $2::text order by n limit $3::integer;

-- name: customers_erased
-- How many customers were erased, all that they left behind included.
select count(*) from erasures where done_at is not null;

-- name: cases_read
-- Solved conversations that a colleague may see and whose words can still be read; $3 null: of every group.
select c.id as conversation_id, c.customer_id, c.closed_at, c.wrap_up, c.topic, c.resolved, a.public_name as agent,
       q.text as question, r.body ->> 'text' as reply, s.article_id
from unnest($1::uuid[]) wanted (id)
join conversations c on c.id = wanted.id
join solved_cases s on s.conversation_id = c.id and s.ticket_id is null and s.encoder = $2::text
cross join lateral (
    select nullif(string_agg(m.body ->> 'text', ' ' order by m.seq), '') as text from events m
    where m.conversation_id = c.id and m.seq = any(s.question_seqs) and not m.body ? 'redacted'
      and m.body ->> 'text' <> '') q
left join events r on r.conversation_id = c.id and r.seq = s.reply_seq and not r.body ? 'redacted'
left join accounts a on a.id = r.actor_id
where c.resolved is not false
  and ($3::uuid[] is null or c.group_id is null or c.group_id = any($3::uuid[]) or c.owner = $4::uuid);

-- name: tickets_read
-- Solved tickets that a colleague may see, with the last public word of a colleague.
select t.id, t.number, t.title, t.status, t.level, t.solved_at,
       (select m.text from ticket_comments m
        where m.ticket_id = t.id and m.visibility = 'public' and m.actor_kind = 'agent' and m.text <> ''
        order by m.number desc limit 1) as reply
from tickets t
where t.id = any($1::uuid[]) and t.status in ('solved', 'closed')
  and ($2::uuid[] is null or t.group_id is null or t.group_id = any($2::uuid[]) or t.assignee = $3::uuid);

-- name: minded_words
-- Every rule, in the order of its making.
select * from minded_words order by direction desc, id;

-- name: put_minded
-- A new rule, or the same one as changed; no row where another one has these words.
insert into minded_words (id, direction, pattern, word, effect, reason, is_active, updated_at, updated_by)
select $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::boolean, $8::timestamptz, $9::uuid
where not exists (select from minded_words m
                  where m.direction = $2::text and m.pattern = $3::text and m.word = $4::text and m.id <> $1::uuid)
on conflict (id) do update
   set direction = excluded.direction, pattern = excluded.pattern, word = excluded.word, effect = excluded.effect,
       reason = excluded.reason, is_active = excluded.is_active, updated_at = excluded.updated_at,
       updated_by = excluded.updated_by
returning *;

-- name: remove_minded
-- A rule goes.
delete from minded_words where id = $1::uuid returning id;

-- name: count_minded
-- Rules that were met.
update minded_words w set hits = w.hits + met.times
from unnest($1::uuid[], $2::bigint[]) as met (id, times) where w.id = met.id;

-- name: log_to_summarise
-- The messages and ratings of some conversations, in order; of a very long one the first and the newest.
select conversation_id, seq, kind, at, actor_kind, actor_id, actor_name, reply_to_seq, body from (
    select e.*, row_number() over (partition by conversation_id order by seq) as from_start,
           row_number() over (partition by conversation_id order by seq desc) as from_end
    from events e
    where conversation_id = any($1::uuid[]) and kind in ('message', 'rating') and not body ? 'number') counted
where from_start <= 40 or from_end <= 80
order by conversation_id, seq;

-- name: rewrite_summaries
-- Summaries say only what can still be read.
update notes set text = $2::text where conversation_id = $1::uuid and kind = 'summary';

-- name: forget_cases
-- A case whose question or answer was taken back is none; it is taken in anew from what is left.
delete from solved_cases
where conversation_id = $1::uuid and (reply_seq = $2::integer or $2::integer = any(question_seqs));
