-- name: welcome_visitor
-- A visitor comes back without an identity: note it, and give the customer. No row for an unknown or revoked token.
with visitor as (
    update visitors set seen_at = $2::timestamptz
    where token_hash = $1::bytea and revoked_at is null
    returning customer_id
)
update customers c set seen_at = $2::timestamptz, locale = coalesce($3::text, c.locale)
from visitor
where c.id = visitor.customer_id and c.erased_at is null
returning c.*;

-- name: customer_of_visitor
-- The customer whom a visitor token stands for.
select c.*
from visitors v
join customers c on c.id = v.customer_id
where v.token_hash = $1::bytea and v.revoked_at is null and c.erased_at is null;

-- name: lock_visitor
-- The same, for binding the token: two tabs that sign in at once follow each other.
select c.*
from visitors v
join customers c on c.id = v.customer_id
where v.token_hash = $1::bytea and v.revoked_at is null and c.erased_at is null
for update of v;

-- name: lock_external_id
-- One sign-in per signed `sub` at a time, also before there is a row for it.
select pg_advisory_xact_lock(hashtextextended('yingda customer ' || $1::text, 0));

-- name: insert_customer
-- A new customer, anonymous where the external id is null.
insert into customers (id, external_id, tier, locale, created_at, seen_at)
values ($1::uuid, $2::text, $3::text, $4::text, $5::timestamptz, $5::timestamptz)
returning *;

-- name: insert_visitor
-- A visitor token for a customer, as its hash.
insert into visitors (token_hash, customer_id, created_at, seen_at)
values ($1::bytea, $2::uuid, $3::timestamptz, $3::timestamptz);

-- name: bind_visitor
-- The visitor is this customer from now on.
update visitors set customer_id = $2::uuid, seen_at = $3::timestamptz where token_hash = $1::bytea;

-- name: revoke_visitor
-- The token opens nothing any more; no row where it never did.
update visitors set revoked_at = $2::timestamptz
where token_hash = $1::bytea and revoked_at is null
returning customer_id;

-- name: customer_by_id
-- One customer.
select c.* from customers c where c.id = $1::uuid and c.erased_at is null;

-- name: lock_customer
-- One customer, for changing.
select c.* from customers c where c.id = $1::uuid and c.erased_at is null for no key update;

-- name: customers_by_ids
-- Several customers.
select c.* from customers c where c.id = any ($1::uuid[]);

-- name: customer_by_external_id
-- The known customer of a signed `sub`.
select c.* from customers c where c.external_id = $1::text and c.erased_at is null;

-- name: apply_claims
-- What the signed identity says; null means that it said nothing about it.
update customers
set external_id = $2::text, name_sealed = coalesce($3::bytea, name_sealed),
    email_sealed = coalesce($4::bytea, email_sealed), email_hash = coalesce($5::bytea, email_hash),
    phone_sealed = coalesce($6::bytea, phone_sealed), phone_hash = coalesce($7::bytea, phone_hash),
    tier = coalesce($8::text, tier), company_id = coalesce($9::text, company_id),
    company_name = coalesce($10::text, company_name), attributes = coalesce($11::jsonb, attributes),
    locale = coalesce($12::text, locale), seen_at = $13::timestamptz
where id = $1::uuid
returning *;

-- name: update_customer
-- Write the customer as changed by an agent.
update customers
set name_sealed = $2::bytea, email_sealed = $3::bytea, email_hash = $4::bytea, phone_sealed = $5::bytea,
    phone_hash = $6::bytea, company_name = $7::text, locale = $8::text
where id = $1::uuid
returning *;

-- name: lock_conversations
-- The conversations of an anonymous customer who signs in and the open ones of who that is, in the order in which
-- everybody locks them.
select id, customer_id, site, channel, state, last_seq from conversations
where customer_id = $1::uuid or (customer_id = $2::uuid and state <> 'closed')
order by id for update;

-- name: move_conversations
-- They become the known customer's.
update conversations set customer_id = $2::uuid where customer_id = $1::uuid;

-- name: move_tickets
-- Tickets follow.
update tickets set customer_id = $2::uuid where customer_id = $1::uuid;

-- name: copy_sends
-- A message sent before the sign-in and repeated after it is still the same message.
insert into sends (sender, client_id, conversation_id, answer, at)
select $2::uuid, s.client_id, s.conversation_id, s.answer, s.at from sends s where s.sender = $1::uuid
on conflict (sender, client_id) do nothing;

-- name: find_exactly
-- Customers by a whole e-mail address, telephone number, external id or part of a company's name.
select c.*
from customers c
where c.erased_at is null
  and (c.external_id = $1::text or c.email_hash = $2::bytea or c.phone_hash = $3::bytea
       or c.company_name ilike $4::text)
order by c.id desc
limit $5::integer;

-- name: customers_page
-- Customers, the newest first, before a cursor.
select c.*
from customers c
where c.erased_at is null
  and ($1::uuid is null or c.id < $1::uuid)
order by c.id desc
limit $2::integer;
