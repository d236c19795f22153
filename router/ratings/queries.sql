-- name: put_rating
-- What a customer thinks of a conversation, or of a ticket ($2, else ''); said again, the new word counts. A ticket's
-- rating is that of the colleague who had it, a conversation's of its owner ($4), else of who wrote in it last.
insert into ratings (conversation_id, ticket, customer_id, agent_id, group_id, site, csat, resolved, nps, comment,
                     first_at, at)
values ($1::uuid, $2::text, $3::uuid,
        coalesce((select assignee from tickets where number = nullif($2::text, '')), $4::uuid,
                 (select e.actor_id from events e
                  where e.conversation_id = $1::uuid and e.kind = 'message' and e.actor_kind = 'agent'
                  order by e.seq desc limit 1)),
        $5::uuid, $6::text, $7::smallint, $8::boolean, $9::smallint, $10::text, $11::timestamptz, $11::timestamptz)
on conflict (conversation_id, ticket) do update
set agent_id = coalesce(excluded.agent_id, ratings.agent_id), group_id = coalesce(excluded.group_id, ratings.group_id),
    csat = coalesce(excluded.csat, ratings.csat), resolved = coalesce(excluded.resolved, ratings.resolved),
    nps = coalesce(excluded.nps, ratings.nps), comment = coalesce(excluded.comment, ratings.comment), at = excluded.at;

-- name: survey_answered
-- The customer has said how likely they are to recommend us.
update surveys set answered_at = $2::timestamptz where customer_id = $1::uuid;

-- name: surveyed
-- Whether a customer was asked after NPS about a conversation since a moment.
select exists (
    select from surveys
    where customer_id = $1::uuid and conversation_id = $2::uuid and asked_at >= $3::timestamptz
);

-- name: rating_of
-- What was said so far about a conversation or one of its tickets.
select csat, resolved, nps from ratings where conversation_id = $1::uuid and ticket = $2::text;

-- name: was_told
-- Whether supervisors have heard of a bad rating, by the notice's key.
select exists (select from notices where key = $1::text);

-- name: human_wrote
-- Whether a human has written in a conversation.
select exists (
    select from events where conversation_id = $1::uuid and kind = 'message' and actor_kind = 'agent'
);

-- name: rated_ticket
-- A ticket that its customer may rate, and since when it is over for them; one that goes on in another of their own
-- is rated there.
select coalesce(t.confirmed_at, w.closed_at) as closed_at, w.id <> t.id and w.customer_id = t.customer_id as is_merged
from tickets t join tickets w on w.id = coalesce(t.merged_into, t.id)
where t.number = $1::text and t.customer_id = $2::uuid;

-- name: unsolved_ticket
-- The ticket that a customer has already made of a conversation that they called unsolved.
select number from tickets where conversation_id = $1::uuid and source = 'unresolved' order by id limit 1;

-- name: was_invited
-- Whether the customer has been asked for a rating of this conversation.
select exists (
    select from events
    where conversation_id = $1::uuid and kind = 'message' and actor_kind = 'system' and body -> 'buttons' ? 'rate'
);

-- name: was_bad
-- Whether this customer's last rating of an agent was 1 or 2; null: none yet.
select csat <= 2 from ratings
where customer_id = $1::uuid and agent_id = $2::uuid and csat is not null
order by at desc limit 1;

-- name: surveyed_conversation
-- The customer's last conversation with a human, ended between two moments and not rated as blocked; only where they
-- have not been asked since a third.
select c.id
from conversations c
where c.customer_id = $1::uuid and c.state = 'closed' and c.first_reply_at is not null
  and c.reason not in ('blocked', 'merged') and c.closed_at between $2::timestamptz and $3::timestamptz
  and not exists (select from surveys s where s.customer_id = $1::uuid and s.asked_at > $4::timestamptz)
order by c.id desc limit 1;

-- name: survey
-- Remembers that somebody is asked; no row where another page of theirs was asked a moment ago.
insert into surveys (customer_id, conversation_id, asked_at) values ($1::uuid, $2::uuid, $3::timestamptz)
on conflict (customer_id) do update
set conversation_id = excluded.conversation_id, asked_at = excluded.asked_at, answered_at = null
where surveys.asked_at <= $4::timestamptz
returning conversation_id;

-- name: ratings_page
-- Ratings, the newest conversation first, before one of them ($1); only bad ones ($2), of one agent ($3). A page ends
-- with all ratings of a conversation.
select r.*, a.public_name as agent_name
from ratings r left join accounts a on a.id = r.agent_id
where ($1::uuid is null or r.conversation_id < $1::uuid)
  and (not $2::boolean or r.csat <= 2 or r.resolved is false)
  and ($3::uuid is null or r.agent_id = $3::uuid)
order by r.conversation_id desc fetch first ($4::integer) rows with ties;
