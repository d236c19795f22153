-- The editors' desk: drafts beside what is served, what became of them, releases that make articles stale, imports,
-- and what runs in a process of its own (reindex, replay, evaluation, a try).

create table article_drafts (
    article_id    text primary key,                   -- may name an article that is not there yet
    version       integer not null,                   -- grows with every save; a save names the one it has seen
    base_revision integer not null,                   -- what it began with; 0: a new article
    state         text not null check (state in ('draft', 'review')),
    content       jsonb not null,                     -- the fields of an article, as the editor has them
    task_ids      uuid[] not null default '{}',       -- learning tasks that are settled when it is published
    authors       uuid[] not null,                    -- everybody who wrote on it
    author_id     uuid not null,                      -- who saved last
    author        text not null,
    created_at    timestamptz not null,
    updated_at    timestamptz not null
);

-- What became of an article on its way, for people to read; never changed.
create table article_steps (
    id         uuid primary key,
    article_id text not null,
    step       text not null check (step in ('submitted', 'returned', 'published', 'discarded', 'archived', 'confirmed')),
    revision   integer,
    comment    text,
    actor_id   uuid,
    actor_name text not null,
    at         timestamptz not null
);
create index article_steps_of on article_steps (article_id, id desc);

alter table articles add column confirmed_at timestamptz;  -- somebody has read it and said that it still holds

-- Versions of the product: articles that were neither changed nor confirmed since are to be looked at again.
create table releases (
    id          uuid primary key,
    name        text not null,
    note        text,
    released_at timestamptz not null,
    site        text,                                 -- null: every site
    editions    text[] not null default '{}',         -- empty: every edition
    categories  text[] not null default '{}',         -- beginnings of categories; empty: all
    author      text not null,
    created_at  timestamptz not null
);

-- Files that were sent to be looked at; what is good in them is stored when an editor says so.
create table knowledge_imports (
    id         uuid primary key,
    name       text not null,
    content    bytea not null,
    author_id  uuid not null,
    created_at timestamptz not null,
    applied_at timestamptz
);

-- What runs in a process of its own; `result` may hold customers' words and goes with them by age.
create table knowledge_runs (
    id         uuid primary key,
    kind       text not null check (kind in ('reindex', 'replay', 'evaluation', 'try')),
    state      text not null check (state in ('waiting', 'running', 'done', 'refused', 'failed', 'stopped')),
    parameters jsonb not null,
    doing      text,
    done       integer,
    total      integer,
    result     jsonb,
    report     text,                                  -- a page of its own
    error      text,
    actor_id   uuid,
    actor_name text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    touched_at timestamptz not null,                  -- a sign of life of the process that works on it
    ended_at   timestamptz
);
create index knowledge_runs_newest on knowledge_runs (kind, id desc);
