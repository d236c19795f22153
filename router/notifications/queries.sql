-- name: put_notice
-- Record a notice; nothing where its key is known.
insert into notices (id, key, kind, recipient_kind, recipient_id, sealed, at, due_at)
values ($1::uuid, $2::text, $3::text, $4::text, $5::uuid, $6::bytea, $7::timestamptz, $8::timestamptz)
on conflict (key) do nothing
returning id;
