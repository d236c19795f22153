-- Words of conversations and tickets, for searching. `words` are pairs of Chinese characters, and words in letters and
-- figures, of everything said; `scope` says who may find a conversation, in the same index, so that a narrow scope stays
-- fast with common words. Whatever is missing here is read from the log again.

create table searchable_conversations (
    conversation_id uuid primary key,
    seq             integer not null,                 -- read up to here
    note_seq        integer not null,
    at              timestamptz not null,             -- of the newest word
    words           tsvector not null,
    scope           text[] not null
);
create index searchable_conversations_words on searchable_conversations using gin (words, scope);

create table searchable_tickets (
    ticket_id uuid primary key,
    version   integer not null,
    at        timestamptz not null,
    words     tsvector not null
);
create index searchable_tickets_words on searchable_tickets using gin (words);
create index tickets_updated on tickets (updated_at);
