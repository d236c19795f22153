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
-- Groups in which somebody waits.
select g.id, g.name, g.assignment, g.hours, g.dispatch_count from groups g
where exists (select 1 from conversations c where c.state = 'waiting' and c.group_id = g.id);

-- name: first_in_line
-- The next of a group by rank whom nobody is being offered.
select * from conversations
where state = 'waiting' and group_id = $1::uuid and (offer_expires_at is null or offer_expires_at <= $2::timestamptz)
order by rank_at, id limit 1;

-- name: longest_in_line
-- The longest waiter of a group whom nobody is being offered; whoever was put at the head goes first all the same.
select * from conversations
where state = 'waiting' and group_id = $1::uuid and (offer_expires_at is null or offer_expires_at <= $2::timestamptz)
order by (rank_at = '-infinity') desc, joined_at, id limit 1;

-- name: available_agents
-- Members of a group who can take one more now, the one to ask first first; pending offers count as load.
select a.id, a.public_name, a.staff_number, a.capacity, q.load, p.last_assigned_at
from group_members m
join accounts a on a.id = m.account_id and a.disabled_at is null
join presence p on p.account_id = a.id and p.status = 'online' and p.accepting and p.left_at is null
                and p.seen_at > $2::timestamptz
cross join lateral (
    select (select count(*) from conversations c where c.owner = a.id and c.state = 'human')
         + (select count(*) from conversations c where c.offered_to = a.id and c.state = 'waiting'
              and c.offer_expires_at > $3::timestamptz) as load
) q
where m.group_id = $1::uuid and q.load < a.capacity
order by q.load::float / a.capacity, p.last_assigned_at nulls first, a.id;

-- name: agents_online
-- How many members of a group are online and taking conversations, full or not.
select count(*)::integer from group_members m
join accounts a on a.id = m.account_id and a.disabled_at is null
join presence p on p.account_id = a.id and p.status = 'online' and p.accepting and p.left_at is null
                and p.seen_at > $2::timestamptz
where m.group_id = $1::uuid;

-- name: count_dispatch
-- One more dispatch of a group.
update groups set dispatch_count = dispatch_count + 1 where id = $1::uuid;

-- name: note_assignment
-- When this agent got a conversation last.
update presence set last_assigned_at = $2::timestamptz where account_id = $1::uuid;

-- name: default_group
-- The group that takes what has no topic of its own.
select id, name, assignment, hours from groups where is_default;

-- name: group_by_name
-- A group that a topic names.
select id, name, assignment, hours from groups where name = $1::text;

-- name: group_by_id
-- One group.
select id, name, assignment, hours from groups where id = $1::uuid;

-- name: ahead_of
-- How many stand before this one in its group.
select count(*)::integer from conversations
where state = 'waiting' and group_id = $1::uuid and (rank_at, id) < ($2::timestamptz, $3::uuid);

-- name: line
-- Everybody who waits, in order.
select * from conversations where state = 'waiting' order by rank_at, id;

-- name: whole_line
-- Everybody who waits, group by group, in order.
select id, customer_id, group_id, shown_position from conversations
where state = 'waiting' order by group_id, rank_at, id;

-- name: show_positions
-- The places shown last.
update conversations c set shown_position = p.position
from unnest($1::uuid[], $2::integer[]) as p (id, position)
where c.id = p.id and c.state = 'waiting';

-- name: recent_waits
-- The newest assignments of a group, for the expected wait: when each left the line.
select assigned_at from conversations
where group_id = $1::uuid and assigned_at > $2::timestamptz order by assigned_at desc limit 21;

-- name: lost_agents
-- Agents who own conversations but have given no sign of life for a while.
select distinct c.owner as id
from conversations c left join presence p on p.account_id = c.owner
where c.state = 'human' and (p.account_id is null or p.seen_at <= $1::timestamptz);

-- name: expired_offers
-- Offers whose time is over.
select id from conversations
where state = 'waiting' and offered_to is not null and offer_expires_at <= $1::timestamptz;

-- name: owned_by
-- The open conversations of an agent.
select id from conversations where owner = $1::uuid and state = 'human' order by assigned_at, id;
