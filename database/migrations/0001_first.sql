-- The first house: accounts, customers, conversations with their log, the waiting line, knowledge, audit.
-- Times come from the application's clock, ids are UUIDv7 made in Python. Floor: PostgreSQL 15.

-- Accounts and groups ---------------------------------------------------------------------------------------------

create table accounts (
    id            uuid primary key,
    username      text not null unique,
    password_hash text not null,
    name          text not null,                      -- the account's own name, for colleagues
    public_name   text not null,                      -- the name customers see (花名)
    staff_number  text,                               -- the number customers see (工号)
    roles         text[] not null,
    capacity      integer not null check (capacity >= 0),
    created_at    timestamptz not null,
    disabled_at   timestamptz
);

create table account_sessions (
    id            uuid primary key,
    account_id    uuid not null references accounts (id),
    refresh_hash  bytea not null,
    previous_hash bytea,                              -- still good for a few seconds after a rotation: tabs race
    rotated_at    timestamptz not null,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    ended_at      timestamptz
);
create index account_sessions_open on account_sessions (account_id) where ended_at is null;

create table groups (
    id             uuid primary key,
    name           text not null unique,
    assignment     text check (assignment in ('auto', 'offer', 'pick')),  -- null: as config.yaml says
    hours          jsonb,                             -- null: as config.yaml says
    is_default     boolean not null default false,
    dispatch_count bigint not null default 0,         -- every n-th dispatch goes to the longest waiter
    created_at     timestamptz not null
);
create unique index groups_one_default on groups (is_default) where is_default;

create table group_members (
    group_id   uuid not null references groups (id),
    account_id uuid not null references accounts (id),
    primary key (group_id, account_id)
);

create table presence (
    account_id       uuid primary key references accounts (id),
    status           text not null check (status in ('online', 'away', 'offline')),
    accepting        boolean not null,
    reason           text,
    changed_at       timestamptz not null,
    seen_at          timestamptz not null,            -- last sign of life of a socket of this agent
    last_assigned_at timestamptz
);

-- Customers -------------------------------------------------------------------------------------------------------

create table customers (
    id            uuid primary key,
    external_id   text unique,                        -- the signed identity's `sub`
    name_sealed   bytea,
    email_sealed  bytea,
    email_hash    bytea,                              -- keyed hash, for look-up
    phone_sealed  bytea,
    phone_hash    bytea,
    tier          text not null,
    company_id    text,
    company_name  text,
    attributes    jsonb not null default '{}',
    locale        text,
    created_at    timestamptz not null,
    seen_at       timestamptz not null,
    erased_at     timestamptz
);
create index customers_email on customers (email_hash) where email_hash is not null;
create index customers_phone on customers (phone_hash) where phone_hash is not null;

create table visitors (
    token_hash  bytea primary key,                    -- of the opaque token; the token itself is never stored
    customer_id uuid not null references customers (id),
    created_at  timestamptz not null,
    seen_at     timestamptz not null,
    revoked_at  timestamptz
);
create index visitors_customer on visitors (customer_id);

-- Conversations and their log -------------------------------------------------------------------------------------

create table conversations (
    id              uuid primary key,
    customer_id     uuid not null references customers (id),
    site            text not null,
    channel         text not null,
    state           text not null check (state in ('bot', 'waiting', 'human', 'closed')),
    reason          text,                             -- of the last change of state
    owner           uuid references accounts (id),
    version         integer not null default 1,       -- grows with every change of state or owner, and with nothing else
    last_seq        integer not null default 0,
    answered_seq    integer not null default 0,       -- questions up to here were answered or need no answer
    question_seq    integer not null default 0,       -- the newest question put to the bot; owed while > answered_seq
    last_note_seq   integer not null default 0,
    previous_id     uuid,
    preferred_agent uuid references accounts (id),
    locale          text,
    page            jsonb,
    misses          integer not null default 0,
    last_text       text not null default '',
    last_kind       text,                             -- who spoke last: customer, bot or agent
    agent_read_seq    integer not null default 0,
    customer_read_seq integer not null default 0,
    started_at      timestamptz not null,
    last_at         timestamptz not null,
    -- the line
    group_id        uuid references groups (id),
    handoff_reason  text,
    topic           text,
    joined_at       timestamptz,
    rank_at         timestamptz,                      -- joined_at minus the head start; '-infinity' for the head of the line
    head_start      jsonb not null default '[]',      -- its breakdown, for people to read
    shown_position  integer,                          -- the place shown last: a shown place never rises
    offered_to      uuid references accounts (id),
    offer_expires_at timestamptz,
    declined_by     uuid[] not null default '{}',
    -- the human part
    handed_off_at   timestamptz,
    assigned_at     timestamptz,
    first_reply_at  timestamptz,
    idle_warned_at  timestamptz,                      -- when the customer, silent since our last words, was asked
    -- the end
    closed_at       timestamptz,
    resolved        boolean,
    wrap_up         jsonb,
    check (state <> 'waiting' or (joined_at is not null and rank_at is not null and group_id is not null and owner is null)),
    check (state <> 'human' or owner is not null)
);
create unique index conversations_one_open on conversations (customer_id, site, channel) where state <> 'closed';
create index conversations_of_customer on conversations (customer_id, id desc);
create index conversations_line on conversations (group_id, rank_at, id) where state = 'waiting';
create index conversations_longest on conversations (group_id, joined_at, id) where state = 'waiting';
create index conversations_of_owner on conversations (owner) where state = 'human';
create index conversations_owed on conversations (last_at) where state = 'bot' and question_seq > answered_seq;
create index conversations_idle on conversations (last_at)
    where state = 'bot' or (state = 'human' and last_kind = 'agent');

-- No unique key without conversation_id and no foreign key pointing here: the table can be partitioned by ranges of it.
create table events (
    conversation_id uuid not null,
    seq             integer not null,
    kind            text not null,
    at              timestamptz not null,
    actor_kind      text not null check (actor_kind in ('customer', 'bot', 'agent', 'system')),
    actor_id        uuid,
    actor_name      text,
    reply_to_seq    integer,
    body            jsonb not null,
    primary key (conversation_id, seq)
);
create unique index events_one_answer on events (conversation_id, reply_to_seq)
    where kind = 'message' and actor_kind = 'bot' and reply_to_seq is not null;

create table notes (
    conversation_id uuid not null,
    note_seq        integer not null,
    after_seq       integer not null,
    kind            text not null,
    at              timestamptz not null,
    actor_kind      text not null,
    actor_id        uuid,
    actor_name      text,
    text            text not null,
    mentions        uuid[] not null default '{}',
    primary key (conversation_id, note_seq)
);

-- The same client_id gives the same answer as the first time, whatever happened meanwhile.
create table sends (
    sender          uuid not null,
    client_id       uuid not null,
    conversation_id uuid,
    answer          jsonb not null,
    at              timestamptz not null,
    primary key (sender, client_id)
);
create index sends_age on sends (at);

create table tickets (
    id              uuid primary key,
    number          text not null unique,
    customer_id     uuid not null references customers (id),
    conversation_id uuid,
    status          text not null,
    text            text not null,
    contact_sealed  bytea,
    created_at      timestamptz not null
);

create table counters (
    name  text primary key,
    value bigint not null
);

create table leases (
    name       text primary key,
    holder     uuid not null,
    epoch      bigint not null,
    expires_at timestamptz not null
);

-- Knowledge -------------------------------------------------------------------------------------------------------

create table articles (
    id         text primary key,
    origin     text not null check (origin in ('file', 'desk')),
    source     text,                                  -- the file it came from, relative to the imported folder
    revision   integer not null,                      -- the current one
    removed_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table article_revisions (
    article_id   text not null references articles (id),
    revision     integer not null,
    question     text not null,
    variants     text[] not null default '{}',
    answer       text not null,
    category     text,
    tags         text[] not null default '{}',
    locale       text not null,
    site         text,                                -- null: every site
    status       text not null check (status in ('draft', 'review', 'published', 'archived')),
    visibility   text not null check (visibility in ('public', 'internal')),
    audience     text[] not null default '{}',
    editions     text[] not null default '{}',
    valid_from   timestamptz,
    valid_to     timestamptz,
    pictures     jsonb not null default '[]',         -- [{name, path, sha256}]
    content_hash text not null,
    origin       text not null,
    author       text,
    at           timestamptz not null,
    primary key (article_id, revision)
);

create table index_versions (
    version       bigint primary key,
    status        text not null check (status in ('building', 'ready', 'failed')),
    encoder       text not null,
    encoder_hash  text not null,
    dimensions    integer not null,
    kind          text not null,                      -- exact or approximate
    calibration   jsonb not null,
    articles      integer not null,
    texts         integer not null,
    content_hash  text,                               -- over the folder's files
    note          text,
    created_at    timestamptz not null
);

create table index_entries (
    version    bigint not null references index_versions (version),
    article_id text not null,
    revision   integer not null,
    primary key (version, article_id),
    foreign key (article_id, revision) references article_revisions (article_id, revision)
);

create table serving (
    only_row   boolean primary key default true check (only_row),
    version    bigint references index_versions (version),
    changed_at timestamptz not null
);

-- Audit: append only ----------------------------------------------------------------------------------------------

create table audit (
    id           bigint generated always as identity primary key,
    at           timestamptz not null,
    actor_kind   text not null,
    actor_id     uuid,
    actor_name   text,
    action       text not null,
    subject_kind text not null,
    subject_id   text not null,
    detail       jsonb not null default '{}'
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append only';
end
$$;
create trigger audit_is_append_only before update or delete on audit for each row execute function refuse_change();
create trigger audit_is_not_truncated before truncate on audit for each statement execute function refuse_change();
