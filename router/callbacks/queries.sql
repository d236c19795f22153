-- name: booked_slots
-- How many calls of a group begin at each of some times.
select due_at, count(*)::integer as calls from tasks
where kind = 'call_back' and state = 'open' and group_id = $1::uuid and due_at = any($2::timestamptz[])
group by due_at;

-- name: calls_of_customer
-- The calls that a customer has booked and that are still to come, the soonest first.
select id, due_at, contact_sealed, group_id, conversation_id from tasks
where kind = 'call_back' and state = 'open' and customer_id = $1::uuid and due_at > $2::timestamptz
order by due_at, id limit 10;

-- name: move_call
-- Another time, and maybe another number, for a call that is still open.
update tasks
set due_at = $3::timestamptz, contact_sealed = coalesce($4::bytea, contact_sealed),
    text = coalesce($5::text, text), remind_at = $3::timestamptz, overdue_at = $6::timestamptz, version = version + 1
where id = $1::uuid and customer_id = $2::uuid and kind = 'call_back' and state = 'open';

-- name: cancel_call
-- The customer needs no call any more.
update tasks
set state = 'cancelled', ended_at = $3::timestamptz, remind_at = null, overdue_at = null, version = version + 1
where id = $1::uuid and customer_id = $2::uuid and kind = 'call_back' and state = 'open';
