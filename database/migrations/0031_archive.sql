-- The archive: old, closed conversations leave the log for compressed files. Each conversation in them is sealed with a
-- key of its own that stands here alone: without it nobody reads it again, wherever copies of the file are.

create table archives (
    id            uuid primary key,
    part          text not null,                      -- of the log
    path          text,                               -- of the file; null: it is gone
    bytes         bigint not null,
    sha256        bytea not null,
    conversations integer not null,
    events        integer not null,
    notes         integer not null,
    made_at       timestamptz not null,
    emptied_at    timestamptz                         -- when the file was taken away for good
);

create table archived_conversations (
    conversation_id uuid not null,
    first_seq       integer not null,                 -- of its events in the file
    last_seq        integer not null,
    first_note_seq  integer not null,                 -- 0: none
    last_note_seq   integer not null,
    archive_id      uuid not null references archives (id),
    starts          bigint not null,                  -- where it stands in the file
    bytes           integer not null,
    key             bytea,                            -- null: forgotten
    primary key (conversation_id, first_seq)
);
create index archived_conversations_of on archived_conversations (archive_id) where key is not null;
create index customers_erased on customers (id) where erased_at is not null;

-- What the log of a part looks like: it changes with every row that is added, changed or taken away.
create function print_of_part(part text, out rows bigint, out print numeric) language plpgsql stable as $$
begin
    execute format('select count(*), coalesce(sum(hashtextextended(conversation_id::text || seq || xmin || ctid, 0)), 0)
                    from %I', part) into rows, print;
end
$$;

-- Nobody writes into a part until the transaction ends.
create function lock_part(part text) returns void language plpgsql as $$
begin
    execute format('lock table %I in share mode', part);
end
$$;

-- Takes a part out of the log once its conversations stand in an archive; what of it does not goes into the rest.
create function drop_archived_part(part text, archive uuid) returns bigint language plpgsql as $$
declare
    kept bigint;
begin
    execute format('alter table events detach partition %I', part);
    execute format('insert into events select e.* from %I e where not exists (
                        select from archived_conversations a where a.conversation_id = e.conversation_id and a.archive_id = $1)',
                   part) using archive;
    get diagnostics kept = row_count;
    execute format('drop table %I', part);
    return kept;
end
$$;
