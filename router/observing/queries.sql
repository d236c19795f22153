-- name: line_figures
-- Each group with how many wait there and since when the first one has.
select g.id, g.name, count(c.id)::integer as waiting, min(c.joined_at) as oldest
from groups g
left join conversations c on c.group_id = g.id and c.state = 'waiting'
group by g.id, g.name order by g.name;

-- name: agents_by_status
-- How many agents there are in each status; who vanished is offline.
select case when p.left_at is null then p.status else 'offline' end as status, count(*)::integer as agents
from presence p join accounts a on a.id = p.account_id and a.disabled_at is null
group by 1;

-- name: outbox_age
-- Since when the oldest notice that is due has waited.
select min(due_at) from deliveries where state in ('pending', 'failed') and due_at <= $1::timestamptz;
