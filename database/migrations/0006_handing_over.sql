-- What a hand-off carries with it.

alter table conversations
    add column level      text not null default 'L1' check (level in ('L1', 'L2', 'L3')),  -- the bot, a human, a named one
    add column tier       text,                       -- the customer's at the hand-off, from what was signed or the CRM
    add column held_until timestamptz,                -- a promised time: until then silence is no fault of the agent's
    add column card       jsonb,                      -- the hand-over card, as the customer left it
    add column told       jsonb;                      -- what a waiting customer has been told about the wait
