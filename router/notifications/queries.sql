-- name: put_notice
-- Record a notice; nothing where its key is known.
insert into notices (id, key, kind, recipient_kind, recipient_id, sealed, at, due_at)
values ($1::uuid, $2::text, $3::text, $4::text, $5::uuid, $6::bytea, $7::timestamptz, $8::timestamptz)
on conflict (key) do nothing
returning id;

-- name: take_spreading
-- One process at a time makes deliveries, so that they keep the order of their notices.
select pg_try_advisory_xact_lock(hashtextextended('yingda notices', 0));

-- name: customers_awaited
-- Notices to customers that no process has made deliveries of: a page of theirs may be open here.
select id, recipient_id from notices
where spread_at is null and due_at <= $1::timestamptz and recipient_kind = 'customer'
order by due_at, position limit $2::integer;

-- name: seen_in_chat
-- These are told in the chat, and nowhere else.
update notices set spread_at = $2::timestamptz where id = any ($1::uuid[]) and spread_at is null;

-- name: due_notices
-- What is to be told and has no deliveries yet, in the order of its recording; to customers ($3: due by then) only once
-- every process could say that it has a page of theirs.
select id, kind, recipient_kind, recipient_id, sealed, at
from notices
where spread_at is null and due_at <= $1::timestamptz
  and (recipient_kind <> 'customer' or due_at <= $3::timestamptz)
order by position
limit $2::integer
for update skip locked;

-- name: customers_told
-- Where customers are reached.
select id, email_sealed, phone_sealed, locale from customers where id = any ($1::uuid[]) and erased_at is null;

-- name: staff_told
-- Where colleagues are reached: these accounts ($1), the supervisors ($2), these groups' members ($3), as long as they
-- may sign in.
select a.id, k.email_sealed, k.phone_sealed, k.locale, 'supervisor' = any (a.roles) as is_supervisor,
       array(select m.group_id from group_members m where m.account_id = a.id) as group_ids
from accounts a
left join account_contacts k on k.account_id = a.id
where a.disabled_at is null and (a.id = any ($1::uuid[]) or ($2::boolean and 'supervisor' = any (a.roles))
       or a.id in (select m.account_id from group_members m where m.group_id = any ($3::uuid[])));

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

-- name: deliveries_page
-- Deliveries in these states, the newest first, before a cursor; who they are for stays sealed.
select d.id, d.notice_id, d.channel, d.endpoint, d.state, d.tries, d.made_at, d.due_at, d.ended_at, d.trouble, n.kind,
       n.recipient_kind, n.recipient_id, n.sealed is not null as has_text
from deliveries d
join notices n on n.id = d.notice_id
where d.state = any ($1::text[]) and ($2::text is null or d.endpoint = $2::text)
  and ($3::uuid is null or d.position < (select position from deliveries where id = $3::uuid))
order by d.position desc
limit $4::integer;

-- name: retry
-- Dead letters go once more; not those whose text was emptied.
update deliveries d
set state = 'pending', tries = 0, due_at = $2::timestamptz, made_at = $2::timestamptz, ended_at = null
from notices n
where n.id = d.notice_id and n.sealed is not null and d.state = 'dead'
  and ($1::uuid[] is null or d.id = any ($1::uuid[])) and ($3::text is null or d.endpoint = $3::text)
returning d.id;

-- name: respread
-- Notices that could not be told are tried once more, now that somebody has mended why.
update notices set spread_at = null, trouble = null
where trouble is not null and sealed is not null and ($1::uuid[] is null or id = any ($1::uuid[]))
returning id;

-- name: notices_in_trouble
-- Notices of which no delivery could be made.
select id, kind, recipient_kind, at, trouble from notices where trouble is not null order by position desc limit $1::integer;

-- name: delivery_of
-- One delivery.
select id, channel, endpoint, state from deliveries where id = $1::uuid;

-- name: endpoints
-- Every endpoint that something was sent to, with what waits and what was given up.
select e.name, e.channel, e.failures, e.failing_since, e.closed_until, e.last_success_at, e.last_failure_at,
       e.last_failure,
       (select count(*) from deliveries d
        where d.endpoint = e.name and d.state in ('pending', 'failed', 'sending')) as waiting,
       (select count(*) from deliveries d where d.endpoint = e.name and d.state = 'dead') as dead
from delivery_endpoints e
order by e.channel, e.name;

-- name: reopen_endpoint
-- Somebody mended the endpoint: it is tried at once.
update delivery_endpoints set closed_until = null, next_at = null where name = $1::text;

-- name: failing_endpoints
-- Endpoints that have not worked since a time, and of which nobody was told yet; they count as told now.
update delivery_endpoints set told_at = $2::timestamptz
where failing_since <= $1::timestamptz and told_at is null
returning name, channel, failing_since, last_failure,
          (select w.url from webhooks w where 'webhook:' || w.id = delivery_endpoints.name) as url,
          (select count(*) from deliveries d
           where d.endpoint = delivery_endpoints.name and d.state in ('pending', 'failed', 'sending')) as waiting;

-- name: hopeless_webhooks
-- Webhooks that have failed since a time.
select w.id, w.url, e.failing_since, e.last_failure
from webhooks w
join delivery_endpoints e on e.name = 'webhook:' || w.id
where w.disabled_at is null and e.failing_since <= $1::timestamptz;

-- name: webhooks
-- Every webhook, or one.
select w.id, w.url, w.events, w.description, w.created_at, w.disabled_at, w.disabled_reason, w.old_secret_until,
       e.last_success_at, e.last_failure_at, e.last_failure, e.failing_since
from webhooks w
left join delivery_endpoints e on e.name = 'webhook:' || w.id
where $1::uuid is null or w.id = $1::uuid
order by w.id;

-- name: insert_webhook
-- A new webhook.
insert into webhooks (id, url, events, description, secret_sealed, created_at)
values ($1::uuid, $2::text, $3::text[], $4::text, $5::bytea, $6::timestamptz);

-- name: update_webhook
-- Write the changed webhook; switched on again it begins without its old failures.
update webhooks
set url = $2::text, events = $3::text[], description = $4::text, disabled_at = $5::timestamptz,
    disabled_reason = $6::text
where id = $1::uuid
returning id;

-- name: forget_failures
-- An endpoint begins anew.
update delivery_endpoints
set failures = 0, failing_since = null, closed_until = null, next_at = null, told_at = null
where name = $1::text;

-- name: disable_webhook
-- Nothing goes there any more; no row where that was so already.
update webhooks set disabled_at = $2::timestamptz, disabled_reason = $3::text
where id = $1::uuid and disabled_at is null
returning url;

-- name: give_up_endpoint
-- What still waits for an endpoint that is switched off.
update deliveries set state = 'dead', ended_at = $2::timestamptz, trouble = $3::text
where endpoint = $1::text and state in ('pending', 'failed')
returning id;

-- name: rotate_webhook_secret
-- A new secret; the old one signs beside it for a while.
update webhooks
set secret_sealed = $2::bytea, old_secret_sealed = $3::bytea, old_secret_until = $4::timestamptz
where id = $1::uuid
returning id;

-- name: delete_webhook
-- The webhook is gone; what waits for it becomes dead letters when its turn comes.
delete from webhooks where id = $1::uuid returning url;

-- name: webhook_target
-- Where a webhook is and what it is signed with, while it is on.
select id, url, secret_sealed, old_secret_sealed, old_secret_until from webhooks
where id = $1::uuid and disabled_at is null;

-- name: empty_addresses
-- Addresses of deliveries that ended some days ago.
update deliveries set address_sealed = null
where address_sealed is not null and ended_at <= $1::timestamptz;

-- name: empty_notices
-- Texts of notices that were told some days ago, or that nobody was told of; nothing of theirs is still to be sent.
update notices n set sealed = null
where n.sealed is not null and n.spread_at <= $1::timestamptz
  and not exists (select from deliveries d
                  where d.notice_id = n.id
                    and (d.state in ('pending', 'failed', 'sending') or d.ended_at > $1::timestamptz));

-- name: forget_notices
-- Emptied notices with their deliveries, after a time in which a repeat of their key might still come.
delete from notices where sealed is null and spread_at <= $1::timestamptz;

-- name: contact_of_account
-- Where a colleague is reached outside of the console.
select a.id, k.email_sealed, k.phone_sealed, k.locale
from accounts a left join account_contacts k on k.account_id = a.id
where a.id = $1::uuid;

-- name: put_contact
-- Where a colleague is reached from now on.
insert into account_contacts (account_id, email_sealed, phone_sealed, locale)
values ($1::uuid, $2::bytea, $3::bytea, $4::text)
on conflict (account_id) do update
set email_sealed = excluded.email_sealed, phone_sealed = excluded.phone_sealed, locale = excluded.locale;

-- name: note_unseen
-- An agent's word that the customer may not see: the first one of several says when somebody looks whether they did.
insert into unseen_replies (conversation_id, customer_id, first_seq, last_seq, noted_at, due_at)
values ($1::uuid, $2::uuid, $3::integer, $3::integer, $4::timestamptz, $5::timestamptz)
on conflict (conversation_id) do update set last_seq = greatest(unseen_replies.last_seq, excluded.last_seq);

-- name: put_off_those_here
-- These customers have a page open here, which no other process may know: they are not away.
update unseen_replies set due_at = $2::timestamptz, away_since = null
where customer_id = any ($1::uuid[]) and due_at < $2::timestamptz and noted_at > $3::timestamptz;

-- name: claim_unseen
-- What is due to be looked at, with how far the customer has read and spoken.
select u.conversation_id, u.customer_id, u.first_seq, u.last_seq, u.noted_at, u.away_since, c.customer_read_seq, c.locale,
       coalesce((select max(e.seq) from events e
                 where e.conversation_id = u.conversation_id and e.kind = 'message' and e.actor_kind = 'customer'
                   and e.seq >= u.first_seq), 0) as spoke_seq
from unseen_replies u
join conversations c on c.id = u.conversation_id
where u.due_at <= $1::timestamptz
order by u.due_at
limit $2::integer
for update of u skip locked;

-- name: unseen_texts
-- What agents wrote there, as it stands now, or the names of what they sent without a word; what was taken back is gone.
select e.seq, e.actor_name, coalesce(nullif(e.body ->> 'text', ''), files.names) as text
from events e
cross join lateral (select string_agg('[' || (file ->> 'name') || ']', ' ') as names
                    from jsonb_array_elements(coalesce(e.body -> 'attachments', '[]')) as file) as files
where e.conversation_id = $1::uuid and e.seq between $2::integer and $3::integer
  and e.kind = 'message' and e.actor_kind = 'agent' and e.body ->> 'number' is null
  and coalesce(nullif(e.body ->> 'text', ''), files.names) is not null
order by e.seq;

-- name: put_off_unseen
-- Somebody looks again later.
update unseen_replies set due_at = $2::timestamptz, away_since = $3::timestamptz where conversation_id = $1::uuid;

-- name: forget_unseen
-- The customer has seen it, or was told.
delete from unseen_replies where conversation_id = $1::uuid;

-- name: refuse_mail
-- No more reminders to this address.
insert into mail_refusals (email_hash, at) values ($1::bytea, $2::timestamptz) on conflict do nothing;

-- name: webhook_secret
-- The secret that signs now.
select secret_sealed from webhooks where id = $1::uuid for update;
