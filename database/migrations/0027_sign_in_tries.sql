-- Attempts to sign in, counted over all processes; unlogged, since they matter for minutes only. Keys are keyed hashes.
create unlogged table sign_in_tries (
    key bytea primary key,
    tries timestamptz[] not null default '{}',
    last_at timestamptz not null
);
create index sign_in_tries_last on sign_in_tries (last_at);
