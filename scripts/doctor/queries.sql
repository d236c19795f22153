-- name: server_time
-- The database's own time, as seconds since 1970.
select extract(epoch from clock_timestamp())::double precision;

-- name: server_version
-- As a number, e.g. 170010.
select current_setting('server_version_num')::integer;

-- name: database_size
-- In bytes.
select pg_database_size(current_database());

-- name: bloated_tables
-- Tables of which more than a share of the rows is dead, the worst first.
select relname::text as name, n_dead_tup as dead, n_live_tup as live
from pg_stat_user_tables
where n_dead_tup > 10000 and n_dead_tup > $1::double precision * n_live_tup
order by n_dead_tup desc limit 5;

-- name: long_transactions
-- Transactions of this database that have been open for more than so many seconds; never their text.
select pid, coalesce(application_name, '') as application,
       extract(epoch from clock_timestamp() - xact_start)::double precision as seconds
from pg_stat_activity
where datname = current_database() and xact_start is not null and backend_type = 'client backend'
  and clock_timestamp() - xact_start > make_interval(secs => $1::double precision)
order by xact_start limit 5;

-- name: transaction_age
-- How old the oldest transaction number of this database is; at 2.1 thousand million it stops.
select age(datfrozenxid)::bigint from pg_database where datname = current_database();

-- name: connections
-- How many connections there are and may be, over all databases of the server.
select (select count(*) from pg_stat_activity where backend_type = 'client backend')::integer as used,
       current_setting('max_connections')::integer as most;

-- name: partitions
-- The parts of the log; `high` is the first id behind a part.
select name, low, high, is_rest from events_partitions order by is_rest, low nulls first;

-- name: rows_in_rest
-- Whether events went where no part was made for them.
select exists (select from events_rest);

-- name: serving_index
-- The version that answers, the encoder it was built with, and whether a tuned encoder goes with it.
select v.version, v.encoder, v.encoder_hash, v.tuned_encoder, v.articles
from serving s join index_versions v on v.version = s.version;

-- name: replicas
-- Whether commits wait for a replica, and whether they are told not to.
select current_setting('synchronous_standby_names') <> '' as waits,
       current_setting('synchronous_commit') = 'local' as only_here;
