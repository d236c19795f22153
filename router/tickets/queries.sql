-- name: keep
-- A message left for later, under its human number.
insert into tickets (id, number, customer_id, conversation_id, status, text, contact_sealed, created_at)
values ($1::uuid, $2::text, $3::uuid, $4::uuid, 'new', $5::text, $6::bytea, $7::timestamptz);
