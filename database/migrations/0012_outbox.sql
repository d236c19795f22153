-- Notifications that leave the house: recorded with the change that they tell of, then made into deliveries, one for each
-- channel and recipient; see router/notifications/.

-- What is to be told. What it says and a free address are sealed, and emptied some days after the last delivery.
create table notices (
    id             uuid primary key,
    position       bigint generated always as identity,  -- the order in which they are told
    key            text not null unique,              -- a repeat of the same notice stores nothing
    kind           text not null,
    recipient_kind text not null
        check (recipient_kind in ('customer', 'staff', 'supervisors', 'members', 'address', 'integrators')),
    recipient_id   uuid,                              -- a customer, an account, or a group's supervisors or members
    sealed         bytea,                             -- variables of the template, and a free address; null: emptied
    at             timestamptz not null,
    due_at         timestamptz not null,              -- not told before
    spread_at      timestamptz,                       -- when its deliveries were made; null: still to do
    trouble        text                               -- why no delivery could be made of it
);
create index notices_to_spread on notices (due_at, position) where spread_at is null;
create index notices_in_trouble on notices (position) where trouble is not null;
create index notices_to_empty on notices (spread_at) where sealed is not null and spread_at is not null;

-- One message over one channel to one recipient. Its id travels with it (Message-ID, webhook-id), so that a receiver knows
-- a repeat. In one lane, which is a channel and a recipient, they go one after the other.
create table deliveries (
    id             uuid primary key,
    position       bigint generated always as identity,
    notice_id      uuid not null references notices (id) on delete cascade,
    channel        text not null check (channel in ('mail', 'sms', 'robot', 'webhook')),
    endpoint       text not null,                     -- what fails together: the mail server, one robot, one webhook
    lane           bytea not null,                    -- keyed hash of channel and recipient
    thread         text,                              -- of mails: what they are about
    address_sealed bytea,
    locale         text not null,
    state          text not null check (state in ('pending', 'sending', 'sent', 'failed', 'dead')),
    tries          integer not null default 0,
    made_at        timestamptz not null,
    due_at         timestamptz not null,              -- not tried before
    lease_until    timestamptz,                       -- of the process that is sending it
    holder         uuid,
    ended_at       timestamptz,                       -- sent or given up
    trouble        text,                              -- of the last try; never an address or a text
    check ((state = 'sending') = (lease_until is not null))
);
create index deliveries_open on deliveries (endpoint, due_at, position) where state in ('pending', 'failed');
create index deliveries_of_lane on deliveries (lane, position) where state in ('pending', 'failed', 'sending');
create index deliveries_sending on deliveries (lease_until) where state = 'sending';
create index deliveries_dead on deliveries (position) where state = 'dead';
create index deliveries_of_thread on deliveries (lane, thread, position) where channel = 'mail' and thread is not null;
create index deliveries_of_notice on deliveries (notice_id);

-- What is known of each mail server, gateway, robot and webhook: whether it works, and since when not.
create table delivery_endpoints (
    name            text primary key,
    channel         text not null,
    failures        integer not null default 0,       -- in a row
    failing_since   timestamptz,
    closed_until    timestamptz,                      -- nothing is tried before; then one at a time
    next_at         timestamptz,                      -- nothing before, since the receiver limits how often
    last_success_at timestamptz,
    last_failure_at timestamptz,
    last_failure    text,
    told_at         timestamptz                       -- when somebody was told that it does not work
);

-- Addresses of other systems that want to hear what happens (Standard Webhooks).
create table webhooks (
    id                  uuid primary key,
    url                 text not null,
    events              text[] not null,              -- conversation.*, ticket.created …
    description         text not null default '',
    secret_sealed       bytea not null,
    old_secret_sealed   bytea,                        -- signs beside the new one for a day after a change
    old_secret_until    timestamptz,
    created_at          timestamptz not null,
    disabled_at         timestamptz,
    disabled_reason     text
);

-- Where the people of the desk are reached outside of the console.
create table account_contacts (
    account_id   uuid primary key references accounts (id),
    email_sealed bytea,
    phone_sealed bytea,
    locale       text not null default 'zh-CN'
);

-- Agents' replies that a customer may not have seen: told outside once the customer stays away.
create table unseen_replies (
    conversation_id uuid primary key,
    customer_id     uuid not null,
    first_seq       integer not null,
    last_seq        integer not null,
    noted_at        timestamptz not null,             -- when the first of them was written
    away_since      timestamptz,                      -- no page of the customer was seen since
    due_at          timestamptz not null              -- when somebody looks again
);
create index unseen_replies_due on unseen_replies (due_at);

-- Customers who asked for no more mail, as the keyed hash of the address.
create table mail_refusals (
    email_hash bytea primary key,
    at         timestamptz not null
);
