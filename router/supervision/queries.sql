-- name: groups_now
-- Every group with how many wait in it, and the longest waiter's time.
select g.id, g.name, g.assignment, g.overflow_to, q.waiting, q.longest_since, q.heads
from groups g
cross join lateral (
    select count(*)::integer as waiting, min(c.joined_at) as longest_since,
           array(select h.id from conversations h where h.state = 'waiting' and h.group_id = g.id
                 order by h.rank_at, h.id limit $1::integer) as heads
    from conversations c where c.state = 'waiting' and c.group_id = g.id
) q
order by g.id;

-- name: conversations_now
-- Some conversations, as they are.
select * from conversations where id = any ($1::uuid[]);

-- name: agents_now
-- Everybody who takes conversations: presence, load, and since when somebody waits for a word of theirs.
select a.id, a.public_name, a.staff_number, a.roles, a.capacity,
       array(select m.group_id from group_members m where m.account_id = a.id order by m.group_id) as groups,
       coalesce(p.status, 'offline') as status, coalesce(p.accepting, false) as accepting, p.reason, p.changed_at,
       p.last_assigned_at,
       coalesce(p.left_at is null and p.seen_at > $1::timestamptz, false) as is_there,
       q.load, q.unanswered, q.unanswered_since,
       (select count(*)::integer from conversations o
        where o.offered_to = a.id and o.state = 'waiting' and o.offer_expires_at > $2::timestamptz) as offered
from accounts a
left join presence p on p.account_id = a.id
cross join lateral (
    select count(*)::integer as load, count(c.unanswered_since)::integer as unanswered,
           min(c.unanswered_since) as unanswered_since
    from conversations c where c.owner = a.id and c.state = 'human'
) q
where a.disabled_at is null and (q.load > 0 or exists (select 1 from group_members m where m.account_id = a.id))
order by a.id;

-- name: unanswered_now
-- Conversations in human hands in which the customer is owed a word, the longest first; and those that are held.
select * from conversations
where state = 'human' and (unanswered_since is not null or held_until > $1::timestamptz)
order by unanswered_since nulls last, id limit $2::integer;

-- name: states_now
-- How many conversations are open, by state.
select state, count(*)::integer as conversations from conversations where state in ('bot', 'waiting', 'human') group by state;
