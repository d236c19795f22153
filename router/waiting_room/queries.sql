-- name: place_of
-- How many stand before a conversation, and how fast its group takes them: members who are there, and the times
-- at which the newest ones left the line.
select
    (select count(*)::integer from conversations
     where state = 'waiting' and group_id = $1::uuid and (rank_at, id) < ($2::timestamptz, $3::uuid)) as ahead,
    (select count(*)::integer from group_members m
     join accounts a on a.id = m.account_id and a.disabled_at is null
     join presence p on p.account_id = a.id and p.status = 'online' and p.accepting and p.left_at is null
                    and p.seen_at > $4::timestamptz
     where m.group_id = $1::uuid) as online,
    (select array_agg(r.assigned_at order by r.assigned_at desc) from (
        select assigned_at from conversations
        where group_id = $1::uuid and assigned_at > $5::timestamptz order by assigned_at desc limit 21) r) as taken_at;

-- name: fallen_places
-- Whose place in line has become smaller than the one they were shown, by a twentieth where they stand far back: a
-- number that trickles helps nobody. The foremost first; but for these ($1).
select p.* from (
    select id, customer_id, group_id, shown_position, told,
           row_number() over (partition by group_id order by rank_at, id)::integer as position
    from conversations where state = 'waiting') p
where (p.shown_position is null or p.position <= p.shown_position - greatest(1, p.shown_position / 20)) and not p.id = any ($1::uuid[])
order by p.position, p.id limit $2::integer;

-- name: show_places
-- What these are shown from now on, unless somebody has shown or told them something else meanwhile.
update conversations c set shown_position = least(c.shown_position, p.position), told = p.told
from unnest($1::uuid[], $2::integer[], $3::jsonb[], $4::jsonb[]) as p (id, position, told, told_before)
where c.id = p.id and c.state = 'waiting' and c.told is not distinct from p.told_before
returning c.id;

-- name: late
-- Who has waited longer than the last range told, and has not heard so.
select * from conversations
where state = 'waiting' and not (told ? 'slower_at') and (told ->> 'until')::timestamptz < $1::timestamptz
order by (told ->> 'until')::timestamptz limit $2::integer;

-- name: waiting_groups
-- Groups in which somebody waits who has not heard that the desk has closed.
select distinct group_id from conversations where state = 'waiting' and not (coalesce(told, '{}') ? 'closed');

-- name: not_told_of_closing
-- Who waits in a group for nobody, since none of these agents ($3) will take it, and has not heard that the desk closed.
select * from conversations
where state = 'waiting' and group_id = $1::uuid and not (coalesce(told, '{}') ? 'closed') and $3::uuid[] <@ declined_by
order by rank_at, id limit $2::integer;

-- name: pages_seen
-- Which of these customers still wait with a page open.
insert into pages_seen (customer_id, seen_at)
select distinct customer_id, $2::timestamptz from conversations
where state = 'waiting' and channel = 'web' and customer_id = any($1::uuid[])
on conflict (customer_id) do update set seen_at = excluded.seen_at;

-- name: gone
-- Who waits but has had no page open since a moment, longest first; with what they may be reached by. Whom a human has
-- had before is owed an answer, wherever they are: they stay in line.
select c.id, c.customer_id, c.group_id, k.phone_sealed is not null as has_phone, k.email_sealed is not null as has_email
from conversations c
join customers k on k.id = c.customer_id
left join pages_seen p on p.customer_id = c.customer_id
where c.state = 'waiting' and c.channel = 'web' and c.assigned_at is null
  and greatest(coalesce(p.seen_at, c.joined_at), (c.told ->> 'since')::timestamptz) <= $1::timestamptz
order by c.joined_at limit $2::integer;

-- name: forget_pages
-- Signs of pages of customers who wait no more.
delete from pages_seen p where seen_at < $1::timestamptz
  and not exists (select from conversations c where c.customer_id = p.customer_id and c.state = 'waiting');

-- name: answers_shown
-- Articles that the bot has shown in a conversation.
select distinct source ->> 'article_id' as article_id
from events e cross join lateral jsonb_array_elements(coalesce(e.body -> 'sources', '[]')) as source
where e.conversation_id = $1::uuid and e.kind = 'message' and e.actor_kind = 'bot';
