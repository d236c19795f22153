-- What the embedding page tells about its visitor. Nothing of it is signed, so nothing of it decides anything.

create table customer_steps (
    id          uuid primary key,                     -- UUIDv7: the order of the steps
    customer_id uuid not null references customers (id),
    site        text not null,
    at          timestamptz not null,
    name        text not null,
    properties  jsonb not null,
    url         text
);
create index customer_steps_customer on customer_steps (customer_id, id);
create index customer_steps_at on customer_steps (at);

create table customer_attributes (
    customer_id uuid primary key references customers (id),
    attributes  jsonb not null,
    at          timestamptz not null
);
