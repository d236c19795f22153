-- name: account_by_id
-- One account with its groups.
select a.id, a.username, a.name, a.public_name, a.staff_number, a.portrait, a.roles, a.capacity, a.created_at, a.disabled_at,
       array(select m.group_id from group_members m where m.account_id = a.id order by m.group_id) as group_ids
from accounts a
where a.id = $1::uuid;

-- name: account_by_username
-- One account with its groups and its password hash, for signing in and for the command line.
select a.id, a.username, a.name, a.public_name, a.staff_number, a.portrait, a.roles, a.capacity, a.created_at, a.disabled_at,
       a.password_hash,
       array(select m.group_id from group_members m where m.account_id = a.id order by m.group_id) as group_ids
from accounts a
where a.username = $1::text;

-- name: accounts_page
-- Accounts in the order of their creation, after a cursor; with the presence of each.
select a.id, a.username, a.name, a.public_name, a.staff_number, a.portrait, a.roles, a.capacity, a.created_at, a.disabled_at,
       array(select m.group_id from group_members m where m.account_id = a.id order by m.group_id) as group_ids,
       coalesce(p.status, 'offline') as status, coalesce(p.accepting, false) as accepting, p.reason,
       p.changed_at, p.seen_at
from accounts a
left join presence p on p.account_id = a.id
where ($1::uuid is null or a.id > $1::uuid)
  and ($2::boolean or a.disabled_at is null)
order by a.id
limit $3::integer;

-- name: insert_account
-- A new account; no row where the user name is taken.
insert into accounts (id, username, password_hash, name, public_name, staff_number, roles, capacity, created_at)
values ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text[], $8::integer, $9::timestamptz)
on conflict (username) do nothing
returning id;

-- name: lock_account
-- Take the account's row, so that two changes of it follow each other.
select id from accounts where id = $1::uuid for update;

-- name: update_account
-- Write the changed account.
update accounts
set name = $2::text, public_name = $3::text, staff_number = $4::text, roles = $5::text[], capacity = $6::integer,
    disabled_at = $7::timestamptz
where id = $1::uuid;

-- name: set_password
-- A new password hash.
update accounts set password_hash = $2::text where id = $1::uuid;

-- name: renew_password_hash
-- The same password hashed with today's parameters, unless it was changed meanwhile.
update accounts set password_hash = $3::text where id = $1::uuid and password_hash = $2::text returning id;

-- name: lock_administration
-- One change of who administrates at a time: the last administrator cannot be lost to a race, the first one not made twice.
select pg_advisory_xact_lock(hashtextextended('yingda administration', 0));

-- name: other_admins
-- How many enabled administrators there are beside this account.
select count(*) from accounts where 'admin' = any (roles) and disabled_at is null and id <> $1::uuid;

-- name: any_admin
-- Whether there ever was an administrator.
select exists (select from accounts where 'admin' = any (roles) or username = 'admin');

-- name: clear_memberships
-- Leave all groups.
delete from group_members where account_id = $1::uuid;

-- name: join_groups
-- Become a member of these groups.
insert into group_members (group_id, account_id)
select unnest($2::uuid[]), $1::uuid
on conflict do nothing;

-- name: insert_session
-- A new session with the hash of its first refresh token.
insert into account_sessions (id, account_id, refresh_hash, rotated_at, created_at, expires_at)
values ($1::uuid, $2::uuid, $3::bytea, $4::timestamptz, $4::timestamptz, $5::timestamptz);

-- name: lock_session
-- A session for rotating its refresh token; racing tabs follow each other here.
select s.id, s.account_id, s.refresh_hash, s.previous_hash, s.rotated_at, s.expires_at, s.ended_at, a.disabled_at
from account_sessions s
join accounts a on a.id = s.account_id
where s.id = $1::uuid
for update of s;

-- name: rotate_session
-- The next refresh token takes over, the last one stays good for a few seconds.
update account_sessions
set previous_hash = refresh_hash, refresh_hash = $2::bytea, rotated_at = $3::timestamptz, expires_at = $4::timestamptz
where id = $1::uuid;

-- name: end_session
-- End one session; no row where it had ended.
update account_sessions set ended_at = $2::timestamptz where id = $1::uuid and ended_at is null returning account_id;

-- name: end_sessions_of
-- End all sessions of an account.
update account_sessions set ended_at = $2::timestamptz where account_id = $1::uuid and ended_at is null returning id;

-- name: signed
-- The account behind a living session; no row where the session ended or expired or the account is disabled.
select a.id, a.username, a.name, a.public_name, a.staff_number, a.portrait, a.roles, a.capacity, a.created_at, a.disabled_at,
       array(select m.group_id from group_members m where m.account_id = a.id order by m.group_id) as group_ids
from account_sessions s
join accounts a on a.id = s.account_id
where s.id = $1::uuid and s.account_id = $2::uuid
  and s.ended_at is null and s.expires_at > $3::timestamptz and a.disabled_at is null;

-- name: accounts_behind
-- The accounts, as they are now, behind those of these sessions that still live.
select s.id as session_id,
       a.id, a.username, a.name, a.public_name, a.staff_number, a.portrait, a.roles, a.capacity, a.created_at, a.disabled_at,
       array(select m.group_id from group_members m where m.account_id = a.id order by m.group_id) as group_ids
from account_sessions s
join accounts a on a.id = s.account_id
where s.id = any ($1::uuid[])
  and s.ended_at is null and s.expires_at > $2::timestamptz and a.disabled_at is null;

-- name: groups
-- All groups with their members who can sign in.
select g.id, g.name, g.assignment, g.hours, g.is_default, g.created_at, g.topics, g.languages, g.products, g.sites,
       g.overflow_to, g.overflow_after_seconds,
       array(select m.account_id from group_members m join accounts a on a.id = m.account_id
             where m.group_id = g.id and a.disabled_at is null order by m.account_id) as member_ids
from groups g
where ($1::uuid is null or g.id = $1::uuid)
order by g.id;

-- name: group_by_name
-- The id of the group with this name.
select id from groups where name = $1::text;

-- name: known_groups
-- Which of these groups exist.
select id from groups where id = any ($1::uuid[]);

-- name: default_group
-- The id of the default group.
select id from groups where is_default;

-- name: insert_group
-- A new group; no row where the name is taken.
insert into groups (id, name, assignment, hours, is_default, created_at)
values ($1::uuid, $2::text, $3::text, $4::jsonb, $5::boolean, $6::timestamptz)
on conflict (name) do nothing
returning id;

-- name: lock_group
-- Take the group's row, so that two changes of it follow each other.
select id from groups where id = $1::uuid for update;

-- name: update_group
-- Write the changed group.
update groups set name = $2::text, assignment = $3::text, hours = $4::jsonb where id = $1::uuid;

-- name: set_skills
-- What a group takes.
update groups set topics = $2::text[], languages = $3::text[], products = $4::text[], sites = $5::text[]
where id = $1::uuid;

-- name: set_overflow
-- Where a group overflows to, and after which wait.
update groups set overflow_to = $2::uuid, overflow_after_seconds = $3::integer where id = $1::uuid;

-- name: overflows
-- Every group that overflows, and where to.
select id, overflow_to from groups where overflow_to is not null;

-- name: clear_default_group
-- No group is the default one, for the moment of a change.
update groups set is_default = false where is_default;

-- name: make_default_group
-- This group is the default one.
update groups set is_default = true where id = $1::uuid;

-- name: known_accounts
-- Which of these accounts exist.
select id from accounts where id = any ($1::uuid[]);

-- name: clear_members
-- Empty a group.
delete from group_members where group_id = $1::uuid;

-- name: add_members
-- Make these accounts members of a group.
insert into group_members (group_id, account_id)
select $1::uuid, unnest($2::uuid[])
on conflict do nothing;

-- name: set_presence
-- What the agent says of themself.
insert into presence (account_id, status, accepting, reason, changed_at, seen_at)
values ($1::uuid, $2::text, $3::boolean, $4::text, $5::timestamptz, $5::timestamptz)
on conflict (account_id) do update
set status = excluded.status, accepting = excluded.accepting, reason = excluded.reason,
    changed_at = excluded.changed_at, seen_at = excluded.seen_at, missed_offers = 0, silences = 0;

-- name: set_presence_of
-- What a supervisor says of somebody; no sign of life of theirs.
insert into presence (account_id, status, accepting, reason, changed_at, seen_at)
values ($1::uuid, $2::text, $3::boolean, $4::text, $5::timestamptz, $5::timestamptz)
on conflict (account_id) do update
set status = excluded.status, accepting = excluded.accepting, reason = excluded.reason,
    changed_at = excluded.changed_at, missed_offers = 0, silences = 0;

-- name: keep_silent
-- One more customer that an agent lost to silence; whoever is online and lost so many ($2) is away from now on.
update presence
set silences = silences + 1,
    status = case when status = 'online' and silences + 1 >= $2::integer then 'away' else status end,
    accepting = accepting and silences + 1 < $2::integer,
    reason = case when status = 'online' and silences + 1 >= $2::integer then 'silent' else reason end,
    changed_at = case when status = 'online' and silences + 1 >= $2::integer then $3::timestamptz else changed_at end
where account_id = $1::uuid
returning status = 'away' and reason = 'silent' and silences = $2::integer as set_away;

-- name: miss_offer
-- One more offer that an agent let run out; whoever is online and has missed so many ($2) is away from now on.
update presence
set missed_offers = missed_offers + 1,
    status = case when status = 'online' and missed_offers + 1 >= $2::integer then 'away' else status end,
    accepting = accepting and missed_offers + 1 < $2::integer,
    reason = case when status = 'online' and missed_offers + 1 >= $2::integer then 'missed_offers' else reason end,
    changed_at = case when status = 'online' and missed_offers + 1 >= $2::integer then $3::timestamptz else changed_at end
where account_id = $1::uuid
returning status = 'away' and reason = 'missed_offers' and missed_offers = $2::integer as set_away;

-- name: set_capacity
-- How many conversations the agent takes at once.
update accounts set capacity = $2::integer where id = $1::uuid;

-- name: heartbeat
-- A sign of life of these agents' sockets; who never said anything about themselves is offline.
insert into presence (account_id, status, accepting, changed_at, seen_at)
select id, 'offline', false, $2::timestamptz, $2::timestamptz from unnest($1::uuid[]) as id order by id
on conflict (account_id) do update set seen_at = excluded.seen_at, left_at = null;

-- name: arrive
-- An agent's page connects: what they said of themselves holds unless their last sign of life is older than $3.
insert into presence as p (account_id, status, accepting, changed_at, seen_at)
values ($1::uuid, 'offline', false, $2::timestamptz, $2::timestamptz)
on conflict (account_id) do update
set status = case when p.seen_at < $3::timestamptz then excluded.status else p.status end,
    accepting = case when p.seen_at < $3::timestamptz then excluded.accepting else p.accepting end,
    reason = case when p.seen_at < $3::timestamptz then null else p.reason end,
    changed_at = case when p.seen_at < $3::timestamptz then excluded.changed_at else p.changed_at end,
    seen_at = excluded.seen_at, left_at = null;

-- name: lost_sight
-- An agent's last socket is gone; that it went is its last sign of life.
update presence set seen_at = $2::timestamptz, left_at = $2::timestamptz where account_id = $1::uuid;

-- name: presence_of
-- One agent's presence and capacity.
select a.id as account_id, coalesce(p.status, 'offline') as status, coalesce(p.accepting, false) as accepting,
       p.reason, a.capacity, p.changed_at, p.seen_at
from accounts a
left join presence p on p.account_id = a.id
where a.id = $1::uuid;

-- name: keep_portrait
-- A picture of a colleague; the same one again is the same.
insert into portraits (name, account_id, webp, at)
values ($1::text, $2::uuid, $3::bytea, $4::timestamptz)
on conflict (name) do update set account_id = excluded.account_id;

-- name: set_portrait
-- Which picture is shown of an account; null: none.
update accounts set portrait = $2::text where id = $1::uuid;

-- name: forget_portraits
-- No picture of this account is left.
delete from portraits where account_id = $1::uuid;

-- name: portrait
-- One picture.
select webp from portraits where name = $1::text;
