-- name: add_step
-- One more thing that a customer did, once however often it is told; all but the newest $8 of theirs go.
with older as (
    delete from customer_steps
    where customer_id = $2::uuid and id <= (
        select id from customer_steps where customer_id = $2::uuid order by id desc offset greatest($8::integer - 1, 0) limit 1
    ) and not exists (select from customer_steps where customer_id = $2::uuid and client_id = $9::uuid)
)
insert into customer_steps (id, customer_id, site, at, name, properties, url, client_id)
select $1::uuid, $2::uuid, $3::text, $4::timestamptz, $5::text, $6::jsonb, $7::text, $9::uuid where $8::integer > 0
on conflict do nothing;

-- name: steps_of
-- What a customer did last, the newest first.
select at, site, name, properties, url from customer_steps where customer_id = $1::uuid order by id desc limit $2::integer;

-- name: describe
-- What the page says about its visitor, in place of what it said before.
insert into customer_attributes (customer_id, attributes, at) values ($1::uuid, $2::jsonb, $3::timestamptz)
on conflict (customer_id) do update set attributes = excluded.attributes, at = excluded.at;

-- name: attributes_of
-- What the page said last.
select attributes, at from customer_attributes where customer_id = $1::uuid;

-- name: visit
-- The page that a customer is looking at, for who answers them.
update conversations set page = $4::jsonb
where customer_id = $1::uuid and site = $2::text and channel = $3::text and state <> 'closed'
    and page is distinct from $4::jsonb;

-- name: forget_steps
-- What is older than anybody asks for.
delete from customer_steps where at < $1::timestamptz;

-- name: forget_attributes
-- What was said so long ago is not known any more.
delete from customer_attributes where at < $1::timestamptz;
