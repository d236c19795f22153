-- Companies as things of their own, customers who are joined, blocks, ratings, tasks.

create table companies (
    id              uuid primary key,
    external_id     text unique,                      -- the signed identity's `company.id`
    name            text not null,
    success_manager uuid references accounts (id),
    main_contact    uuid references customers (id),
    tier            text,                             -- by the CRM; a customer's is the higher of this and the signed one
    edition         text,
    product_version text,
    hosting         text check (hosting in ('cloud', 'private')),
    contract_start  date,
    contract_end    date,
    go_live_at      timestamptz,                      -- visits are planned from here
    tags            text[] not null default '{}',
    version         integer not null default 1,       -- grows with every change at the desk
    merged_into     uuid references companies (id),
    created_at      timestamptz not null,
    changed_at      timestamptz not null
);
create index companies_name on companies (lower(name));
create index companies_go_live on companies (go_live_at) where merged_into is null and go_live_at is not null;

-- A customer belongs to a company; what was signed so far becomes one.
alter table customers
    add column of_company      uuid references companies (id),
    add column tags            text[] not null default '{}',
    add column edition         text,
    add column product_version text,
    add column version         integer not null default 1,
    add column merged_into     uuid references customers (id),
    add column blocked_until   timestamptz;           -- of the block in force, if any

insert into companies (id, external_id, name, created_at, changed_at)
select gen_random_uuid(), company_id, coalesce(max(company_name), company_id), min(created_at), min(created_at)
from customers where company_id is not null group by company_id;
insert into companies (id, name, created_at, changed_at)
select gen_random_uuid(), c.company_name, min(c.created_at), min(c.created_at)
from customers c
where c.company_id is null and c.company_name is not null
  and not exists (select from companies k where k.name = c.company_name)
group by c.company_name;
update customers c set of_company = k.id
from companies k
where k.external_id = c.company_id;
update customers c set of_company = (select k.id from companies k where k.name = c.company_name order by k.id limit 1)
where c.company_id is null and c.company_name is not null;
alter table customers drop column company_id, drop column company_name;
alter table customers rename column of_company to company_id;
create index customers_of_company on customers (company_id) where company_id is not null;
create index customers_blocked on customers (blocked_until) where blocked_until is not null;

-- Words of colleagues about a customer or a company; never shown to customers.
create table profile_notes (
    id          uuid primary key,
    customer_id uuid references customers (id),
    company_id  uuid references companies (id),
    text        text not null,
    actor_id    uuid not null references accounts (id),
    actor_name  text not null,
    at          timestamptz not null,
    check ((customer_id is null) <> (company_id is null))
);
create index profile_notes_customer on profile_notes (customer_id, id) where customer_id is not null;
create index profile_notes_company on profile_notes (company_id, id) where company_id is not null;

create table blocks (
    id              uuid primary key,
    customer_id     uuid not null references customers (id),
    conversation_id uuid,                             -- where it happened
    reason          text not null,
    hours           integer not null check (hours > 0),
    state           text not null check (state in ('proposed', 'approved', 'refused', 'lifted')),
    proposed_by     uuid not null references accounts (id),
    proposed_at     timestamptz not null,
    decided_by      uuid references accounts (id),
    decided_at      timestamptz,
    ends_at         timestamptz,                      -- set when approved; it ends by itself
    check (state in ('proposed', 'refused') or ends_at is not null)
);
create index blocks_of_customer on blocks (customer_id, id desc);
create unique index blocks_one_proposal on blocks (customer_id) where state = 'proposed';

-- What a customer thinks of a conversation, or of a ticket that came of it; fed from the log in the same transaction.
create table ratings (
    conversation_id uuid not null,
    ticket          text not null default '',         -- the ticket's number; '' for the conversation itself
    customer_id     uuid not null references customers (id),
    agent_id        uuid references accounts (id),    -- who had it; null: the bot alone
    group_id        uuid,
    site            text not null,
    csat            smallint check (csat between 1 and 5),
    resolved        boolean,
    nps             smallint check (nps between 0 and 10),
    comment         text,
    first_at        timestamptz not null,
    at              timestamptz not null,
    primary key (conversation_id, ticket)
);
create index ratings_of_customer on ratings (customer_id, agent_id, at desc);
create index ratings_age on ratings (at);

-- Whom we asked how likely they are to recommend us, and when: 90 days apart.
create table surveys (
    customer_id     uuid primary key references customers (id),
    conversation_id uuid not null,
    asked_at        timestamptz not null,
    answered_at     timestamptz
);

-- What somebody has to do at a time.
create table tasks (
    id              uuid primary key,
    key             text unique,                      -- makes a repeat harmless, e.g. "visit:<company>:7"
    kind            text not null check (kind in ('follow_up', 'visit', 'call_back', 'other')),
    state           text not null check (state in ('open', 'done', 'cancelled')),
    due_at          timestamptz not null,
    assignee        uuid references accounts (id),
    group_id        uuid references groups (id),
    customer_id     uuid references customers (id),
    company_id      uuid references companies (id),
    conversation_id uuid,
    text            text not null,
    contact_sealed  bytea,
    outcome         text check (outcome in ('reached', 'not_reached', 'solved', 'wants_more', 'other')),
    outcome_text    text,
    version         integer not null default 1,
    remind_at       timestamptz,                      -- the next reminder; null: given, or none is due any more
    overdue_at      timestamptz,                      -- when supervisors hear of it; null: they have, or never will
    created_by      uuid references accounts (id),
    created_at      timestamptz not null,
    ended_by        uuid references accounts (id),
    ended_at        timestamptz,
    check (state <> 'done' or outcome is not null)
);
create index tasks_order on tasks (due_at, id) where state = 'open';
create index tasks_of_assignee on tasks (assignee, due_at) where state = 'open';
create index tasks_of_customer on tasks (customer_id) where customer_id is not null;
create index tasks_of_company on tasks (company_id) where company_id is not null;
create index tasks_remind on tasks (remind_at) where state = 'open' and remind_at is not null;
create index tasks_overdue on tasks (overdue_at) where state = 'open' and overdue_at is not null;
