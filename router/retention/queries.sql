-- name: partitions
-- The parts of the log, the oldest first; the rest last.
select name, low, high, is_rest from events_partitions order by is_rest, low nulls first;

-- name: oldest_in_rest
-- The oldest id that has come into the rest since the part of its month was due ($1: before what is ahead).
select conversation_id from events_rest where conversation_id < $1::uuid order by conversation_id limit 1;

-- name: add_partition
-- A part for a range, with what the rest holds of it; false where it is there.
select add_events_partition($1::text, $2::uuid, $3::uuid);

-- name: wait_briefly
-- Whoever writes goes first: a new part can wait for the next tick.
set local lock_timeout = '2s';
