-- A turn of the bot's changes no indexed column: its conversation's row stays on its page (a HOT update), where every
-- turn used to make a new entry in each index. What is looked for by time is found by the five minutes it lies in.
drop index conversations_owed;
drop index conversations_idle;
alter table conversations
    add column owes         boolean not null           -- the bot's answer to the newest question
        generated always as (state = 'bot' and question_seq > answered_seq) stored,
    add column last_spell   timestamptz not null       -- the beginning of the five minutes in which `last_at` lies
        generated always as (date_bin('5 minutes', last_at, timestamptz '2000-01-01 00:00+00')) stored;
create index conversations_owed on conversations (id) where owes;
create index conversations_idle on conversations (last_spell)
    where state = 'bot' or (state = 'human' and last_kind = 'agent');
alter table conversations set (fillfactor = 80);
