-- name: company
-- One company; of one that was merged, the company that it went into.
select * from companies where id = coalesce((select merged_into from companies where id = $1::uuid), $1::uuid);

-- name: lock_company
-- One company, for changing.
select * from companies where id = $1::uuid and merged_into is null for no key update;

-- name: lock_companies
-- Two companies that become one, in the order in which everybody locks them.
select * from companies where id = any($1::uuid[]) and merged_into is null order by id for no key update;

-- name: companies_page
-- Companies, the newest first, before a cursor ($2): with this text in name or external id ($1, for LIKE), this tag,
-- this success manager, a contract that ends before a day.
select * from companies
where merged_into is null
  and ($1::text is null or name ilike $1::text or external_id ilike $1::text)
  and ($2::uuid is null or id < $2::uuid)
  and ($3::text is null or $3::text = any(tags))
  and ($4::uuid is null or success_manager = $4::uuid)
  and ($5::date is null or contract_end <= $5::date)
order by id desc limit $6::integer;

-- name: insert_company
-- A new company; no row where one with this external id is there already.
insert into companies (id, external_id, name, success_manager, main_contact, tier, edition, product_version, hosting,
                       contract_start, contract_end, go_live_at, tags, created_at, changed_at)
values ($1::uuid, $2::text, $3::text, $4::uuid, $5::uuid, $6::text, $7::text, $8::text, $9::text, $10::date, $11::date,
        $12::timestamptz, $13::text[], $14::timestamptz, $14::timestamptz)
on conflict (external_id) do nothing
returning *;

-- name: update_company
-- Write a company as changed at the desk.
update companies
set external_id = $2::text, name = $3::text, success_manager = $4::uuid, main_contact = $5::uuid, tier = $6::text,
    edition = $7::text, product_version = $8::text, hosting = $9::text, contract_start = $10::date,
    contract_end = $11::date, go_live_at = $12::timestamptz, tags = $13::text[], changed_at = $14::timestamptz,
    version = version + 1
where id = $1::uuid
returning *;

-- name: external_id_taken
-- Whether another company, also one that was merged, has this external id.
select exists (select from companies where external_id = $1::text and id <> $2::uuid);

-- name: sight_by_external_id
-- The company that a signed identity names, followed into what it was merged with.
select coalesce(merged_into, id) from companies where external_id = $1::text;

-- name: sight_by_name
-- The company of exactly this name.
select id from companies where lower(name) = lower($1::text) and merged_into is null order by id limit 1;

-- name: lock_name
-- One company of a name at a time, also before there is a row for it.
select pg_advisory_xact_lock(hashtextextended('yingda company ' || lower($1::text), 0));

-- name: contacts
-- The customers of a company, newest first.
select id from customers
where company_id = $1::uuid and merged_into is null and erased_at is null order by seen_at desc, id limit $2::integer;

-- name: count_contacts
-- How many customers each of these companies has.
select company_id, count(*)::integer as contacts from customers
where company_id = any($1::uuid[]) and merged_into is null and erased_at is null group by company_id;

-- name: is_contact
-- Whether a customer belongs to a company.
select exists (select from customers where id = $1::uuid and company_id = $2::uuid and merged_into is null);

-- name: account_exists
-- Whether somebody at the desk has this id.
select exists (select from accounts where id = $1::uuid and disabled_at is null);

-- name: move_customers
-- The customers of a company that is merged.
update customers set company_id = $2::uuid where company_id = $1::uuid;

-- name: move_tasks
-- What is to be done for a company that is merged.
update tasks set company_id = $2::uuid where company_id = $1::uuid;

-- name: move_notes
-- What was noted about a company that is merged.
update profile_notes set company_id = $2::uuid where company_id = $1::uuid;

-- name: mark_merged
-- A company that is merged, and those merged into it before.
update companies set merged_into = $2::uuid, changed_at = $3::timestamptz where id = $1::uuid or merged_into = $1::uuid;

-- name: hand_over_visits
-- The visits that are still open go to the new success manager.
update tasks set assignee = $3::uuid, version = version + 1
where company_id = $1::uuid and kind = 'visit' and state = 'open' and assignee is not distinct from $2::uuid;
