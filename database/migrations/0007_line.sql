-- The line: what a group takes and where it overflows, how long customers have been owed a word, offers let expire.

alter table groups
    add column topics    text[] not null default '{}',  -- “账单/退款”, or “账单” for all below it
    add column languages text[] not null default '{}',  -- zh-CN, en …; empty: any
    add column products  text[] not null default '{}',
    add column sites     text[] not null default '{}',
    add column overflow_to            uuid references groups (id),
    add column overflow_after_seconds integer check (overflow_after_seconds > 0),
    add constraint groups_overflow_elsewhere check (overflow_to <> id);

alter table presence
    add column missed_offers integer not null default 0,  -- that ran out one after another
    add column silences      integer not null default 0;  -- customers lost to silence since the last word

alter table conversations
    add column unanswered_since timestamptz,          -- the customer's oldest word to a human without an answer
    add column in_group_since   timestamptz,          -- since when it has waited in the line of this group
    add column asked_bot        uuid;                 -- the open question whether the bot may have it back

create index conversations_unanswered on conversations (unanswered_since)
    where state = 'human' and unanswered_since is not null;
create index conversations_offered on conversations (offer_expires_at) where state = 'waiting' and offered_to is not null;
create index conversations_pace on conversations (group_id, assigned_at) where assigned_at is not null;
create index conversations_meant on conversations (preferred_agent)
    where state = 'waiting' and preferred_agent is not null;
