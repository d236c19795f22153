-- Searching stays as fast as it was however much there is: the index knows who may find a conversation month by month, so
-- that the newest months are looked into first, and the newest conversations of all stand in their order.

-- Who may find a conversation in the month of its newest word (counted from year 0, in UTC); `all` is for those who see
-- everything.
create function scope_in_time(scope text[], at timestamptz) returns text[] language sql immutable parallel safe as $$
    select array_agg(s || '@' || (extract(year from at at time zone 'UTC') * 12
                                  + extract(month from at at time zone 'UTC'))::integer)
    from unnest(scope || '{all}'::text[]) s
$$;

drop index searchable_conversations_words;
create index searchable_conversations_words on searchable_conversations using gin (words, scope_in_time(scope, at));
create index searchable_conversations_newest on searchable_conversations (at, conversation_id);
