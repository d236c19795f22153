-- Lists of the newest conversations that read as many rows as they show, however narrow the reader's view.

create index conversations_of_group on conversations (group_id, id);
create index conversations_ever_of_owner on conversations (owner, id) where owner is not null;
create index conversations_open on conversations (state, id) where state <> 'closed';

-- Who went into whom, and what a customer can be known by, without walking through all of them.
create index customers_merged on customers (merged_into) where merged_into is not null;

-- The newest figures of clocks that were met.
create index clocks_met_at on clocks (met_at) where met_at is not null and next_at is null;

-- Solved cases: the newest of an encoder, and those of one conversation.
create index solved_cases_newest on solved_cases (encoder, solved_at) where ticket_id is null;
create index solved_cases_of_conversation on solved_cases (conversation_id);
