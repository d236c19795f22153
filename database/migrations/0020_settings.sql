-- Settings that were changed at the desk and go over config.yaml. The newest row of a key holds; null: as config.yaml has it.
create table setting_changes (
    id      bigint generated always as identity primary key,
    key     text not null,                            -- bot.answer_at
    value   jsonb,
    old     jsonb,                                    -- what held before, from wherever
    at      timestamptz not null,
    by_id   uuid not null references accounts (id),
    by_name text not null
);
create index setting_changes_of_key on setting_changes (key, id desc);
