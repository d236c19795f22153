-- Promises (承诺追踪): what an agent said would happen, by when; the words stay in the log.

create table promises (
    id              uuid primary key,
    conversation_id uuid not null,
    seq             integer not null,                 -- the agent's message
    from_char       integer not null,                 -- the sentence within it, in characters
    chars           integer not null,
    ticket          text,                             -- the number of the ticket that the message belongs to
    owner           uuid not null references accounts (id),  -- who promised
    state           text not null check (state in ('proposed', 'open', 'kept', 'dismissed')),
    chance          real,                             -- that it is a promise; null: written down by hand
    is_dated        boolean not null,                 -- the words themselves named the time
    due_at          timestamptz not null,
    stage           smallint not null default 0,      -- told so far: 1 reminded, 2 due, 3 broken
    next_at         timestamptz,                      -- when something is to be told next; null: nothing
    answered_seq    integer,                          -- what may have kept it: a later answer to this customer
    answered_at     timestamptz,
    created_at      timestamptz not null,
    confirmed_at    timestamptz,
    broken_at       timestamptz,                      -- stays, also where it is kept late
    settled_at      timestamptz,                      -- kept or dismissed
    settled_by      uuid references accounts (id),
    unique (conversation_id, seq),
    check ((state in ('kept', 'dismissed')) = (settled_at is not null)),
    check (next_at is null or state in ('proposed', 'open'))
);
create index promises_next on promises (next_at) where next_at is not null;
create index promises_of_owner on promises (owner, due_at, id) where state in ('proposed', 'open');
create index promises_of_state on promises (state, due_at, id);
