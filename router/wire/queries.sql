-- name: concerning
-- How far the conversations are that pages of a node show: open ones of these customers ($1), what these agents have
-- ($2), everybody who waits where any agent is here, what any human has where a supervisor is ($3), others ($4), and
-- what of these customers ended since a moment ($5; null: nothing): it may have come and gone between two looks.
select c.id, c.customer_id, c.owner, c.state, c.version, c.last_seq, c.last_note_seq, c.offered_to, c.rank_at, c.group_id, c.level,
       c.shown_position, c.last_at, c.customer_read_seq, c.agent_read_seq
from conversations c
where c.id = any (
    array(select o.id from unnest($1::uuid[]) as k (id)
          join conversations o on o.customer_id = k.id and o.state <> 'closed')
    || array(select o.id from conversations o where o.state = 'human' and (o.owner = any ($2::uuid[]) or $3::boolean))
    || array(select o.id from conversations o where o.state = 'waiting' and cardinality($2::uuid[]) > 0)
    || $4::uuid[]
    || array(select o.id from conversations o
             where o.state = 'closed' and o.closed_at > $5::timestamptz and o.customer_id = any ($1::uuid[])));

-- name: newest_notes
-- The end of what agents wrote beside some logs, oldest first.
select n.* from unnest($1::uuid[]) as c (id)
cross join lateral (select * from notes where conversation_id = c.id order by note_seq desc limit $2::integer) n
order by n.conversation_id, n.note_seq;

-- name: presence
-- What everybody at the desk says of themselves.
select a.id as account_id, coalesce(p.status, 'offline') as status, coalesce(p.accepting, false) as accepting,
       p.reason, a.capacity, p.changed_at, p.seen_at
from accounts a join presence p on p.account_id = a.id
where a.disabled_at is null;

-- name: shut_out
-- Those of these customers ($1) who are somebody else by now, or one of whose tokens was revoked since a moment ($2).
select k.id from unnest($1::uuid[]) as k (id)
where not exists (select from visitors v where v.customer_id = k.id)
   or exists (select from visitors v where v.customer_id = k.id and v.revoked_at > $2::timestamptz);
