-- name: put_notice
-- Record a notice; nothing where its key is known.
insert into notices (id, key, kind, recipient_kind, recipient_id, sealed, at, due_at)
values ($1::uuid, $2::text, $3::text, $4::text, $5::uuid, $6::bytea, $7::timestamptz, $8::timestamptz)
on conflict (key) do nothing
returning id;

-- name: take_spreading
-- One process at a time makes deliveries, so that they keep the order of their notices.
select pg_try_advisory_xact_lock(hashtextextended('yingda notices', 0));

-- name: due_notices
-- What is to be told and has no deliveries yet, in the order of its recording.
select id, kind, recipient_kind, recipient_id, sealed, at
from notices
where spread_at is null and due_at <= $1::timestamptz
order by position
limit $2::integer
for update skip locked;

-- name: customers_told
-- Where customers are reached.
select id, email_sealed, phone_sealed, locale from customers where id = any ($1::uuid[]) and erased_at is null;

-- name: staff_told
-- Where colleagues are reached: these accounts, and the supervisors (null), as long as they may sign in.
select a.id, k.email_sealed, k.phone_sealed, k.locale, 'supervisor' = any (a.roles) as is_supervisor,
       array(select m.group_id from group_members m where m.account_id = a.id) as group_ids
from accounts a
left join account_contacts k on k.account_id = a.id
where a.disabled_at is null and (a.id = any ($1::uuid[]) or ($2::boolean and 'supervisor' = any (a.roles)));

-- name: group_names
-- The names of skill groups, by which robots are set up.
select id, name from groups where id = any ($1::uuid[]);

-- name: mail_refused
-- Which of these addresses want no more mail.
select email_hash from mail_refusals where email_hash = any ($1::bytea[]);

-- name: webhooks_on
-- The endpoints that want to hear of events.
select id, events from webhooks where disabled_at is null;

-- name: add_deliveries
-- Deliveries in the order of their notices.
insert into deliveries (id, notice_id, channel, endpoint, lane, thread, address_sealed, locale, state, made_at, due_at)
select d.id, d.notice_id, d.channel, d.endpoint, d.lane, d.thread, d.address, d.locale, 'pending', d.made_at, d.due_at
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::bytea[], $8::text[],
            $9::timestamptz[], $10::timestamptz[])
     with ordinality
     as d(id, notice_id, channel, endpoint, lane, thread, address, locale, made_at, due_at, place)
order by d.place;

-- name: know_endpoints
-- Endpoints that something is sent to have a row of their own.
insert into delivery_endpoints (name, channel)
select * from unnest($1::text[], $2::text[]) on conflict (name) do nothing;

-- name: mark_spread
-- These notices have their deliveries, or the trouble because of which they have none.
update notices n set spread_at = $3::timestamptz, trouble = s.trouble
from unnest($1::uuid[], $2::text[]) as s(id, trouble)
where n.id = s.id;

-- name: endpoints_with_work
-- Endpoints that have something to send and may be tried now; how many of theirs are on the way.
select e.name, e.channel, e.failures,
       (select count(*) from deliveries d where d.endpoint = e.name and d.state = 'sending') as flying
from delivery_endpoints e
where (e.closed_until is null or e.closed_until <= $1::timestamptz)
  and (e.next_at is null or e.next_at <= $1::timestamptz)
  and exists (select from deliveries d
              where d.endpoint = e.name and d.state in ('pending', 'failed') and d.due_at <= $1::timestamptz);

-- name: claim
-- Take what is due at an endpoint: in each lane the first one only, and none while one is on the way or to be repeated.
with chosen as materialized (
    select d.id
    from deliveries d
    where d.endpoint = $1::text and d.state in ('pending', 'failed') and d.due_at <= $2::timestamptz
      and not exists (select from deliveries earlier
                      where earlier.lane = d.lane and earlier.position < d.position
                        and earlier.state in ('pending', 'failed', 'sending'))
    order by d.due_at, d.position
    limit $3::integer
    for update skip locked
)
update deliveries d
set state = 'sending', tries = d.tries + 1, lease_until = $4::timestamptz, holder = $5::uuid
from chosen, notices n
where d.id = chosen.id and n.id = d.notice_id
returning d.id, d.notice_id, d.position, d.channel, d.endpoint, d.lane, d.thread, d.address_sealed, d.locale, d.tries,
          d.made_at, n.kind, n.sealed, n.at;

-- name: claim_together
-- The same for a robot: the first ones of its lane, to be told in one message.
with chosen as materialized (
    select d.id
    from deliveries d
    where d.endpoint = $1::text and d.state in ('pending', 'failed') and d.due_at <= $2::timestamptz
      and not exists (select from deliveries earlier
                      where earlier.lane = d.lane and earlier.position < d.position
                        and (earlier.state = 'sending'
                             or (earlier.state in ('pending', 'failed') and earlier.due_at > $2::timestamptz)))
    order by d.position
    limit $3::integer
    for update skip locked
)
update deliveries d
set state = 'sending', tries = d.tries + 1, lease_until = $4::timestamptz, holder = $5::uuid
from chosen, notices n
where d.id = chosen.id and n.id = d.notice_id
returning d.id, d.notice_id, d.position, d.channel, d.endpoint, d.lane, d.thread, d.address_sealed, d.locale, d.tries,
          d.made_at, n.kind, n.sealed, n.at;

-- name: mails_before
-- What went to the same recipient about the same thing, newest first.
select id from deliveries
where lane = $1::bytea and thread = $2::text and channel = 'mail' and state = 'sent' and position < $3::bigint
order by position desc
limit $4::integer;

-- name: account_names
-- The names of accounts, for colleagues.
select id, name from accounts where id = any ($1::uuid[]);

-- name: finish_sent
-- The receiver has taken them.
update deliveries
set state = 'sent', ended_at = $3::timestamptz, lease_until = null, holder = null, trouble = null
where id = any ($1::uuid[]) and holder = $2::uuid and state = 'sending';

-- name: finish_failed
-- They are tried again.
update deliveries d
set state = 'failed', due_at = f.due_at, lease_until = null, holder = null, trouble = $4::text
from unnest($1::uuid[], $3::timestamptz[]) as f(id, due_at)
where d.id = f.id and d.holder = $2::uuid and d.state = 'sending';

-- name: finish_dead
-- They are given up.
update deliveries
set state = 'dead', ended_at = $3::timestamptz, lease_until = null, holder = null, trouble = $4::text
where id = any ($1::uuid[]) and holder = $2::uuid and state = 'sending';

-- name: release_lost
-- Who was sending these is gone: nobody knows whether they arrived, so they go again under the same id.
update deliveries
set state = 'pending', lease_until = null, holder = null, trouble = 'whoever was sending it went away'
where state = 'sending' and lease_until <= $1::timestamptz;

-- name: release_own
-- This process stops before it knows how these went.
update deliveries
set state = 'pending', lease_until = null, holder = null, trouble = 'whoever was sending it went away'
where state = 'sending' and holder = $1::uuid;

-- name: endpoint_works
-- The endpoint took something.
update delivery_endpoints
set failures = 0, failing_since = null, closed_until = null, told_at = null, last_success_at = $2::timestamptz,
    next_at = $3::timestamptz
where name = $1::text;

-- name: endpoint_fails
-- The endpoint as a whole failed once more; the caller reckons how long it is left alone.
update delivery_endpoints
set failures = failures + 1, failing_since = coalesce(failing_since, $2::timestamptz),
    last_failure_at = $2::timestamptz, last_failure = $3::text
where name = $1::text
returning failures;

-- name: close_endpoint
-- Nothing is tried at the endpoint before this time.
update delivery_endpoints set closed_until = $2::timestamptz where name = $1::text;
