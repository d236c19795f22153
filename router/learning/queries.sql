-- Statements about labelled pairs and editors' tasks. The log is read again and again: what is known changes nothing.

-- name: lock_harvest
-- One process reads the log at a time; the others have nothing to do meanwhile. What it asks is planned once for each
-- connection, not for each moment anew: planning takes twice as long as reading.
select pg_try_advisory_xact_lock(hashtextextended('yingda.learning', 0))
   and set_config('plan_cache_mode', 'force_generic_plan', true) is not null;

-- name: taught_since
-- How much has happened since a moment that teaches anything, and when the last of it: one look into an index.
select count(*) as count, max(at) as newest from events
where at > $1::timestamptz
  and (kind = 'rating'
       or (kind = 'state' and body ->> 'state' = 'closed')
       or (kind = 'message' and actor_kind = 'customer' and body ->> 'option_id' = 'none_of_these')
       or (kind = 'message' and actor_kind = 'bot' and body ->> 'reason'
           in ('chosen', 'none_fits', 'no_answer', 'repeated_miss', 'low_confidence', 'solved')));

-- name: harvested_until
-- Up to when the log was read; before the first time the moment of the first event that teaches anything.
select coalesce(
    (select until from learning_progress),
    (select min(at) from events
     where kind = 'rating'
        or (kind = 'state' and body ->> 'state' = 'closed')
        or (kind = 'message' and actor_kind = 'customer' and body ->> 'option_id' = 'none_of_these')
        or (kind = 'message' and actor_kind = 'bot' and body ->> 'reason'
            in ('chosen', 'none_fits', 'no_answer', 'repeated_miss', 'low_confidence', 'solved'))));

-- name: set_harvested
-- Read up to here.
insert into learning_progress (only_row, until) values (true, $1::timestamptz)
on conflict (only_row) do update set until = excluded.until;

-- name: rated_answers
-- Answers that a customer said helped or did not help.
select r.conversation_id, asked_seqs(b.conversation_id, b.seq) as question_seqs, b.seq as answer_seq,
       r.seq as evidence_seq, b.body #>> '{sources,0,article_id}' as article_id,
       (b.body ->> 'index_version')::bigint as index_version, (r.body ->> 'helpful')::boolean as is_right,
       r.actor_kind, r.actor_id, r.at
from events r
join events b on b.conversation_id = r.conversation_id and b.seq = (r.body ->> 'target_seq')::integer
where r.kind = 'rating' and r.body ? 'helpful' and r.at > $1::timestamptz and r.at <= $2::timestamptz
  and b.kind = 'message' and b.actor_kind = 'bot' and b.body #>> '{sources,0,article_id}' is not null
  and not exists (select from learning_pairs p where p.conversation_id = r.conversation_id
                    and p.evidence_seq = r.seq and p.source = 'rating')
order by r.at;

-- name: options_taken
-- Options that a customer took; the question is the one they were offered for.
select b.conversation_id, asked_seqs(b.conversation_id, b.seq) as question_seqs, b.seq as answer_seq,
       b.reply_to_seq as evidence_seq, b.body #>> '{sources,0,article_id}' as article_id,
       (b.body ->> 'index_version')::bigint as index_version, true as is_right,
       m.actor_kind, m.actor_id, b.at
from events b
join events m on m.conversation_id = b.conversation_id and m.seq = b.reply_to_seq
where b.kind = 'message' and b.actor_kind = 'bot' and b.body ->> 'reason' = 'chosen' and b.at > $1::timestamptz and b.at <= $2::timestamptz
  and b.body #>> '{sources,0,article_id}' is not null
  and not exists (select from learning_pairs p where p.conversation_id = b.conversation_id
                    and p.evidence_seq = b.reply_to_seq and p.source = 'option')
order by b.at;

-- name: options_turned_down
-- 都不是, by button or in words: none of the options offered just before was right.
with turned_down as (
    select conversation_id, seq, actor_kind, actor_id, at from events
    where kind = 'message' and actor_kind = 'customer' and body ->> 'option_id' = 'none_of_these' and at > $1::timestamptz and at <= $2::timestamptz
    union
    select m.conversation_id, m.seq, m.actor_kind, m.actor_id, m.at
    from events b join events m on m.conversation_id = b.conversation_id and m.seq = b.reply_to_seq
    where b.kind = 'message' and b.actor_kind = 'bot' and b.body ->> 'reason' = 'none_fits' and b.at > $1::timestamptz and b.at <= $2::timestamptz
)
select t.conversation_id, question_seqs(o.conversation_id, o.reply_to_seq) as question_seqs, o.seq as answer_seq,
       t.seq as evidence_seq, offered ->> 'id' as article_id, (o.body ->> 'index_version')::bigint as index_version,
       false as is_right, t.actor_kind, t.actor_id, t.at
from turned_down t
cross join lateral (
    select * from events b
    where b.conversation_id = t.conversation_id and b.seq < t.seq and b.kind = 'message' and b.actor_kind = 'bot'
    order by b.seq desc limit 1) o
cross join lateral jsonb_array_elements(o.body -> 'options') offered
where o.reply_to_seq is not null
  and not exists (select from learning_pairs p where p.conversation_id = t.conversation_id
                    and p.evidence_seq = t.seq and p.source = 'none_fits')
order by t.at;

-- name: solved_after_answers
-- Conversations whose customer said that it is solved, with no human in between: the last answer was the right one.
with said as (
    select conversation_id, seq, actor_kind, actor_id, at from events
    where kind = 'rating' and (body ->> 'resolved')::boolean and at > $1::timestamptz and at <= $2::timestamptz
    union
    select m.conversation_id, m.seq, m.actor_kind, m.actor_id, m.at
    from events b join events m on m.conversation_id = b.conversation_id and m.seq = b.reply_to_seq
    where b.kind = 'message' and b.actor_kind = 'bot' and b.body ->> 'reason' = 'solved' and b.at > $1::timestamptz and b.at <= $2::timestamptz
)
select s.conversation_id, asked_seqs(a.conversation_id, a.seq) as question_seqs, a.seq as answer_seq,
       s.seq as evidence_seq, a.body #>> '{sources,0,article_id}' as article_id,
       (a.body ->> 'index_version')::bigint as index_version, true as is_right, s.actor_kind, s.actor_id, s.at
from said s
cross join lateral (
    select * from events b
    where b.conversation_id = s.conversation_id and b.seq < s.seq and b.kind = 'message'
      and (b.actor_kind = 'agent' or (b.actor_kind = 'bot' and b.body ->> 'decision' in ('answer', 'clarify', 'handoff')))
    order by b.seq desc limit 1) a
where a.actor_kind = 'bot' and a.body #>> '{sources,0,article_id}' is not null
  and not exists (select from learning_pairs p where p.conversation_id = s.conversation_id
                    and p.evidence_seq = s.seq and p.source = 'solved')
order by s.at;

-- name: answered_by_agents
-- Conversations that ended after an agent had replied: what the bot was asked before, and what the agent said; what was
-- said about a ticket answers something else.
select c.conversation_id, c.seq as evidence_seq, c.at, q.questions, r.replies
from events c
cross join lateral (
    select min(m.seq) as first from events m
    where m.conversation_id = c.conversation_id and m.kind = 'message' and m.actor_kind = 'agent'
      and not m.body ? 'number') f
cross join lateral (
    select jsonb_agg(jsonb_build_object('answer_seq', b.seq, 'question_seqs', question_seqs(c.conversation_id, b.reply_to_seq),
                                        'question', question_text(c.conversation_id,
                                                                  question_seqs(c.conversation_id, b.reply_to_seq)),
                                        'index_version', b.body -> 'index_version') order by b.seq) as questions
    from events b
    where b.conversation_id = c.conversation_id and b.kind = 'message' and b.actor_kind = 'bot'
      and b.reply_to_seq is not null and b.seq < f.first) q
cross join lateral (
    select jsonb_agg(jsonb_build_object('seq', m.seq, 'text', m.body ->> 'text', 'actor_id', m.actor_id) order by m.seq)
           as replies
    from events m
    where m.conversation_id = c.conversation_id and m.kind = 'message' and m.actor_kind = 'agent'
      and not m.body ? 'redacted' and not m.body ? 'number') r
where c.kind = 'state' and c.body ->> 'state' = 'closed' and c.at > $1::timestamptz and c.at <= $2::timestamptz
  and q.questions is not null and r.replies is not null
  and not exists (select from learning_pairs p where p.conversation_id = c.conversation_id
                    and p.evidence_seq = c.seq and p.source = 'agent')
order by c.at;

-- name: unanswered_questions
-- Questions that the bot had no answer for.
select b.conversation_id, b.seq as answer_seq, b.at, question_seqs(b.conversation_id, b.reply_to_seq) as question_seqs,
       question_text(b.conversation_id, question_seqs(b.conversation_id, b.reply_to_seq)) as question
from events b
where b.kind = 'message' and b.actor_kind = 'bot' and b.reply_to_seq is not null and b.at > $1::timestamptz and b.at <= $2::timestamptz
  and b.body ->> 'reason' in ('no_answer', 'repeated_miss', 'low_confidence')
  and not exists (select from learning_tasks t where t.conversation_id = b.conversation_id
                    and t.answer_seq = b.seq and t.kind = 'unanswered')
order by b.at;

-- name: put_pair
-- One piece of evidence; newer evidence of the same kind about the same question and article takes its place.
insert into learning_pairs (id, source, conversation_id, question_seqs, question, answer_seq, evidence_seq, reply_seq,
                            article_id, revision, index_version, is_right, weight, task_id, actor_kind, actor_id, at)
select $1::uuid, $2::text, $3::uuid, $4::integer[], $5::text, $6::integer, $7::integer, $8::integer, $9::text,
       coalesce((select e.revision from index_entries e where e.version = $10::bigint and e.article_id = $9::text),
                (select a.revision from articles a where a.id = $9::text)),
       $10::bigint, $11::boolean, $12::double precision, $13::uuid, $14::text, $15::uuid, $16::timestamptz
on conflict (source, conversation_id, question_seqs, question, article_id, reply_seq) do update
   set is_right = excluded.is_right, weight = excluded.weight, evidence_seq = excluded.evidence_seq,
       answer_seq = excluded.answer_seq, index_version = excluded.index_version, revision = excluded.revision,
       task_id = excluded.task_id, actor_kind = excluded.actor_kind, actor_id = excluded.actor_id, at = excluded.at,
       dismissed_at = null
 where excluded.at > learning_pairs.at
    or (excluded.at = learning_pairs.at and excluded.source in ('flag', 'editor'));

-- name: put_task
-- A task; nothing where it is there already.
insert into learning_tasks (id, kind, conversation_id, question_seqs, question_key, answer_seq, reply_seq, article_id,
                            proposed_id, comment, actor_kind, actor_id, at)
values ($1::uuid, $2::text, $3::uuid, $4::integer[], $5::bytea, $6::integer, null, $7::text, $8::text, $9::text,
        $10::text, $11::uuid, $12::timestamptz)
on conflict (kind, conversation_id, answer_seq) do nothing
returning id;

-- name: replied_by_agent
-- The open tasks of a question get to know what the agent answered.
update learning_tasks set reply_seq = $3::integer
where conversation_id = $1::uuid and question_seqs = $2::integer[] and outcome is null;

-- name: answer_of_bot
-- A message of the bot that may be flagged: what it was asked, and what it answered with.
select b.seq, asked_seqs(b.conversation_id, b.seq) as question_seqs,
       question_text(b.conversation_id, asked_seqs(b.conversation_id, b.seq)) as question,
       b.body #>> '{sources,0,article_id}' as article_id, (b.body ->> 'index_version')::bigint as index_version
from events b
where b.conversation_id = $1::uuid and b.seq = $2::integer and b.kind = 'message' and b.actor_kind = 'bot';

-- name: task_about
-- The task that a flagged answer has made.
select id, outcome from learning_tasks where kind = 'flagged' and conversation_id = $1::uuid and answer_seq = $2::integer;

-- name: tasks
-- Open or done tasks, newest first, below a cursor; equal unanswered questions are one, with how often they were asked.
with grouped as (
    select (array_agg(id order by id desc))[1] as id, count(*)::integer as times
    from learning_tasks
    where (outcome is null) = $1::boolean and ($2::text is null or kind = $2::text)
    group by kind, question_key, case when kind = 'flagged' then id end, outcome
)
select t.*, g.times, question_text(t.conversation_id, t.question_seqs) as question, a.body ->> 'text' as answer,
       r.body ->> 'text' as reply, who.name as actor_name
from grouped g
join learning_tasks t on t.id = g.id
left join events a on a.conversation_id = t.conversation_id and a.seq = t.answer_seq
left join events r on r.conversation_id = t.conversation_id and r.seq = t.reply_seq
left join accounts who on who.id = t.actor_id
where ($3::uuid is null or t.id < $3::uuid)
  and question_text(t.conversation_id, t.question_seqs) is not null
order by t.id desc limit $4::integer;

-- name: task
-- One task.
select t.*, (select count(*) from learning_tasks o where o.kind = t.kind and o.question_key = t.question_key
               and o.kind = 'unanswered' and o.outcome is not distinct from t.outcome)::integer as times,
       question_text(t.conversation_id, t.question_seqs) as question, a.body ->> 'text' as answer,
       r.body ->> 'text' as reply, who.name as actor_name
from learning_tasks t
left join events a on a.conversation_id = t.conversation_id and a.seq = t.answer_seq
left join events r on r.conversation_id = t.conversation_id and r.seq = t.reply_seq
left join accounts who on who.id = t.actor_id
where t.id = $1::uuid;

-- name: lock_task
-- One task, held until the end of the transaction.
select * from learning_tasks where id = $1::uuid for update;

-- name: alike
-- The open tasks that an editor settles together: for an unanswered question all that ask the same.
select * from learning_tasks
where id = $1::uuid or (kind = 'unanswered' and $2::text = 'unanswered' and question_key = $3::bytea and outcome is null)
order by id for update;

-- name: resolve_tasks
-- What the editor decided.
update learning_tasks set outcome = $2::text, outcome_id = $3::text, resolved_by = $4::uuid, resolved_at = $5::timestamptz
where id = any($1::uuid[]);

-- name: withdraw_pairs
-- The agent's word goes, since an editor did not agree; what the editor said before about these tasks goes, too.
update learning_pairs set dismissed_at = $2::timestamptz where task_id = any($1::uuid[]) and dismissed_at is null;

-- name: pairs
-- Pairs whose question can still be read, newest first, below a cursor.
select p.*, coalesce(p.question, question_text(p.conversation_id, p.question_seqs)) as text, who.name as actor_name
from learning_pairs p
left join accounts who on who.id = p.actor_id
where ($1::text is null or p.source = $1::text)
  and ($2::text is null or p.article_id = $2::text)
  and ($3::boolean is null or p.is_right = $3::boolean)
  and ($4::uuid is null or p.id < $4::uuid)
  and coalesce(p.question, question_text(p.conversation_id, p.question_seqs)) is not null
order by p.id desc limit $5::integer;

-- name: one_pair
-- One pair.
select p.*, coalesce(p.question, question_text(p.conversation_id, p.question_seqs)) as text, who.name as actor_name
from learning_pairs p left join accounts who on who.id = p.actor_id
where p.id = $1::uuid;

-- name: dismiss_pair
-- An editor says that a pair teaches nothing, or takes that back.
update learning_pairs set dismissed_at = $2::timestamptz where id = $1::uuid returning id;

-- name: evidence
-- Everything there is to learn from: pairs that were not dismissed and can still be read.
select p.conversation_id, p.question_seqs, p.question as typed, p.article_id, p.is_right, p.weight, p.source, p.at,
       coalesce(p.question, question_text(p.conversation_id, p.question_seqs)) as text, p.reply_seq
from learning_pairs p
where p.dismissed_at is null
order by p.at, p.id;

-- name: article_exists
-- Whether an article is there to be assigned.
select exists (select from articles where id = $1::text and removed_at is null);

-- name: waiting_tasks
-- How many tasks are open, for the badge.
select count(distinct (kind, question_key, case when kind = 'flagged' then id end))::integer
from learning_tasks where outcome is null;

-- name: still_open
-- Those of some tasks that nobody has decided, held until the end of the transaction.
select id from learning_tasks where id = any($1::uuid[]) and outcome is null order by id for update;
