-- name: hold_lease
-- Takes a free or expired lease, or renews one's own; no row while somebody else holds it.
insert into leases as l (name, holder, epoch, expires_at) values ($1::text, $2::uuid, 1, $4::timestamptz)
on conflict (name) do update
set holder = excluded.holder, expires_at = excluded.expires_at,
    epoch = case when l.holder = excluded.holder then l.epoch else l.epoch + 1 end
where l.holder = excluded.holder or l.expires_at <= $3::timestamptz
returning epoch;

-- name: let_lease_go
-- Ends one's own lease now.
update leases set expires_at = $3::timestamptz where name = $1::text and holder = $2::uuid;

-- name: groups_in_line
-- Groups in which somebody waits; beside each whether any offer is over by $1, and whether anybody was passed on by name.
select g.*,
       exists (select from conversations
               where state = 'waiting' and offered_to is not null and offer_expires_at <= $1::timestamptz) as offers_over,
       exists (select from conversations
               where state = 'waiting' and preferred_agent is not null
                 and handoff_reason = 'transferred') as passed_on
from groups g
where exists (select from conversations c where c.state = 'waiting' and c.group_id = g.id);

-- name: next_of_group
-- The first of a group's line by rank and the first by the time of joining, whom nobody is being offered and whom some
-- of these agents ($3) did not decline; a refusal counts no longer for who has waited here since $4, silence always.
select c.*, (select k.success_manager from customers u join companies k on k.id = u.company_id
             where u.id = c.customer_id) as manager,
       (select r.csat from ratings r
        where r.customer_id = c.customer_id and r.csat is not null
          and (r.agent_id = c.preferred_agent or r.conversation_id = c.previous_id)
        order by r.at desc limit 1) as last_csat,
       (select g.dispatch_count from groups g where g.id = $1::uuid) as dispatches
from conversations c
where c.id = any (
    array(select q.id from conversations q
          where q.state = 'waiting' and q.group_id = $1::uuid
            and (q.offer_expires_at is null or q.offer_expires_at <= $2::timestamptz)
            and (not ($3::uuid[] <@ q.declined_by)
                 or (q.in_group_since <= $4::timestamptz and q.handoff_reason is distinct from 'agent_silent'))
          order by q.rank_at, q.id limit 1)
    || array(select q.id from conversations q
             where q.state = 'waiting' and q.group_id = $1::uuid
               and (q.offer_expires_at is null or q.offer_expires_at <= $2::timestamptz)
               and (not ($3::uuid[] <@ q.declined_by)
                    or (q.in_group_since <= $4::timestamptz and q.handoff_reason is distinct from 'agent_silent'))
             order by q.joined_at, q.id limit 1));

-- name: declined_by_all
-- Who waits in a group, was declined by all of these agents, and is being offered to nobody.
select id from conversations
where state = 'waiting' and group_id = $1::uuid and cardinality(declined_by) > 0 and $3::uuid[] <@ declined_by
  and (offer_expires_at is null or offer_expires_at <= $2::timestamptz)
order by rank_at, id limit 20;

-- name: meant_for_somebody
-- Who was passed on to a colleague by name, where that colleague has room now; in order.
select c.*, null::uuid as manager, null::smallint as last_csat, 0 as dispatches
from conversations c
join accounts a on a.id = c.preferred_agent and a.disabled_at is null
join presence p on p.account_id = a.id and p.status = 'online' and p.accepting and p.left_at is null
                and p.seen_at > $1::timestamptz
where c.state = 'waiting' and c.preferred_agent is not null and c.handoff_reason = 'transferred'
  and (c.offer_expires_at is null or c.offer_expires_at <= $2::timestamptz)
  and not c.preferred_agent = any (c.declined_by)
order by c.rank_at, c.id limit 20;

-- name: managed
-- Who waits in a group of which their success manager, one of these ($1), is no member: the manager takes nobody's turn
-- there; in order.
select c.*, k.success_manager as manager, null::smallint as last_csat, 0 as dispatches
from companies k
join customers u on u.company_id = k.id
join conversations c on c.customer_id = u.id and c.state = 'waiting'
where k.success_manager = any ($1::uuid[])
  and (c.offer_expires_at is null or c.offer_expires_at <= $2::timestamptz)
  and not k.success_manager = any (c.declined_by)
  and not exists (select from group_members m where m.account_id = k.success_manager and m.group_id = c.group_id)
order by c.rank_at, c.id limit 20;

-- name: available_agents
-- Members of these groups ($1; null: of any), and these others by name ($4), who can take one more now; pending offers
-- count as load.
select a.id, a.public_name, a.staff_number, a.portrait, a.capacity, q.load::integer, p.last_assigned_at,
       array(select m.group_id from group_members m where m.account_id = a.id) as group_ids
from accounts a
join presence p on p.account_id = a.id and p.status = 'online' and p.accepting and p.left_at is null
                and p.seen_at > $2::timestamptz
cross join lateral (
    select (select count(*) from conversations c where c.owner = a.id and c.state = 'human')
         + (select count(*) from conversations c where c.offered_to = a.id and c.state = 'waiting'
              and c.offer_expires_at > $3::timestamptz) as load
) q
where a.disabled_at is null and q.load < a.capacity
  and (a.id = any ($4::uuid[])
       or a.id in (select m.account_id from group_members m where $1::uuid[] is null or m.group_id = any ($1::uuid[])));

-- name: agents_online
-- How many members of a group are online and taking conversations, full or not.
select count(*)::integer from group_members m
join accounts a on a.id = m.account_id and a.disabled_at is null
join presence p on p.account_id = a.id and p.status = 'online' and p.accepting and p.left_at is null
                and p.seen_at > $2::timestamptz
where m.group_id = $1::uuid;

-- name: agents_there
-- The members of a group who are online and take conversations, full or not.
select a.id from group_members m
join accounts a on a.id = m.account_id and a.disabled_at is null
join presence p on p.account_id = a.id and p.status = 'online' and p.accepting and p.left_at is null
                and p.seen_at > $2::timestamptz
where m.group_id = $1::uuid;

-- name: count_dispatch
-- One more dispatch of a group.
update groups set dispatch_count = dispatch_count + 1 where id = $1::uuid;

-- name: count_assignment
-- One more dispatch of a group, to this agent, who has missed no offer.
with counted as (update groups set dispatch_count = dispatch_count + 1 where id = $1::uuid)
update presence set last_assigned_at = $3::timestamptz, missed_offers = 0 where account_id = $2::uuid;

-- name: note_assignment
-- When this agent got a conversation last; whoever takes one has missed no offer.
update presence set last_assigned_at = $2::timestamptz, missed_offers = 0 where account_id = $1::uuid;

-- name: forget_missed_offers
-- An agent has answered an offer.
update presence set missed_offers = 0 where account_id = $1::uuid and missed_offers > 0;

-- name: outlook
-- All groups with what they take; beside each what is known of a customer ($1): the tier that was signed, the one that
-- the CRM says, and the product that their site named.
select g.*, c.tier as signed_tier, k.tier as company_tier, c.attributes ->> 'product' as product
from groups g left join customers c on c.id = $1::uuid left join companies k on k.id = c.company_id
order by g.id;

-- name: group_by_id
-- One group.
select * from groups where id = $1::uuid;

-- name: line
-- Everybody who waits, in order.
select * from conversations where state = 'waiting' order by rank_at, id;

-- name: owned_by_lost
-- Conversations of agents who have given no sign of life for a while.
select c.id, c.owner, c.group_id, array[]::uuid[] as silent_before
from conversations c left join presence p on p.account_id = c.owner
where c.state = 'human' and (p.account_id is null or p.seen_at <= $1::timestamptz)
order by c.assigned_at, c.id;

-- name: expired_offers
-- Offers whose time is over.
select id from conversations
where state = 'waiting' and offered_to is not null and offer_expires_at <= $1::timestamptz;

-- name: silent_agents
-- Conversations whose customer has waited since $1 for a word of the present owner, and nobody promised a later time;
-- with whoever kept silent before them since the last word of a human.
select c.id, c.owner, c.group_id, array(
           select distinct (h.body -> 'agent' ->> 'id')::uuid
           from events s
           cross join lateral (
               select e.body from events e
               where e.conversation_id = s.conversation_id and e.kind = 'state' and e.seq < s.seq
               order by e.seq desc limit 1) h
           where s.conversation_id = c.id and s.kind = 'state' and s.body ->> 'reason' = 'agent_silent'
             and h.body -> 'agent' ? 'id'
             and s.seq > coalesce((select max(w.seq) from events w
                                   where w.conversation_id = c.id and w.kind = 'message' and w.actor_kind = 'agent'), 0)
       ) as silent_before
from conversations c
where c.state = 'human' and c.unanswered_since <= $1::timestamptz and c.assigned_at <= $1::timestamptz
  and (c.held_until is null or c.held_until <= $2::timestamptz)
order by c.unanswered_since limit 100;

-- name: overflowing
-- Who has waited longer in a group than it allows, where somebody of the group beside it is there; in order.
select c.id, g.overflow_to
from groups g
join conversations c on c.state = 'waiting' and c.group_id = g.id
where g.overflow_to is not null and g.overflow_after_seconds is not null
  and c.in_group_since + make_interval(secs => g.overflow_after_seconds) <= $1::timestamptz
  and (c.offer_expires_at is null or c.offer_expires_at <= $1::timestamptz)
  and exists (select 1 from group_members m
              join accounts a on a.id = m.account_id and a.disabled_at is null
              join presence p on p.account_id = a.id and p.status = 'online' and p.accepting and p.left_at is null
                              and p.seen_at > $2::timestamptz
              where m.group_id = g.overflow_to)
order by c.rank_at, c.id limit 50;
