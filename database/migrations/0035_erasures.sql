-- Customers who asked that what is known of them is erased: who did it when, and how far it has come. No words, no names.
create table erasures (
    id            uuid primary key,
    customer_id   uuid not null unique references customers (id),
    asked_by      uuid references accounts (id),      -- null: the command line
    asked_at      timestamptz not null,
    claimed_until timestamptz,                        -- a process is at it; another one goes on from there
    conversations integer not null default 0,
    tickets       integer not null default 0,
    files         integer not null default 0,
    done_at       timestamptz                         -- nothing is left, in the database and in the store of files
);
create index erasures_open on erasures (asked_at) where done_at is null;

-- A ticket's history is never written anew; of an erased customer's only the words go.
create function refuse_other_history() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.changes = old.changes - 'title' - 'summary'
       and (new.ticket_id, new.version, new.at, new.actor_kind, new.actor_id, new.actor_name)
           is not distinct from (old.ticket_id, old.version, old.at, old.actor_kind, old.actor_id, old.actor_name) then
        return new;
    end if;
    raise exception 'the history of tickets is append only';
end
$$;
drop trigger ticket_history_is_append_only on ticket_history;
create trigger ticket_history_is_append_only before update or delete on ticket_history
    for each row execute function refuse_other_history();
