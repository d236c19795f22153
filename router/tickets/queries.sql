-- name: earlier_answer
-- The answer given to this client id before.
select answer from sends where sender = $1::uuid and client_id = $2::uuid;

-- name: next_number
-- The next number of a counter; the row is held until the commit, so numbers have no gaps.
insert into counters as c (name, value) values ($1::text, 1)
on conflict (name) do update set value = c.value + 1 returning value;

-- name: keep
-- A message left for later, under its human number.
insert into tickets (id, number, customer_id, conversation_id, status, text, contact_sealed, created_at)
values ($1::uuid, $2::text, $3::uuid, $4::uuid, 'new', $5::text, $6::bytea, $7::timestamptz);

-- name: remember
-- The same client id gets the same answer.
insert into sends (sender, client_id, conversation_id, answer, at)
values ($1::uuid, $2::uuid, $3::uuid, $4::jsonb, $5::timestamptz) on conflict do nothing;

-- name: open_conversation
-- Where the message was left.
select id from conversations
where customer_id = $1::uuid and site = $2::text and channel = $3::text and state <> 'closed';
