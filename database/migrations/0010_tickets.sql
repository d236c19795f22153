-- Tickets grow up: fields, states, comments, history, links to conversations, watchers.

alter table tickets
    add column source         text not null default 'message_left',  -- what it was made from
    add column site           text not null default 'main',
    add column channel        text not null default 'web',
    add column title          text not null default '',      -- one line that the customer sees as well
    add column summary        text not null default '',      -- for colleagues only
    add column level          text not null default 'L2' check (level in ('L1', 'L2', 'L3')),
    add column category       text,                          -- both levels, 故障/甘特图
    add column tier           text,                          -- the customer's when it was made
    add column assignee       uuid references accounts (id),
    add column group_id       uuid references groups (id),   -- null: everybody's
    add column created_by     uuid references accounts (id), -- null: made by the customer or by a rule
    add column tracker_kind   text check (tracker_kind in ('zentao', 'tapd', 'jira', 'other')),
    add column tracker_number text,
    add column tracker_url    text,
    add column version        integer not null default 1,    -- grows with every change; its history has one row for each
    add column comment_count  integer not null default 0,    -- comments are numbered 1 to this, without gaps
    add column updated_at     timestamptz,
    add column first_reply_at timestamptz,                   -- the first public word of a colleague
    add column solved_at      timestamptz,                   -- while it counts as solved
    add column closes_at      timestamptz,                   -- when a solved one closes by itself
    add column closed_at      timestamptz,
    add column reopened_at    timestamptz,
    add column reopened       integer not null default 0,    -- how often
    add column merged_into    uuid references tickets (id),  -- the one that goes on in its place; never itself merged
    add column merged_at      timestamptz,
    add column confirmed_at   timestamptz;                   -- since when its customer calls it solved
update tickets set title = left(text, 80), updated_at = created_at;
alter table tickets
    alter column updated_at set not null,
    add check (status in ('new', 'open', 'waiting_customer', 'waiting_development', 'waiting_release', 'solved', 'closed')),
    add check ((tracker_kind is null) = (tracker_number is null)),
    add check (status <> 'solved' or (solved_at is not null and closes_at is not null)),
    add check (status <> 'closed' or closed_at is not null),
    add check (merged_into is null or status = 'closed');
create index tickets_of_customer on tickets (customer_id, id desc);
create index tickets_of_assignee on tickets (assignee, id desc) where assignee is not null;
create index tickets_of_group on tickets (group_id, id desc);
create index tickets_to_close on tickets (closes_at) where status = 'solved';
create index tickets_merged on tickets (merged_into) where merged_into is not null;

create table ticket_comments (
    ticket_id       uuid not null references tickets (id),
    number          integer not null,
    visibility      text not null check (visibility in ('public', 'internal')),
    actor_kind      text not null check (actor_kind in ('customer', 'agent', 'system')),
    actor_id        uuid,
    actor_name      text,
    text            text not null,                    -- empty where the message was taken back
    at              timestamptz not null,
    via             uuid references tickets (id),     -- of a customer: under whose number it was written, since merging
    conversation_id uuid,                             -- the message that it is, in the customer's thread
    seq             integer,
    primary key (ticket_id, number)
);
create index ticket_comments_of_message on ticket_comments (conversation_id, seq) where seq is not null;

-- What the customer of a duplicate reads of other tickets: of each that it went on in, the words after the merge.
create table ticket_merges (
    ticket_id uuid not null references tickets (id),
    into_id   uuid not null references tickets (id),
    said      integer not null,                              -- comments up to this number were there before
    primary key (ticket_id, into_id)
);

-- Every change with who made it: {field: [before, after]}. Append only.
create table ticket_history (
    ticket_id  uuid not null references tickets (id),
    version    integer not null,
    at         timestamptz not null,
    actor_kind text not null,
    actor_id   uuid,
    actor_name text,
    changes    jsonb not null,
    primary key (ticket_id, version)
);
create trigger ticket_history_is_append_only before update or delete on ticket_history
    for each row execute function refuse_change();
create trigger ticket_history_is_not_truncated before truncate on ticket_history
    for each statement execute function refuse_change();
insert into ticket_history (ticket_id, version, at, actor_kind, actor_id, changes)
select id, 1, created_at, 'customer', customer_id, '{"created": "message_left"}' from tickets;

-- Conversations that a ticket belongs to: made from, gone on in, or linked by hand.
create table ticket_conversations (
    ticket_id       uuid not null references tickets (id),
    conversation_id uuid not null,
    at              timestamptz not null,
    actor_kind      text not null,
    actor_id        uuid,
    primary key (ticket_id, conversation_id)
);
create index ticket_conversations_by_conversation on ticket_conversations (conversation_id);
insert into ticket_conversations (ticket_id, conversation_id, at, actor_kind, actor_id)
select id, conversation_id, created_at, 'customer', customer_id from tickets where conversation_id is not null;

-- Colleagues who want to hear of every change.
create table ticket_watchers (
    ticket_id  uuid not null references tickets (id),
    account_id uuid not null references accounts (id),
    at         timestamptz not null,
    primary key (ticket_id, account_id)
);
create index ticket_watchers_of_account on ticket_watchers (account_id);
