-- When a customer who waits last had a page open: who stays away too long gives up the place.

create table pages_seen (
    customer_id uuid primary key references customers (id) on delete cascade,
    seen_at     timestamptz not null
);
