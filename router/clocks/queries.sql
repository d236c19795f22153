-- name: start_clock
-- A clock begins; where one of this kind runs already, that one goes on.
insert into clocks (subject_kind, subject_id, kind, level, tier, group_id, calendar, started_at, stints, target_seconds,
                    due_at, warn_at, next_at)
values ($1::text, $2::uuid, $3::text, $4::text, $5::text, $6::uuid, $7::bigint, $8::timestamptz,
        array[$8::timestamptz], $9::double precision, $10::timestamptz, $11::timestamptz, $12::timestamptz)
on conflict (subject_kind, subject_id, kind) where met_at is null and ended_at is null do nothing;

-- name: meet_clocks
-- What was promised was done; looked at once more, for what it took.
update clocks
set met_at = $4::timestamptz, next_at = $4::timestamptz, paused_at = null,
    stints = case when cardinality(stints) % 2 = 1 then stints || $4::timestamptz else stints end
where subject_kind = $1::text and subject_id = $2::uuid and kind = any($3::text[]) and met_at is null and ended_at is null;

-- name: end_clocks
-- Whatever still runs is over: met as far as it is of these kinds ($4), else without having been met.
update clocks
set met_at = case when kind = any($4::text[]) then $3::timestamptz end,
    ended_at = case when kind = any($4::text[]) then null else $3::timestamptz end,
    next_at = $3::timestamptz, paused_at = null,
    stints = case when cardinality(stints) % 2 = 1 then stints || $3::timestamptz else stints end
where subject_kind = $1::text and subject_id = $2::uuid and met_at is null and ended_at is null;

-- name: pause_clocks
-- Waits for the customer; what runs stops.
update clocks
set stints = stints || $4::timestamptz, paused_at = $4::timestamptz, next_at = $4::timestamptz
where subject_kind = $1::text and subject_id = $2::uuid and kind = any($3::text[]) and met_at is null and ended_at is null
  and cardinality(stints) % 2 = 1;

-- name: resume_clocks
-- Waits for us again; its deadline is reckoned at the next look.
update clocks
set stints = stints || $4::timestamptz, paused_at = null, next_at = $4::timestamptz
where subject_kind = $1::text and subject_id = $2::uuid and kind = any($3::text[]) and met_at is null and ended_at is null
  and cardinality(stints) % 2 = 0;

-- name: relevel_clock
-- Another level: what was promised may only come nearer.
update clocks
set level = $4::text, target_seconds = least(target_seconds, $5::double precision), next_at = $6::timestamptz
where subject_kind = $1::text and subject_id = $2::uuid and kind = $3::text and met_at is null and ended_at is null;

-- name: reopen_clock
-- The newest clock of a kind goes on where it stopped.
update clocks k
set met_at = null, ended_at = null, paused_at = null, stints = stints || $4::timestamptz, next_at = $4::timestamptz
where k.id = (select max(id) from clocks where subject_kind = $1::text and subject_id = $2::uuid and kind = $3::text)
  and (k.met_at is not null or k.ended_at is not null) and cardinality(k.stints) % 2 = 0;

-- name: open_clocks
-- What runs or pauses for some subjects.
select * from clocks
where subject_kind = $1::text and subject_id = any($2::uuid[]) and met_at is null and ended_at is null
order by subject_id, array_position(array['first_reply', 'next_reply', 'resolution'], kind);

-- name: due_customers
-- Whose matters have to be looked at; nobody: there is nothing to do.
select distinct coalesce(c.customer_id, t.customer_id) as customer_id
from (select subject_kind, subject_id from clocks where next_at <= $1::timestamptz order by next_at limit $2::integer) k
left join conversations c on k.subject_kind = 'conversation' and c.id = k.subject_id
left join tickets t on k.subject_kind = 'ticket' and t.id = k.subject_id
where c.id is not null or t.id is not null;

-- name: claim_conversations
-- Clocks of conversations that have to be looked at, with the conversation held; what another process holds is left.
select k.*, c.owner, c.state, c.customer_id, c.group_id as present_group, g.overflow_to, null::text as number,
       c.id as conversation_id
from clocks k join conversations c on c.id = k.subject_id left join groups g on g.id = c.group_id
where k.subject_kind = 'conversation' and k.next_at <= $1::timestamptz
order by k.next_at, k.id limit $2::integer
for update of k, c skip locked;

-- name: claim_tickets
-- The same for tickets.
select k.*, t.assignee as owner, t.status as state, t.customer_id, t.group_id as present_group,
       null::uuid as overflow_to, t.number, t.conversation_id
from clocks k join tickets t on t.id = k.subject_id
where k.subject_kind = 'ticket' and k.next_at <= $1::timestamptz
order by k.next_at, k.id limit $2::integer
for update of k, t skip locked;

-- name: group_names
-- What groups are called.
select id, name from groups where id = any($1::uuid[]);

-- name: accounts_named
-- The accounts behind names that rules tell.
select id, username from accounts where username = any($1::text[]) and disabled_at is null;

-- name: store_clock
-- A clock after it was looked at.
update clocks
set calendar = $2::bigint, stints = $3::timestamptz[], spent_seconds = $4::double precision, due_at = $5::timestamptz,
    warn_at = $6::timestamptz, next_at = $7::timestamptz, warned_at = $8::timestamptz, breached_at = $9::timestamptz,
    escalations = $10::text[]
where id = $1::bigint;

-- name: look_again
-- Clocks reckoned by an older calendar, some at a time; what is held meanwhile comes the next time.
with stale as (
    select id from clocks
    where met_at is null and ended_at is null and calendar <> $1::bigint
    order by id limit $3::integer
    for update skip locked
)
update clocks k set next_at = $2::timestamptz, calendar = $1::bigint from stale where k.id = stale.id;

-- name: unfinished
-- How many open clocks there are of each kind, and how many of them are late.
select kind, count(*)::integer as open, (count(*) filter (where breached_at is not null))::integer as late
from clocks where met_at is null and ended_at is null group by kind;

-- name: live_chat_figures
-- The first human reply in live chats since a moment: how many, the average in seconds of open time, how many in time.
select count(*)::integer as replies, avg(spent_seconds) as average_seconds,
       (count(*) filter (where spent_seconds <= $2::double precision))::integer as within_aim,
       (count(*) filter (where spent_seconds <= $3::double precision))::integer as within_average
from clocks
where kind = 'first_reply' and subject_kind = 'conversation' and met_at >= $1::timestamptz and next_at is null;

-- name: met_figures
-- What was promised and met or broken since a moment, by kind and level.
select kind, level, count(*)::integer as met, (count(*) filter (where breached_at is not null))::integer as late,
       avg(spent_seconds) as average_seconds
from clocks where met_at >= $1::timestamptz and next_at is null
group by kind, level order by level, array_position(array['first_reply', 'next_reply', 'resolution'], kind);

-- name: success_manager
-- The success manager of a customer's company; nobody while such a ticket of the customer's is open already.
select a.id, a.public_name, a.staff_number
from customers c join companies k on k.id = c.company_id join accounts a on a.id = k.success_manager
where c.id = $1::uuid and a.disabled_at is null
  and not exists (select from tickets t
                  where t.customer_id = c.id and t.level = 'L3' and t.status not in ('solved', 'closed'));

-- name: taken_on
-- The newest open ticket of level L3 that belongs to a conversation and has an owner, with a group of theirs: the
-- ticket's where they are a member, else the default group, else any.
select a.id, a.public_name, a.staff_number, t.id as ticket_id, t.number, t.title,
       (select g.id from group_members gm join groups g on g.id = gm.group_id
        where gm.account_id = a.id
        order by g.id is not distinct from t.group_id desc, g.is_default desc, g.id limit 1) as group_id
from ticket_conversations tc join tickets t on t.id = tc.ticket_id join accounts a on a.id = t.assignee
where tc.conversation_id = $1::uuid and t.level = 'L3' and t.status not in ('solved', 'closed')
  and a.disabled_at is null
order by t.id desc limit 1;

-- name: conversation
-- One conversation.
select * from conversations where id = $1::uuid;

-- name: has_named_owner
-- Whether the conversation's matter is an open ticket of level L3 already.
select exists (select from tickets where conversation_id = $1::uuid and level = 'L3'
                 and status not in ('solved', 'closed'));

-- name: lock_progress
-- Up to when closed conversations were judged; no row while another process judges.
with made as (
    insert into l1_progress (until) values ($1::timestamptz - interval '1 day') on conflict do nothing returning until
)
select until from made
union all
select until from (select until from l1_progress for update skip locked) held
limit 1;

-- name: move_progress
-- The next look begins here.
update l1_progress set until = greatest(until, $1::timestamptz);

-- name: judge_closed
-- Conversations that closed: handed off, confirmed, called unhelpful or left without an answer is a verdict at once;
-- the others wait whether they are asked again. Small talk alone is no matter.
with closed as (
    select c.id, c.closed_at, c.handed_off_at, c.level
    from conversations c
    where c.state = 'closed' and c.closed_at > $1::timestamptz and c.closed_at <= $2::timestamptz
      and not exists (select from l1_verdicts v where v.conversation_id = c.id)
    order by c.closed_at limit $4::integer
), seen as (
    select c.*, a.decision, a.answered_at, q.first_at, q.last_at, r.helped, r.rated_at
    from closed c
    left join lateral (
        select e.body ->> 'decision' as decision, e.at as answered_at from events e
        where e.conversation_id = c.id and e.kind = 'message' and e.actor_kind = 'bot'
          and e.body ->> 'decision' in ('answer', 'clarify', 'handoff')
        order by e.seq desc limit 1
    ) a on true
    left join lateral (
        select min(e.at) as first_at, max(e.at) as last_at from events e
        where e.conversation_id = c.id and e.kind = 'message' and e.actor_kind = 'customer'
    ) q on true
    left join lateral (
        select coalesce((e.body -> 'resolved')::boolean, (e.body -> 'helpful')::boolean) as helped, e.at as rated_at
        from events e
        where e.conversation_id = c.id and e.kind = 'rating' and (e.body ? 'helpful' or e.body ? 'resolved')
        order by e.seq desc limit 1
    ) r on true
), judged as (
    insert into l1_verdicts (conversation_id, solved, reason, seconds, due_at, decided_at)
    select id,
           case when handed_off_at is not null or level = 'L3' then false
                when helped is not null then helped
                when decision <> 'answer' then false end,
           case when handed_off_at is not null or level = 'L3' then 'handed_off'
                when helped then 'confirmed'
                when helped = false then 'unhelpful'
                when decision <> 'answer' then 'unanswered' end,
           case when decision = 'answer' then extract(epoch from answered_at - first_at) end,
           last_at + $3::interval,
           case when handed_off_at is not null then handed_off_at
                when helped is not null then rated_at
                when decision <> 'answer' or level = 'L3' then closed_at end
    from seen where decision is not null
    on conflict (conversation_id) do nothing
)
select closed_at from closed;

-- name: judge_due
-- A day is over: confirmed or called unhelpful meanwhile, asked again, or settled.
with due as (
    select conversation_id, due_at from l1_verdicts
    where solved is null and due_at <= $1::timestamptz
    order by due_at limit $2::integer
    for update skip locked
)
update l1_verdicts v
set solved = coalesce(r.helped, n.started_at is null),
    reason = case when r.helped then 'confirmed' when r.helped = false then 'unhelpful'
                  when n.started_at is not null then 'asked_again' else 'not_asked_again' end,
    decided_at = coalesce(r.rated_at, n.started_at, d.due_at)
from due d
join conversations c on c.id = d.conversation_id
left join lateral (
    select coalesce((e.body -> 'resolved')::boolean, (e.body -> 'helpful')::boolean) as helped, e.at as rated_at
    from events e
    where e.conversation_id = c.id and e.kind = 'rating' and (e.body ? 'helpful' or e.body ? 'resolved')
    order by e.seq desc limit 1
) r on true
left join lateral (
    select x.started_at from conversations x
    where x.customer_id = c.customer_id and x.site = c.site and x.id <> c.id
      and x.started_at >= c.closed_at and x.started_at <= d.due_at and (x.question_seq > 0 or x.handed_off_at is not null)
    order by x.started_at limit 1
) n on true
where v.conversation_id = d.conversation_id;

-- name: bot_level_figures
-- What the bot settled alone since a moment: decided, solved, solved within so many seconds, and the reasons.
select count(*)::integer as decided, (count(*) filter (where solved))::integer as solved,
       (count(*) filter (where solved and seconds <= $2::double precision))::integer as in_time,
       coalesce(jsonb_object_agg(reason, n) filter (where reason is not null), '{}') as reasons
from (select solved, seconds, reason, count(*) over (partition by reason) as n
      from l1_verdicts where solved is not null and decided_at >= $1::timestamptz) v;
