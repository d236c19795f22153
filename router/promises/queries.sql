-- Statements about promises. The words are read from the log: what was taken back is empty here too.

-- name: propose
-- A promise that was heard, or that an agent wrote down; nothing where this message has one, or was taken back.
insert into promises (id, conversation_id, seq, from_char, chars, ticket, owner, state, chance, is_dated, due_at,
                      next_at, created_at)
select $1::uuid, $2::uuid, $3::integer, $4::integer, $5::integer, $6::text, $7::uuid, 'proposed', $8::real,
       $9::boolean, $10::timestamptz, $10::timestamptz, $11::timestamptz
where not exists (select from events where conversation_id = $2::uuid and seq = $3::integer and body ? 'redacted')
on conflict (conversation_id, seq) do nothing
returning id;

-- name: promise
-- One promise with its words and its conversation.
select p.*, coalesce(substr(m.body ->> 'text', p.from_char + 1, p.chars), '') as text, a.public_name as owner_name, c.customer_id,
       c.group_id, case when c.state = 'human' then c.owner end as conversation_owner
from promises p
join conversations c on c.id = p.conversation_id
left join events m on m.conversation_id = p.conversation_id and m.seq = p.seq
left join accounts a on a.id = p.owner
where p.id = $1::uuid;

-- name: promises
-- Promises in the order of their times. $1: of one agent, by who has to keep them; $2: of these groups and the reader
-- $3 (null: of all); $4 state; $5 only what is due by then; $6 only what is broken; $7, $8 of a conversation, of a
-- customer; after the cursor $9.
select p.*, coalesce(substr(m.body ->> 'text', p.from_char + 1, p.chars), '') as text, a.public_name as owner_name, c.customer_id,
       c.group_id, case when c.state = 'human' then c.owner end as conversation_owner
from promises p
join conversations c on c.id = p.conversation_id
left join events m on m.conversation_id = p.conversation_id and m.seq = p.seq
left join accounts a on a.id = p.owner
where ($1::uuid is null or coalesce(case when c.state = 'human' then c.owner end, p.owner) = $1::uuid)
  and ($2::uuid[] is null or c.group_id is null or c.group_id = any($2::uuid[]) or p.owner = $3::uuid
       or c.owner = $3::uuid)
  and ($4::text is null or p.state = $4::text)
  and ($5::timestamptz is null or p.due_at <= $5::timestamptz)
  and (not $6::boolean or p.broken_at is not null)
  and ($7::uuid is null or p.conversation_id = $7::uuid)
  and ($8::uuid is null or c.customer_id = $8::uuid)
  and ($9::uuid is null or (p.due_at, p.id) > (select o.due_at, o.id from promises o where o.id = $9::uuid))
order by p.due_at, p.id limit $10::integer;

-- name: lock_conversation
-- The conversation of a promise, held until the end of the transaction: somebody may be writing in it.
select id from conversations where id = $1::uuid for update;

-- name: lock_promise
-- One promise, for changing.
select id from promises where id = $1::uuid for update;

-- name: set_promise
-- An open promise, with its time; what was told of another time is told anew, what was broken stays so.
update promises
set state = 'open', due_at = $2::timestamptz, next_at = $3::timestamptz, stage = 0,
    confirmed_at = coalesce(confirmed_at, $4::timestamptz), is_dated = is_dated or due_at <> $2::timestamptz,
    settled_at = null, settled_by = null
where id = $1::uuid;

-- name: settle_promise
-- Kept or dismissed.
update promises set state = $2::text, settled_at = $3::timestamptz, settled_by = $4::uuid, next_at = null
where id = $1::uuid;

-- name: take_back_promise
-- The message $2 was taken back at $3 by $4: what it promised is off, and the time that the conversation was held for
-- is that of what else was promised in it.
with gone as (
    update promises set state = 'dismissed', settled_at = $3::timestamptz, settled_by = $4::uuid, next_at = null
    where conversation_id = $1::uuid and seq = $2::integer and state in ('proposed', 'open')
    returning id, due_at)
update conversations c
set held_until = (select max(p.due_at) from promises p
                  where p.conversation_id = c.id and p.id <> gone.id and p.state = 'open'
                    and p.due_at > $3::timestamptz)
from gone
where c.id = $1::uuid and c.held_until = gone.due_at;

-- name: of_message
-- The promise of a message.
select id from promises where conversation_id = $1::uuid and seq = $2::integer;

-- name: answer_promises
-- A later answer to the same customer may have kept what is open.
update promises p set answered_seq = $3::integer, answered_at = $4::timestamptz
from conversations c
where p.state = 'open' and p.answered_at is null and c.id = p.conversation_id and c.customer_id = $1::uuid
  and not (p.conversation_id = $2::uuid and p.seq >= $3::integer) and p.confirmed_at <= $4::timestamptz
returning p.id;

-- name: claim_due
-- What is to be told by now, each step once: far behind, only the last one. Proposals that nobody answered go.
update promises p
set stage = due.stage,
    next_at = case due.stage when 1 then p.due_at when 2 then p.due_at + $2::interval end,
    broken_at = coalesce(p.broken_at, case when due.stage = 3 then $1::timestamptz end),
    state = case when p.state = 'proposed' then 'dismissed' else p.state end,
    settled_at = case when p.state = 'proposed' then $1::timestamptz else p.settled_at end
from (select id, case when state = 'proposed' then 0
                      when $1::timestamptz >= due_at + $2::interval then 3
                      when $1::timestamptz >= due_at then 2
                      else 1 end as stage
      from promises where next_at <= $1::timestamptz order by next_at limit 100 for update skip locked) due
where p.id = due.id
returning p.id;
