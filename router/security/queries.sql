-- name: record
-- One line of the audit log; who did what to which thing. Never personal data or secrets in the detail.
insert into audit (at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, detail)
values ($1::timestamptz, $2::text, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::jsonb);

-- name: begin_tries
-- Rows for keys (sorted) under which nothing was counted yet.
insert into sign_in_tries (key, last_at)
select key, $2::timestamptz from unnest($1::bytea[]) as given (key)
on conflict (key) do nothing;

-- name: lock_tries
-- The attempts since $2 under these keys, oldest first; the rows are locked in the order of their keys.
select key, coalesce((select array_agg(at order by at) from unnest(tries) as one (at) where at > $2::timestamptz), '{}')
    as recent
from sign_in_tries where key = any($1::bytea[]) order by key for update;

-- name: add_try
-- One more attempt under each key; those before $3 are forgotten.
update sign_in_tries
set tries = array(select at from unnest(tries) as one (at) where at > $3::timestamptz order by at) || $2::timestamptz,
    last_at = $2::timestamptz
where key = any($1::bytea[]);

-- name: forget_tries
-- Nothing is counted under this key any more.
delete from sign_in_tries where key = $1::bytea;

-- name: take_tries_back
-- Takes attempts at these times away from a key, one for each.
update sign_in_tries
set tries = array(
    select at from (
        select at, row_number() over (partition by at) as nth from unnest(tries) as one (at)
    ) numbered
    where nth > (select count(*) from unnest($2::timestamptz[]) as gone (at) where gone.at = numbered.at)
    order by at)
where key = $1::bytea;

-- name: clean_tries
-- Keys whose last attempt was before $1.
delete from sign_in_tries where last_at <= $1::timestamptz;
