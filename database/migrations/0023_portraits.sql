-- Pictures of colleagues, as customers see them beside their public names.

-- Square and small. A log that names one keeps it, also after a newer one; taken away, it is gone everywhere.
create table portraits (
    name       text primary key,                      -- of its content
    account_id uuid not null references accounts (id),
    webp       bytea not null,
    at         timestamptz not null
);
create index portraits_of_account on portraits (account_id);

alter table accounts add column portrait text;        -- the one shown now
