-- The statements of the migrations.

-- name: unlimited_time
-- A migration may take as long as it needs, whatever the server's default is.
set statement_timeout = 0

-- name: lock
-- Only one process migrates at a time; the lock ends with the connection.
select pg_advisory_lock($1::bigint)

-- name: create_table
-- What has been applied; the only table that no migration makes.
create table if not exists schema_migrations (
    number     integer primary key,
    name       text not null,
    sha256     text not null,
    applied_at timestamptz not null
)

-- name: applied
-- All applied migrations with the hash of the text that was applied.
select number, sha256 from schema_migrations order by number

-- name: record
-- Writes down that a migration was applied.
insert into schema_migrations (number, name, sha256, applied_at) values ($1::integer, $2::text, $3::text, $4::timestamptz)
