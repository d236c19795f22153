-- name: welcome_visitor
-- A visitor comes back without an identity: note it, and give the customer. No row for an unknown or revoked token.
with visitor as (
    update visitors set seen_at = $2::timestamptz
    where token_hash = $1::bytea and revoked_at is null
    returning customer_id
)
update customers c set seen_at = $2::timestamptz, locale = coalesce($3::text, c.locale)
from visitor v join customers b on b.id = v.customer_id left join companies k on k.id = b.company_id
where c.id = v.customer_id and c.erased_at is null
returning c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier;

-- name: customer_of_visitor
-- The customer whom a visitor token stands for.
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from visitors v
join customers c on c.id = v.customer_id
left join companies k on k.id = c.company_id
where v.token_hash = $1::bytea and v.revoked_at is null and c.erased_at is null;

-- name: lock_visitor
-- The same, for binding the token: two tabs that sign in at once follow each other.
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from visitors v
join customers c on c.id = v.customer_id
left join companies k on k.id = c.company_id
where v.token_hash = $1::bytea and v.revoked_at is null and c.erased_at is null
for update of v;

-- name: lock_external_id
-- One sign-in per signed `sub` at a time, also before there is a row for it.
select pg_advisory_xact_lock(hashtextextended('yingda customer ' || $1::text, 0));

-- name: insert_customer
-- A new customer, anonymous where the external id is null; of no company yet.
insert into customers (id, external_id, tier, locale, created_at, seen_at)
values ($1::uuid, $2::text, $3::text, $4::text, $5::timestamptz, $5::timestamptz)
returning *, null::text as company_external_id, null::text as company_name, null::text as company_tier;

-- name: insert_visitor
-- A visitor token for a customer, as its hash.
insert into visitors (token_hash, customer_id, created_at, seen_at)
values ($1::bytea, $2::uuid, $3::timestamptz, $3::timestamptz);

-- name: bind_visitor
-- The visitor is this customer from now on.
update visitors set customer_id = $2::uuid, seen_at = $3::timestamptz where token_hash = $1::bytea;

-- name: revoke_visitor
-- The token opens nothing any more, nor do those made from it for other devices; no row where it never did.
update visitors set revoked_at = $2::timestamptz
where (token_hash = $1::bytea or opened_by = $1::bytea) and revoked_at is null
returning customer_id;

-- name: customer_by_id
-- One customer; of one who was joined to another, that other one.
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from customers c left join companies k on k.id = c.company_id
where c.id = coalesce((select merged_into from customers where id = $1::uuid), $1::uuid) and c.erased_at is null;

-- name: lock_customer
-- One customer, for changing.
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from customers c left join companies k on k.id = c.company_id
where c.id = $1::uuid and c.erased_at is null and c.merged_into is null
for no key update of c;

-- name: customers_by_ids
-- Several customers.
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from customers c left join companies k on k.id = c.company_id
where c.id = any ($1::uuid[]);

-- name: customer_by_external_id
-- The known customer of a signed `sub`.
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from customers c left join companies k on k.id = c.company_id
where c.external_id = $1::text and c.erased_at is null;

-- name: apply_claims
-- What the signed identity says; null means that it said nothing about it.
with changed as (
    update customers
    set external_id = $2::text, name_sealed = coalesce($3::bytea, name_sealed),
        email_sealed = coalesce($4::bytea, email_sealed), email_hash = coalesce($5::bytea, email_hash),
        phone_sealed = coalesce($6::bytea, phone_sealed), phone_hash = coalesce($7::bytea, phone_hash),
        tier = coalesce($8::text, tier), company_id = coalesce($9::uuid, company_id),
        attributes = coalesce($10::jsonb, attributes), locale = coalesce($11::text, locale),
        seen_at = $12::timestamptz
    where id = $1::uuid
    returning *
)
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from changed c left join companies k on k.id = c.company_id;

-- name: update_customer
-- Write the customer as changed at the desk.
with changed as (
    update customers
    set name_sealed = $2::bytea, email_sealed = $3::bytea, email_hash = $4::bytea, phone_sealed = $5::bytea,
        phone_hash = $6::bytea, company_id = $7::uuid, locale = $8::text, tags = $9::text[], edition = $10::text,
        product_version = $11::text, tier = $12::text, attributes = $13::jsonb, version = version + 1
    where id = $1::uuid
    returning *
)
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from changed c left join companies k on k.id = c.company_id;

-- name: company_exists
-- Whether a customer can belong to this company.
select exists (select from companies where id = $1::uuid and merged_into is null);

-- name: tiers_of
-- What was signed about a customer's tier, and what the CRM says.
select c.tier, k.tier as company_tier
from customers c left join companies k on k.id = c.company_id
where c.id = $1::uuid;

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

-- name: move_tasks
-- So does what is to be done for them,
update tasks set customer_id = $2::uuid where customer_id = $1::uuid;

-- name: move_ratings
-- what they thought of us,
update ratings set customer_id = $2::uuid where customer_id = $1::uuid;

-- name: move_notes
-- what colleagues noted,
update profile_notes set customer_id = $2::uuid where customer_id = $1::uuid;

-- name: move_blocks
-- and their blocks; of two proposals one is left.
update blocks
set customer_id = $2::uuid,
    state = case when state = 'proposed' and exists (select from blocks where customer_id = $2::uuid and state = 'proposed')
                 then 'refused' else state end
where customer_id = $1::uuid;

-- name: move_contact
-- A company's main contact stays the same person.
update companies set main_contact = $2::uuid where main_contact = $1::uuid;

-- name: move_survey
-- Who was asked as the one is not asked again as the other.
insert into surveys (customer_id, conversation_id, asked_at, answered_at)
select $2::uuid, conversation_id, asked_at, answered_at from surveys where customer_id = $1::uuid
on conflict (customer_id) do update
set asked_at = greatest(surveys.asked_at, excluded.asked_at),
    answered_at = greatest(surveys.answered_at, excluded.answered_at);

-- name: move_uploads
-- Files that they have sent, also those that no message has taken yet,
update uploads u set sender_id = $2::uuid
where sender_id = $1::uuid
  and not exists (select from uploads o where o.sender_id = $2::uuid and o.client_id = u.client_id);

-- name: forget_survey
-- It stands with the one who stays; $2 is not used.
delete from surveys where customer_id = $1::uuid and $2::uuid is not null;

-- name: move_steps
-- What they did on the page around the chat goes along,
update customer_steps set customer_id = $2::uuid where customer_id = $1::uuid;

-- name: move_attributes
-- and what that page said of them, where it says nothing of the one who stays;
insert into customer_attributes (customer_id, attributes, at)
select $2::uuid, attributes, at from customer_attributes where customer_id = $1::uuid
on conflict (customer_id) do nothing;

-- name: forget_attributes
-- it stands with the one who stays; $2 is not used.
delete from customer_attributes where customer_id = $1::uuid and $2::uuid is not null;

-- name: forget_page
-- Whether their page is open is the other customer's to say from now on; $2 is not used.
delete from pages_seen where customer_id = $1::uuid and $2::uuid is not null;

-- name: move_notices
-- What they have not been told yet goes to the one who stays,
update notices set recipient_id = $2::uuid
where recipient_kind = 'customer' and recipient_id = $1::uuid and spread_at is null;

-- name: move_unseen
-- and the words that they have not seen.
update unseen_replies set customer_id = $2::uuid where customer_id = $1::uuid;

-- name: lock_visitors
-- Nobody opens a conversation as this customer while they become somebody else.
select from visitors where customer_id = $1::uuid order by token_hash for update;

-- name: move_visitors
-- Their pages are the other customer's from now on.
update visitors set customer_id = $2::uuid where customer_id = $1::uuid;

-- name: lock_pair
-- Two customers, in the order in which everybody locks them.
select from customers where id = any($1::uuid[]) order by id for no key update;

-- name: mark_merged
-- Who went into whom, those who had gone into them before included; a block in force goes along.
with gone as (
    update customers set merged_into = $2::uuid
    where id = $1::uuid or merged_into = $1::uuid
    returning blocked_until
)
update customers set blocked_until = greatest(blocked_until, (select max(blocked_until) from gone))
where id = $2::uuid;

-- name: copy_sends
-- A message sent before the sign-in and repeated after it is still the same message.
insert into sends (sender, client_id, conversation_id, answer, at)
select $2::uuid, s.client_id, s.conversation_id, s.answer, s.at from sends s where s.sender = $1::uuid
on conflict (sender, client_id) do nothing;

-- name: find_exactly
-- Customers by a whole e-mail address, telephone number, external id or part of a company's name; narrowed as below.
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from customers c left join companies k on k.id = c.company_id
where c.erased_at is null and c.merged_into is null
  and c.id in (select id from customers where external_id = $1::text
               union all select id from customers where email_hash = $2::bytea
               union all select id from customers where phone_hash = $3::bytea
               union all select o.id from companies n join customers o on o.company_id = n.id where n.name ilike $4::text)
  and ($6::text is null or $6::text = any(c.tags))
  and ($7::uuid is null or c.company_id = $7::uuid)
  and ($8::timestamptz is null or c.blocked_until > $8::timestamptz)
order by c.id desc
limit $5::integer;

-- name: alike
-- Customers with the same telephone number or e-mail address as this one, who was here last first.
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from customers o join customers c on (c.phone_hash = o.phone_hash or c.email_hash = o.email_hash)
left join companies k on k.id = c.company_id
where o.id = $1::uuid and c.id <> o.id and c.erased_at is null and c.merged_into is null
order by c.seen_at desc limit $2::integer;

-- name: customers_page
-- Customers, the newest first, before a cursor: with this tag ($3), of this company ($4), blocked at a time ($5).
select c.*, k.external_id as company_external_id, k.name as company_name, k.tier as company_tier
from customers c left join companies k on k.id = c.company_id
where c.erased_at is null and c.merged_into is null
  and ($1::uuid is null or c.id < $1::uuid)
  and ($3::text is null or $3::text = any(c.tags))
  and ($4::uuid is null or c.company_id = $4::uuid)
  and ($5::timestamptz is null or c.blocked_until > $5::timestamptz)
order by c.id desc
limit $2::integer;

-- name: notes_about
-- What was noted about a customer or about a company, the newest first.
select id, customer_id, company_id, text, actor_id, actor_name, at from profile_notes
where customer_id = $1::uuid or company_id = $2::uuid order by id desc limit $3::integer;

-- name: add_note
-- A note about a customer or a company.
insert into profile_notes (id, customer_id, company_id, text, actor_id, actor_name, at)
values ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::uuid, $6::text, $7::timestamptz);

-- name: author_of_note
-- Who wrote a note.
select actor_id from profile_notes where id = $1::uuid;

-- name: remove_note
-- A note taken away.
delete from profile_notes where id = $1::uuid;
