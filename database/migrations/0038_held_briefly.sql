-- What others wait for is held for some seconds at the most: whoever stops in the middle of a transaction, without
-- having gone, is sent away. PostgreSQL before 17 can only end one that is idle between two statements.
create function held_briefly() returns boolean language sql volatile as $$
    select set_config(case when current_setting('transaction_timeout', true) is null
                           then 'idle_in_transaction_session_timeout' else 'transaction_timeout' end, '6s', true) <> ''
$$;
