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
-- Whatever still runs is over without having been met.
update clocks
set ended_at = $3::timestamptz, next_at = $3::timestamptz, paused_at = null,
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
left join tickets t on k.subject_kind = 'ticket' and t.id = k.subject_id;

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
