-- name: propose
-- A block that a colleague asks for; no row where one is asked for already.
insert into blocks (id, customer_id, conversation_id, reason, hours, state, proposed_by, proposed_at)
select $1::uuid, c.id, $3::uuid, $4::text, $5::integer, 'proposed', $6::uuid, $7::timestamptz
from customers c where c.id = $2::uuid and c.erased_at is null and c.merged_into is null
on conflict (customer_id) where state = 'proposed' do nothing
returning *;

-- name: customer_exists
-- Whether there is such a customer.
select exists (select from customers where id = $1::uuid and erased_at is null and merged_into is null);

-- name: lock_block
-- One block, for deciding.
select * from blocks where id = $1::uuid for no key update;

-- name: decide
-- Write what was decided.
update blocks set state = $2::text, hours = $3::integer, decided_by = $4::uuid, decided_at = $5::timestamptz,
                  ends_at = $6::timestamptz
where id = $1::uuid returning *;

-- name: block_customer
-- Until when the customer is blocked: the last end of what is in force.
update customers
set blocked_until = (select max(ends_at) from blocks
                     where customer_id = $1::uuid and state = 'approved' and ends_at > $2::timestamptz)
where id = $1::uuid
returning blocked_until;

-- name: blocks_of
-- A customer's blocks, the newest first.
select * from blocks where customer_id = $1::uuid order by id desc limit $2::integer;

-- name: blocks_page
-- Blocks, the newest first, before a cursor: asked for ($2), or in force at a time ($3).
select * from blocks
where ($1::uuid is null or id < $1::uuid)
  and (not $2::boolean or state = 'proposed')
  and ($3::timestamptz is null or (state = 'approved' and ends_at > $3::timestamptz))
order by id desc limit $4::integer;

-- name: blocked_now
-- Everybody who is blocked at a time.
select id, blocked_until from customers where blocked_until > $1::timestamptz;

-- name: still_open
-- Conversations that are open although their customer is blocked.
select c.id from customers k join conversations c on c.customer_id = k.id
where k.blocked_until > $1::timestamptz and c.state <> 'closed' limit $2::integer;
