-- name: revision
-- The newest change; 0: none yet.
select coalesce(max(id), 0)::bigint from setting_changes;

-- name: in_force
-- The newest change of each key that is not back at its default.
select * from (select distinct on (key) * from setting_changes order by key, id desc) newest where value is not null;

-- name: lock_settings
-- One change at a time.
lock table setting_changes in share row exclusive mode;

-- name: add_change
-- A key with its new value; null: as config.yaml has it.
insert into setting_changes (key, value, old, at, by_id, by_name)
values ($1::text, $2::jsonb, $3::jsonb, $4::timestamptz, $5::uuid, $6::text);

-- name: history
-- The newest changes.
select * from setting_changes order by id desc limit $1::integer;

-- name: last_evaluation
-- The newest evaluation that came to its end, or the one under way ($1: its states).
select id, state, doing, done, total, error, created_at, ended_at, result from knowledge_runs
where kind = 'evaluation' and state = any($1::text[]) order by id desc limit 1;
