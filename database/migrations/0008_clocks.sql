-- The business calendar, and the clocks of conversations and tickets.

-- Every calendar that ever held, newest last; the newest one holds.
create table calendars (
    revision     bigint generated always as identity primary key,
    origin       text not null check (origin in ('file', 'desk')),
    document     jsonb not null,
    content_hash text not null,                       -- of the file's text, or of the document from the console
    author       uuid references accounts (id),       -- null: the file
    at           timestamptz not null
);

-- One row for every run of a clock; times are of the application's clock, amounts are open time in seconds.
create table clocks (
    id             bigint generated always as identity primary key,
    subject_kind   text not null check (subject_kind in ('conversation', 'ticket')),
    subject_id     uuid not null,
    kind           text not null check (kind in ('first_reply', 'next_reply', 'resolution')),
    level          text not null,
    tier           text,
    group_id       uuid,                              -- whose hours it goes by: the group at the start
    calendar       bigint not null default 0,         -- the calendar that due_at was reckoned with
    started_at     timestamptz not null,              -- what happened then; outside the hours it runs from opening on
    stints         timestamptz[] not null,            -- run, pause, run, …: an odd number of them means that it runs
    spent_seconds  double precision not null default 0,  -- in stints that were folded up
    target_seconds double precision not null,
    due_at         timestamptz,                       -- null while paused, or where nothing opens
    warn_at        timestamptz,
    next_at        timestamptz,                       -- when it has to be looked at next; null: never by itself
    paused_at      timestamptz,
    met_at         timestamptz,
    ended_at       timestamptz,                       -- over without having been met: closed, left the line
    warned_at      timestamptz,
    breached_at    timestamptz,
    escalations    text[] not null default '{}'       -- the rules that were carried out
);
create unique index clocks_open on clocks (subject_kind, subject_id, kind) where met_at is null and ended_at is null;
create index clocks_of_subject on clocks (subject_id);
create index clocks_next on clocks (next_at) where next_at is not null;
create index clocks_met on clocks (kind, met_at) where met_at is not null;

-- Who set a level by hand: rules do not change it any more.
alter table conversations add column level_by uuid references accounts (id);

-- Whether the bot alone settled a conversation (L1), decided once.
create table l1_verdicts (
    conversation_id uuid primary key,
    solved          boolean,                          -- null: not decided yet
    reason          text,                             -- confirmed, not_asked_again, asked_again, handed_off, unhelpful, unanswered
    seconds         double precision,                 -- from the first question to the last answer
    due_at          timestamptz,                      -- until then nobody knows whether it is asked again
    decided_at      timestamptz
);
create index l1_verdicts_due on l1_verdicts (due_at) where solved is null;
create index l1_verdicts_decided on l1_verdicts (decided_at) where solved is not null;
create index conversations_closed on conversations (closed_at) where state = 'closed';
create table l1_progress (
    only_row boolean primary key default true check (only_row),
    until    timestamptz not null
);
