-- Files that customers and agents send, and conversations that go on on another device.

create table uploads (
    id              uuid primary key,
    sender_kind     text not null check (sender_kind in ('customer', 'agent')),
    sender_id       uuid not null,                    -- the customer or the account; follows a customer who is joined
    client_id       uuid not null,                    -- the sender's own id for it: sent twice, stored once
    name            text not null,
    type            text not null,                    -- as found in its content
    bytes           bigint not null,
    width           integer,                          -- of a picture
    height          integer,
    has_preview     boolean not null default false,
    created_at      timestamptz not null,
    stored_at       timestamptz,                      -- null while its files are on their way
    claimed_by      uuid,                             -- the client id of the message that takes it
    conversation_id uuid,                             -- where it is used; no key: events are partitioned one day
    seq             integer,
    removed_at      timestamptz,                      -- its message is gone: nobody may read it, the files go next
    unique (sender_id, client_id)
);
create index uploads_sender on uploads (sender_id, created_at);
create index uploads_loose on uploads (created_at) where conversation_id is null;
create index uploads_used on uploads (conversation_id, seq) where conversation_id is not null;
create index uploads_removed on uploads (removed_at) where removed_at is not null;

-- A visitor token made for another device: it goes with the one that asked for it, and after a while by itself.
alter table visitors add column opened_by bytea references visitors (token_hash);
alter table visitors add column expires_at timestamptz;
create index visitors_opened_by on visitors (opened_by) where opened_by is not null;
create index visitors_expiring on visitors (expires_at) where expires_at is not null and revoked_at is null;

create table continuations (
    token_hash   bytea primary key,                   -- of the one-time token in the QR code
    visitor_hash bytea not null references visitors (token_hash),
    site         text not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    used_at      timestamptz
);
create index continuations_visitor on continuations (visitor_hash, created_at);
create index continuations_expiring on continuations (expires_at);
