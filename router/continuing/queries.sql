-- name: is_device
-- Whether this visitor token was itself opened by a code.
select opened_by is not null from visitors where token_hash = $1::bytea;

-- name: asked_lately
-- How many codes a visitor has asked for since a time.
select count(*)::integer from continuations where visitor_hash = $1::bytea and created_at > $2::timestamptz;

-- name: forget_unused
-- A visitor's earlier codes open nothing any more: only the one on the screen does.
update continuations set used_at = $2::timestamptz where visitor_hash = $1::bytea and used_at is null;

-- name: keep
-- A new code, as its hash.
insert into continuations (token_hash, visitor_hash, site, created_at, expires_at)
values ($1::bytea, $2::bytea, $3::text, $4::timestamptz, $5::timestamptz);

-- name: use
-- A code is used; no row for one that was used, has run out, or whose visitor is gone.
update continuations c set used_at = $2::timestamptz
from visitors v
where c.token_hash = $1::bytea and c.used_at is null and c.expires_at > $2::timestamptz
  and v.token_hash = c.visitor_hash and v.revoked_at is null
returning c.site, c.visitor_hash, v.customer_id;

-- name: open_device
-- A visitor token of its own for the other device.
insert into visitors (token_hash, customer_id, created_at, seen_at, opened_by, expires_at)
values ($1::bytea, $2::uuid, $3::timestamptz, $3::timestamptz, $4::bytea, $5::timestamptz);

-- name: end_devices
-- Devices whose time is over.
update visitors set revoked_at = $1::timestamptz where expires_at <= $1::timestamptz and revoked_at is null
returning customer_id;

-- name: forget_old
-- Codes that nobody can use any more.
delete from continuations where expires_at < $1::timestamptz;
