-- name: newest_calendar
-- The calendar that holds, and who made it.
select c.revision, c.origin, c.document, c.at, a.name as author
from calendars c left join accounts a on a.id = c.author
order by c.revision desc limit 1;

-- name: lock_calendars
-- One change at a time; held until the transaction ends.
select pg_advisory_xact_lock(hashtext('calendars'));

-- name: newest_file_hash
-- What the file held when it was taken over last.
select content_hash from calendars where origin = 'file' order by revision desc limit 1;

-- name: add_calendar
-- A calendar that holds from now on.
insert into calendars (origin, document, content_hash, author, at)
values ($1::text, $2::jsonb, $3::text, $4::uuid, $5::timestamptz) returning revision;

-- name: group_hours
-- Every group with the hours that were set with it.
select id, name, hours from groups order by id;

-- name: accounts_named
-- The accounts behind names, for telling those on call.
select id, username from accounts where username = any($1::text[]) and disabled_at is null;
