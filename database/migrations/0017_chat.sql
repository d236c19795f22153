-- Conversations that customers had mailed to themselves: only how often and to how many addresses, for the limits.

create table transcript_mails (
    id          uuid primary key,
    customer_id uuid not null,
    email_hash  bytea not null,                       -- keyed: the address itself is sealed in the notice
    at          timestamptz not null
);
create index transcript_mails_by_time on transcript_mails (at);
