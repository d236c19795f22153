-- Statements of the dashboard. Of every one $1 to $12 are what `conversation_facts` takes: since, until, the present
-- moment, group, site, channel, tier, topic, all tiers, seconds of a quick reply, of a quick answer, and of coming back.

-- name: dashboard
-- Everything about a period at once, since finding what conversations count as is most of the work. $13: where the parts
-- of the chart begin, $14: how many questions are shown, $15: also what is not compared with the period before.
with f as materialized (
    select f.id, f.owner, f.category, f.first_reply, f.resolution, f.csat, f.articles, f.kind, f.segments,
           width_bucket(f.started_at, $13::timestamptz[]) - 1 as part,
           moving_marks(f.first_reply, f.solved_seconds, f.started_at, f.closed_at, f.back_at, f.before_at, f.ended,
                        f.helped, $3::timestamptz, $10::double precision, $11::double precision, $12::interval) as bits
    from facts_between($1::timestamptz, $2::timestamptz, $4::uuid, $5::text, $6::text, $7::text, $8::text, $9::text[]) f
), named as materialized (
    select g.part, coalesce(q.segments, g.segments) || named_marks(g.bits) as segments, g.counted
    from (select f.part, f.kind, f.segments, f.bits, count(*) as counted from f group by 1, 2, 3, 4) g
    left join counted_kinds q on q.id = g.kind
), promised as materialized (
    select p.owner, p.segments from counted_promises p join f on f.id = p.conversation_id
)
select
    -- how many conversations, promises and answers to NPS count as what
    (select jsonb_object_agg(n.segment, n.counted) from (
        select segment, sum(counted)::bigint as counted from named cross join unnest(named.segments) segment group by segment
        union all
        select segment, count(*) from promised cross join unnest(promised.segments) segment group by segment
        union all
        select segment, count(*) from counted_surveys v join f on f.id = v.conversation_id and v.at >= $1::timestamptz
        cross join unnest(v.segments) segment group by segment
    ) n) as counts,
    -- means, medians and the 90th percentile, in seconds of open time; the mean of the ratings
    (select jsonb_build_object(
        'reply_mean', avg(f.first_reply),
        'reply', percentile_cont(array[0.5, 0.9]) within group (order by f.first_reply)
                     filter (where f.first_reply is not null),
        'resolution_mean', avg(f.resolution),
        'resolution', percentile_cont(array[0.5, 0.9]) within group (order by f.resolution)
                          filter (where f.resolution is not null),
        'csat', avg(f.csat)) from f) as times,
    -- the same by the parts of the chart, with the median of the first replies
    case when $15::boolean then (select jsonb_agg(to_jsonb(n)) from (
        select s.part, s.segment, s.counted, m.first_reply_median
        from (
            select part, segment, sum(counted)::bigint as counted from named cross join unnest(named.segments) segment
            where segment in ('all', 'bot_only', 'bot_decided', 'bot_resolved', 'handed_off', 'replied')
            group by part, segment
        ) s
        left join (
            select part, percentile_cont(0.5) within group (order by f.first_reply) as first_reply_median
            from f where f.first_reply is not null group by part
        ) m on m.part = s.part
    ) n) end as parts,
    -- what conversations were filed under
    (select jsonb_agg(to_jsonb(n)) from (
        select f.category as name, count(*) as counted from f
        where f.category is not null
          and (f.kind = any(array(select id from counted_kinds where 'filed' = any(segments))) or 'filed' = any(f.segments))
        group by f.category order by counted desc, name
    ) n) as categories,
    -- what the bot answered with, by the conversations in which it did
    (select jsonb_agg(to_jsonb(n)) from (
        select a.name, q.question as label, a.counted
        from (
            select name, sum(n.counted)::bigint as counted
            from (select f.articles, count(*) as counted from f where f.articles is not null group by f.articles) n
            cross join unnest(n.articles) name group by name
        ) a
        left join articles t on t.id = a.name
        left join article_revisions q on q.article_id = t.id and q.revision = t.revision
        order by a.counted desc, a.name
    ) n) as articles,
    -- promised times by level and kind
    case when $15::boolean then (select jsonb_agg(to_jsonb(n)) from (
        select k.level, k.kind, count(*) filter (where k.kept or k.late) as due, count(*) filter (where k.kept) as kept,
               count(*) filter (where k.running) as running, mode() within group (order by k.target_seconds) as target_seconds,
               percentile_cont(0.5) within group (order by k.spent_seconds) filter (where k.kept or k.late)
                   as median_seconds
        from f join counted_clocks k on k.conversation_id = f.id and k.at >= $1::timestamptz
        group by k.level, k.kind
        order by k.level, array_position(array['first_reply', 'next_reply', 'resolution'], k.kind)
    ) n) end as targets,
    -- questions without an answer, those put alike as one; only those that can still be read
    case when $15::boolean then (select jsonb_agg(to_jsonb(n)) from (
        select g.id, question_text(t.conversation_id, t.question_seqs) as question, g.times, g.last_at, g.open,
               g.all_times, g.all_kinds
        from (
            select (array_agg(t.id order by t.at desc, t.id desc))[1] as id, count(*) as times, max(t.at) as last_at,
                   bool_or(t.outcome is null) as open, sum(count(*)) over () as all_times, count(*) over () as all_kinds
            from f join learning_tasks t on t.conversation_id = f.id and t.kind = 'unanswered' and t.at >= $1::timestamptz
            group by t.question_key
            order by times desc, last_at desc, id limit $14::integer
        ) g join learning_tasks t on t.id = g.id
        order by g.times desc, g.last_at desc, g.id
    ) n) end as questions,
    -- what each colleague had, by who had a conversation last, and what they have now
    case when $15::boolean then (select jsonb_agg(to_jsonb(n)) from (
        select a.id, a.public_name as name, a.staff_number, a.capacity,
               (select count(*) from conversations o where o.owner = a.id and o.state = 'human') as load,
               coalesce(w.conversations, 0) as conversations, coalesce(w.replied, 0) as replied, w.first_reply_median,
               w.csat, coalesce(w.csat_count, 0) as csat_count, coalesce(p.due, 0) as promises,
               coalesce(p.kept, 0) as promises_kept
        from accounts a
        left join (
            select f.owner, count(*) as conversations, count(f.first_reply) as replied,
                   percentile_cont(0.5) within group (order by f.first_reply) as first_reply_median,
                   avg(f.csat) as csat, count(f.csat) as csat_count
            from f
            where f.owner is not null
              and (f.kind = any(array(select id from counted_kinds where 'taken' = any(segments)))
                   or 'taken' = any(f.segments))
            group by f.owner
        ) w on w.owner = a.id
        left join (
            select owner, count(*) filter (where 'promises.due' = any(segments)) as due,
                   count(*) filter (where 'promises.kept' = any(segments)) as kept
            from promised group by owner
        ) p on p.owner = a.id
        where w.owner is not null or p.owner is not null
           or (a.disabled_at is null and exists (select from group_members m where m.account_id = a.id
                                                   and ($4::uuid is null or m.group_id = $4::uuid)))
        order by a.public_name, a.id
    ) n) end as agents;

-- name: count
-- Counts some of the conversations that changed since they were counted; how many lines are done.
select count_uncounted($1::integer);

-- name: take_time
-- A year of a large desk takes longer than a statement usually may.
select set_config('statement_timeout', '60s', true), set_config('work_mem', '64MB', true);

-- name: waiting
-- How many wait now, whenever they came.
select count(*)::integer
from conversation_facts('-infinity', 'infinity', $1::timestamptz, $2::uuid, $3::text, $4::text, $5::text, $6::text,
                        $7::text[], 0, 0, '0') f
where f.state = 'waiting';

-- name: channels
-- Channels that conversations came over in a period.
select channel from counted_conversations where started_at >= $1::timestamptz and started_at < $2::timestamptz
union
select channel from conversations
where state <> 'closed' and started_at >= $1::timestamptz and started_at < $2::timestamptz
union
select c.channel from uncounted u join conversations c on c.id = u.conversation_id
where c.started_at >= $1::timestamptz and c.started_at < $2::timestamptz
order by channel;

-- name: list_conversations
-- The conversations that count as $13, of one owner ($14), filed under $15, answered with the article $16; newest first.
select p.*, c.last_text as text, false as late, null::text as ticket
from (
    select f.id as conversation_id, f.started_at as at, f.customer_id, f.state, f.owner, f.group_id, f.topic,
           f.handoff as reason, f.first_reply, f.resolution, f.csat, (count(*) over ())::integer as total
    from conversation_facts($1::timestamptz, $2::timestamptz, $3::timestamptz, $4::uuid, $5::text, $6::text, $7::text,
                            $8::text, $9::text[], $10::double precision, $11::double precision, $12::interval) f
    where $13::text = any(f.segments)
      and ($14::uuid is null or f.owner = $14::uuid)
      and ($15::text is null or f.category = $15::text or starts_with(f.category, $15::text || '/'))
      and ($16::text is null or $16::text = any(f.articles))
    order by f.started_at desc, f.id desc limit $17::integer offset $18::integer
) p join conversations c on c.id = p.conversation_id
order by p.at desc, p.conversation_id desc;

-- name: list_waiting
-- Those who wait now, the longest first.
select f.id as conversation_id, f.started_at as at, f.customer_id, f.state, f.owner, f.group_id, f.topic,
       c.last_text as text, f.handoff as reason, null::double precision as value, false as late, null::text as ticket,
       (count(*) over ())::integer as total
from conversation_facts('-infinity', 'infinity', $1::timestamptz, $2::uuid, $3::text, $4::text, $5::text, $6::text,
                        $7::text[], 0, 0, '0') f
join conversations c on c.id = f.id
where f.state = 'waiting'
order by f.started_at, f.id limit $8::integer offset $9::integer;

-- name: list_promises
-- The promises that count as $13, of one agent ($14).
select f.id as conversation_id, p.at, f.customer_id, f.state, p.owner, f.group_id, f.topic,
       coalesce(substr(m.body ->> 'text', o.from_char + 1, o.chars), '') as text, null::text as reason,
       null::double precision as value, p.late, o.ticket, (count(*) over ())::integer as total
from conversation_facts($1::timestamptz, $2::timestamptz, $3::timestamptz, $4::uuid, $5::text, $6::text, $7::text,
                        $8::text, $9::text[], $10::double precision, $11::double precision, $12::interval) f
join counted_promises p on p.conversation_id = f.id
join promises o on o.id = p.id
left join events m on m.conversation_id = o.conversation_id and m.seq = o.seq
where $13::text = any(p.segments) and ($14::uuid is null or p.owner = $14::uuid)
order by p.at desc, p.id limit $15::integer offset $16::integer;

-- name: list_clocks
-- The clocks that count as $13.
select f.id as conversation_id, k.at, f.customer_id, f.state, f.owner, f.group_id, f.topic, c.last_text as text,
       null::text as reason, k.spent_seconds as value, k.late, k.ticket, (count(*) over ())::integer as total
from conversation_facts($1::timestamptz, $2::timestamptz, $3::timestamptz, $4::uuid, $5::text, $6::text, $7::text,
                        $8::text, $9::text[], $10::double precision, $11::double precision, $12::interval) f
join counted_clocks k on k.conversation_id = f.id
join conversations c on c.id = f.id
where $13::text = any(k.segments)
order by k.at desc, k.id limit $14::integer offset $15::integer;

-- name: list_surveys
-- The answers to NPS that count as $13.
select f.id as conversation_id, n.at, f.customer_id, f.state, f.owner, f.group_id, f.topic, c.last_text as text,
       null::text as reason, n.nps::double precision as value, false as late, nullif(n.ticket, '') as ticket,
       (count(*) over ())::integer as total
from conversation_facts($1::timestamptz, $2::timestamptz, $3::timestamptz, $4::uuid, $5::text, $6::text, $7::text,
                        $8::text, $9::text[], $10::double precision, $11::double precision, $12::interval) f
join counted_surveys n on n.conversation_id = f.id
join conversations c on c.id = f.id
where $13::text = any(n.segments)
order by n.at desc, n.conversation_id, n.ticket limit $14::integer offset $15::integer;

-- name: list_questions
-- Questions without an answer; $13: those put alike as this one.
select f.id as conversation_id, t.at, f.customer_id, f.state, f.owner, f.group_id, f.topic,
       coalesce(question_text(t.conversation_id, t.question_seqs), '') as text, t.outcome as reason,
       null::double precision as value, false as late, null::text as ticket, (count(*) over ())::integer as total
from conversation_facts($1::timestamptz, $2::timestamptz, $3::timestamptz, $4::uuid, $5::text, $6::text, $7::text,
                        $8::text, $9::text[], $10::double precision, $11::double precision, $12::interval) f
join learning_tasks t on t.conversation_id = f.id and t.kind = 'unanswered'
where $13::uuid is null
   or t.question_key = (select o.question_key from learning_tasks o where o.id = $13::uuid and o.kind = 'unanswered')
order by t.at desc, t.id limit $14::integer offset $15::integer;

-- name: names
-- What accounts and groups are called.
select id, public_name as name from accounts where id = any($1::uuid[])
union all select id, name from groups where id = any($1::uuid[]);
