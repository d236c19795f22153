-- name: share_snapshot
-- What another connection needs to see the same moment.
select pg_export_snapshot();

-- name: tables
-- Every table that holds rows.
select relname::text as name from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname;

-- name: rows_of
-- How many rows a table has; it is one of `tables`.
select (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I', $1::text), false, true, '')))[1]::text::bigint;

-- name: about
-- The server's version, the newest migration, the index version that is served, the size of the database.
select current_setting('server_version') as postgres, current_setting('server_version_num')::integer / 10000 as major,
       (select max(number) from schema_migrations) as migration, (select version from serving) as serving,
       pg_database_size(current_database()) as bytes;

-- name: uploads_stored
-- Files that people sent, as far as somebody may still read them.
select id, has_preview from uploads where stored_at is not null and removed_at is null;

-- name: archives_kept
-- Files of the archive.
select path, encode(sha256, 'hex') as sha256, bytes from archives where path is not null;

-- name: is_empty
-- Whether there is no table.
select not exists (select from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace);

-- name: others_connected
-- Servers that use this database now.
select count(*)::integer from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and application_name = 'yingda';

-- name: put_aside
-- What is here keeps until the backup has been brought back.
alter schema public rename to before_restore;

-- name: new_schema
-- Room for the backup.
create schema public;

-- name: drop_aside
-- It is not needed any more.
drop schema before_restore cascade;

-- name: drop_new
-- What was brought back in part goes again.
drop schema public cascade;

-- name: put_back
-- And what was here stands here again.
alter schema before_restore rename to public;

-- name: gaps_in_logs
-- Conversations whose log does not run from 1 to its end, the archive counted.
select count(*)::integer from conversations c
left join (select conversation_id, count(*) as n, max(seq) as last from events group by conversation_id) e
    on e.conversation_id = c.id
left join (select conversation_id, sum(last_seq - first_seq + 1) as n, max(last_seq) as last
           from archived_conversations group by conversation_id) a on a.conversation_id = c.id
where coalesce(e.n, 0) + coalesce(a.n, 0) <> c.last_seq or greatest(e.last, a.last, 0) <> c.last_seq;

-- name: gaps_in_notes
-- The same for notes.
select count(*)::integer from conversations c
left join (select conversation_id, count(*) as n, max(note_seq) as last from notes group by conversation_id) e
    on e.conversation_id = c.id
left join (select conversation_id, sum(last_note_seq - first_note_seq + 1) as n, max(last_note_seq) as last
           from archived_conversations where last_note_seq > 0 group by conversation_id) a on a.conversation_id = c.id
where coalesce(e.n, 0) + coalesce(a.n, 0) <> c.last_note_seq or greatest(e.last, a.last, 0) <> c.last_note_seq;

-- name: strays_in_logs
-- Events that belong to no conversation.
select count(*)::integer from events e where not exists (select from conversations c where c.id = e.conversation_id);

-- name: answers_before_questions
-- Answers to what stands behind them.
select count(*)::integer from events where reply_to_seq >= seq;
