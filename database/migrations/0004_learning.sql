-- Learning from use: labelled pairs, tasks for editors, and what an index version has learnt.

-- The customer's messages that one message of the bot replies to; a choice among options is no question.
create function question_seqs(conversation uuid, reply_to integer) returns integer[] language sql stable as $$
    select coalesce(array_agg(m.seq order by m.seq), '{}')
    from events m
    where m.conversation_id = conversation and m.kind = 'message' and m.actor_kind = 'customer'
      and m.seq <= reply_to and not m.body ? 'option_id'
      and m.seq > coalesce((select max(b.reply_to_seq) from events b
                            where b.conversation_id = conversation and b.kind = 'message' and b.actor_kind = 'bot'
                              and b.reply_to_seq < reply_to), 0)
$$;

-- The question behind an answer of the bot: for an option that was taken, the one that the options were offered for.
create function asked_seqs(conversation uuid, answer integer) returns integer[] language sql stable as $$
    select question_seqs(conversation, coalesce(
        case when a.body ->> 'reason' = 'chosen' then (
            select o.reply_to_seq from events o
            where o.conversation_id = conversation and o.seq < answer and o.kind = 'message' and o.actor_kind = 'bot'
              and jsonb_array_length(o.body -> 'options') > 0
            order by o.seq desc limit 1)
        end, a.reply_to_seq))
    from events a where a.conversation_id = conversation and a.seq = answer
$$;

-- What was asked, as it stands in the log now; null where it was taken back or erased.
create function question_text(conversation uuid, seqs integer[]) returns text language sql stable as $$
    select nullif(string_agg(m.body ->> 'text', ' ' order by m.seq), '')
    from events m
    where m.conversation_id = conversation and m.seq = any(seqs) and not m.body ? 'redacted' and m.body ->> 'text' <> ''
$$;

-- One piece of evidence whether an article answers a question. Customers' words stay in the log: a pair names their
-- places, so that taking back and erasing reach it.
create table learning_pairs (
    id              uuid primary key,
    source          text not null
                    check (source in ('rating', 'option', 'none_fits', 'agent', 'solved', 'flag', 'editor')),
    conversation_id uuid,
    question_seqs   integer[],                        -- the messages of the question
    question        text,                             -- as an editor typed it, where it stands in no conversation
    answer_seq      integer,                          -- the bot's message that this is about
    evidence_seq    integer,                          -- the event that says so
    reply_seq       integer,                          -- the agent's message that answered it
    article_id      text,                             -- null: no article does
    revision        integer,                          -- of the article, as it was answered with
    index_version   bigint,
    is_right        boolean not null,
    weight          double precision not null check (weight > 0.5 and weight < 1),  -- probability that this is true
    task_id         uuid,
    actor_kind      text not null,
    actor_id        uuid,
    at              timestamptz not null,
    dismissed_at    timestamptz,                      -- an editor said that it teaches nothing
    check ((question is null) <> (conversation_id is null)),
    unique nulls not distinct (source, conversation_id, question_seqs, question, article_id, reply_seq)
);
create index learning_pairs_evidence on learning_pairs (conversation_id, evidence_seq);
create index learning_pairs_task on learning_pairs (task_id) where task_id is not null;

-- What an editor should look at: an answer that an agent called wrong, a question that the bot had no answer for.
create table learning_tasks (
    id              uuid primary key,
    kind            text not null check (kind in ('flagged', 'unanswered')),
    conversation_id uuid not null,
    question_seqs   integer[] not null,
    question_key    bytea not null,                   -- hash of the normalised question: equal ones are one task to people
    answer_seq      integer not null,                 -- the bot's message
    reply_seq       integer,                          -- what an agent answered later
    article_id      text,                             -- what the bot answered with
    proposed_id     text,                             -- the article that the agent thinks right
    comment         text,
    actor_kind      text not null,
    actor_id        uuid,
    at              timestamptz not null,
    outcome         text check (outcome in ('article', 'nobodys', 'dismissed')),  -- null: open
    outcome_id      text,                             -- the article that the editor chose
    resolved_by     uuid,
    resolved_at     timestamptz,
    unique (kind, conversation_id, answer_seq)
);
create index learning_tasks_open on learning_tasks (kind, question_key) where outcome is null;

-- Up to when the log was read.
create table learning_progress (
    only_row boolean primary key default true check (only_row),
    until    timestamptz not null
);
create index events_that_teach on events (at)
    where kind = 'rating'
       or (kind = 'state' and body ->> 'state' = 'closed')
       or (kind = 'message' and actor_kind = 'customer' and body ->> 'option_id' = 'none_of_these')
       or (kind = 'message' and actor_kind = 'bot'
           and body ->> 'reason' in ('chosen', 'none_fits', 'no_answer', 'repeated_miss', 'low_confidence', 'solved'));

-- Lessons that a training promoted; index versions share a set until the next training.
create table lesson_sets (
    id         bigint generated always as identity primary key,
    figures    jsonb not null,                        -- the comparison that promoted it
    created_at timestamptz not null
);
create table lessons (
    set_id          bigint not null references lesson_sets (id),
    place           integer not null,
    conversation_id uuid,
    question_seqs   integer[],
    question        text,
    article_id      text,
    is_right        boolean not null,
    primary key (set_id, place)
);
alter table index_versions
    add column lesson_set bigint references lesson_sets (id),  -- null: nothing but the articles
    add column tuned_encoder text,                    -- folder below <data dir>/encoders; null: the configured encoder
    add column base_encoder_hash text;                -- the configured encoder that it was tuned from
