-- Statements about erasing a customer and about copying what is known of them. $1 is the customer and everybody who was
-- joined to them, or some of their conversations, or all of their tickets. Each may run again: what is gone stays gone.

-- name: lock_person
-- The customer, held until the transaction ends; of one who was joined to another, that other one.
select c.id from customers c
where c.id = coalesce((select merged_into from customers where id = $1::uuid), $1::uuid) and c.erased_at is null
for update;

-- name: erasure_of
-- How far it has come with a customer.
select * from erasures
where customer_id = coalesce((select merged_into from customers where id = $1::uuid), $1::uuid);

-- name: erasures_page
-- Who was erased, the newest first, before a cursor.
select * from erasures where ($1::uuid is null or id < $1::uuid) order by id desc limit $2::integer;

-- name: add_erasure
-- From here on the customer is being erased; how much there was of them and of those who were joined to them ($5).
insert into erasures (id, customer_id, asked_by, asked_at, conversations, tickets, files)
select $1::uuid, $2::uuid, $3::uuid, $4::timestamptz,
       (select count(*) from conversations where customer_id = any($5::uuid[])),
       (select count(*) from tickets where customer_id = any($5::uuid[])),
       (select count(*) from uploads u
        where u.stored_at is not null and u.removed_at is null
          and u.id in (select id from uploads where sender_id = any($5::uuid[])
                       union select f.id from conversations c join uploads f on f.conversation_id = c.id
                       where c.customer_id = any($5::uuid[])
                       union select f.id from tickets t join uploads f on f.ticket_id = t.id
                       where t.customer_id = any($5::uuid[])))
returning *;

-- name: persons
-- The customer and those who were joined to them.
select id from customers where id = $1::uuid or merged_into = $1::uuid;

-- name: forget_refusals
-- That they wanted no more mail at their addresses.
delete from mail_refusals where email_hash in (select email_hash from customers where id = any($1::uuid[]));

-- name: erase_persons
-- Who they are. The tier stays: what is counted by it is nobody's name.
update customers
set name_sealed = null, email_sealed = null, email_hash = null, phone_sealed = null, phone_hash = null,
    external_id = null, attributes = '{}', locale = null, company_id = null, tags = '{}', edition = null,
    product_version = null, blocked_until = null, erased_at = $2::timestamptz, version = version + 1
where id = any($1::uuid[]) and erased_at is null;

-- name: forget_continuations
-- Codes for other devices,
delete from continuations t using visitors v where t.visitor_hash = v.token_hash and v.customer_id = any($1::uuid[]);

-- name: forget_visitors
-- their pages,
delete from visitors where customer_id = any($1::uuid[]);

-- name: due
-- The oldest erasure that nobody is at, taken for a while.
update erasures set claimed_until = $2::timestamptz
where id = (select id from erasures
            where done_at is null and (claimed_until is null or claimed_until <= $1::timestamptz)
            order by asked_at limit 1 for update skip locked)
returning *;

-- name: release
-- Somebody may go on from a moment on.
update erasures set claimed_until = $2::timestamptz where id = $1::uuid;

-- name: finish
-- Nothing is left.
update erasures set done_at = $2::timestamptz, claimed_until = null where id = $1::uuid and done_at is null
returning *;

-- name: open_conversations
-- Of theirs, those that go on.
select id from conversations where customer_id = any($1::uuid[]) and state <> 'closed';

-- name: conversations_of
-- All of theirs, some at a time.
select id from conversations where customer_id = any($1::uuid[]) and id > $2::uuid order by id limit $3::integer;

-- name: tickets_of
-- Their tickets.
select id, number from tickets where customer_id = any($1::uuid[]) order by id;

-- name: files_of
-- What they sent, and what was sent to them: in conversations ($2), tickets ($3), or not used at all.
select id, name, type, has_preview, conversation_id, seq, ticket_id, comment, bytes, created_at from uploads
where stored_at is not null and removed_at is null
  and (sender_id = any($1::uuid[]) or conversation_id = any($2::uuid[]) or ticket_id = any($3::uuid[]))
order by id;

-- name: remove_files
-- Nobody opens these from now on, and the job for files takes their bytes away.
update uploads set removed_at = $4::timestamptz
where removed_at is null
  and (sender_id = any($1::uuid[]) or conversation_id = any($2::uuid[]) or ticket_id = any($3::uuid[]));

-- name: files_left
-- Whether bytes of theirs are still stored.
select exists (select from uploads
               where sender_id = any($1::uuid[]) or ticket_id = any($2::uuid[])
                  or conversation_id in (select id from conversations where customer_id = any($1::uuid[])));

-- name: empty_events
-- What was said: places, times and what is counted stay. Of a message nothing is left but what the bot decided on, and by
-- which articles.
update events e
set actor_name = case when e.actor_kind = 'customer' then null else e.actor_name end,
    body = case e.kind
        when 'message' then jsonb_strip_nulls(jsonb_build_object(
            'id', e.body -> 'id', 'text', '', 'redacted', true, 'decision', e.body -> 'decision',
            'reason', e.body -> 'reason', 'index_version', e.body -> 'index_version', 'sources', e.body -> 'sources',
            'number', e.body -> 'number', 'while_waiting', e.body -> 'while_waiting'))
        when 'rating' then e.body - 'comment'
        else e.body end
where e.conversation_id = any($1::uuid[])
  and (e.kind = 'message' and (e.body ->> 'text' <> '' or not e.body ? 'redacted' or e.body ?| '{context,signals}')
       or e.kind = 'rating' and e.body ? 'comment' or e.actor_kind = 'customer' and e.actor_name is not null);

-- name: empty_notes
-- What colleagues wrote beside it, summaries and whispers too.
update notes set text = '', mentions = '{}'
where conversation_id = any($1::uuid[]) and (text <> '' or mentions <> '{}');

-- name: empty_conversations
-- The last words, the card, moods, the closing note, the page.
update conversations
set last_text = '', card = null, signals = null, wrap_up = wrap_up - 'note' - 'tags', page = null
where id = any($1::uuid[])
  and (last_text <> '' or card is not null or signals is not null or wrap_up ?| '{note,tags}' or page is not null);

-- name: empty_searched
-- Words by which they are found.
update searchable_conversations set words = '', scope = '{}'
where conversation_id = any($1::uuid[]) and (words <> '' or scope <> '{}');

-- name: forget_cases
-- Vectors of what they asked.
delete from solved_cases where conversation_id = any($1::uuid[]);

-- name: empty_learning
-- A colleague's words about an answer, and by what the same question of others is told.
update learning_tasks set comment = null, question_key = decode(md5(id::text), 'hex')
where conversation_id = any($1::uuid[]) and (comment is not null or question_key <> decode(md5(id::text), 'hex'));

-- name: empty_ratings
-- What they wrote beside the stars.
update ratings set comment = null where conversation_id = any($1::uuid[]) and comment is not null;

-- name: empty_block_reasons
-- Why a colleague wanted to block them.
update blocks set reason = '' where customer_id = any($1::uuid[]) and reason <> '';

-- name: empty_comments_heard
-- Comments of others' tickets that were said in their conversations.
update ticket_comments set text = ''
where conversation_id = any($1::uuid[]) and seq is not null and text <> '';

-- name: empty_tickets
-- Their tickets: number, times and state stay.
update tickets set title = number, text = '', summary = '', contact_sealed = null, updated_at = $2::timestamptz
where id = any($1::uuid[]) and (title <> number or text <> '' or summary <> '' or contact_sealed is not null);

-- name: empty_comments
-- What was said in them,
update ticket_comments set text = '' where ticket_id = any($1::uuid[]) and text <> '';

-- name: empty_history
-- how title and summary were changed,
update ticket_history set changes = changes - 'title' - 'summary'
where ticket_id = any($1::uuid[]) and changes ?| '{title,summary}';

-- name: forget_ticket_words
-- words by which they are found,
delete from searchable_tickets where ticket_id = any($1::uuid[]);

-- name: forget_ticket_cases
-- vectors of what was asked in them.
delete from solved_cases where ticket_id = any($1::uuid[]);

-- name: empty_tasks
-- Calls back, follow-ups and what came of them; nothing is to be done for them any more.
update tasks
set text = '', outcome_text = null, contact_sealed = null, version = version + 1,
    state = case when state in ('done', 'cancelled') then state else 'cancelled' end,
    ended_at = coalesce(ended_at, $2::timestamptz)
where customer_id = any($1::uuid[])
  and (text <> '' or outcome_text is not null or contact_sealed is not null or ended_at is null);

-- name: forget_profile_notes
-- What colleagues noted about them.
delete from profile_notes where customer_id = any($1::uuid[]);

-- name: forget_main_contact
-- Companies have somebody else to turn to.
update companies set main_contact = null where main_contact = any($1::uuid[]);

-- name: forget_steps
-- What they did on the page around the chat,
delete from customer_steps where customer_id = any($1::uuid[]);

-- name: forget_attributes
-- what that page said of them,
delete from customer_attributes where customer_id = any($1::uuid[]);

-- name: forget_pages
-- when a page of theirs was seen.
delete from pages_seen where customer_id = any($1::uuid[]);

-- name: forget_unseen
-- What they have not seen is told to nobody.
delete from unseen_replies where customer_id = any($1::uuid[]);

-- name: forget_transcripts
-- To which addresses their conversations were mailed.
delete from transcript_mails where customer_id = any($1::uuid[]);

-- name: forget_sends
-- What their pages may have sent twice.
delete from sends where sender = any($1::uuid[]);

-- name: other_names
-- By what else answers to colleagues speak of them: tasks, notes, blocks.
select id from tasks where customer_id = any($1::uuid[])
union all select id from profile_notes where customer_id = any($1::uuid[])
union all select id from blocks where customer_id = any($1::uuid[]);

-- name: empty_answers
-- What colleagues were answered about them in the last days, kept for requests that come twice: that it was done.
update sends s
set answer = case when s.answer ? 'http_status'
             then jsonb_build_object('http_status', s.answer -> 'http_status', 'body', null) else '{}' end
from accounts a
where s.sender = a.id and s.conversation_id is null
  and exists (select from unnest($1::text[]) as n (name) where position(n.name in s.answer::text) > 0);

-- name: notices_kept
-- Notices that still say something, some at a time.
select id, key, recipient_id, sealed from notices
where sealed is not null and id > $1::uuid order by id limit $2::integer;

-- name: empty_notices
-- These say nothing any more,
update notices set sealed = null, spread_at = coalesce(spread_at, $2::timestamptz) where id = any($1::uuid[]);

-- name: end_deliveries
-- and what of them was still on its way is not sent; to whom it was sent is forgotten.
update deliveries
set address_sealed = null,
    state = case when state in ('pending', 'failed') then 'dead' else state end,
    ended_at = case when state in ('pending', 'failed') then $2::timestamptz else ended_at end,
    trouble = case when state in ('pending', 'failed') then 'its customer was erased' else trouble end
where notice_id = any($1::uuid[]) and (address_sealed is not null or state in ('pending', 'failed'));

-- name: person
-- Everything a row says of them.
select * from customers where id = any($1::uuid[]) order by id;

-- name: steps
-- What they did on the page around the chat.
select at, site, name, properties, url from customer_steps where customer_id = any($1::uuid[]) order by at;

-- name: attributes
-- What that page said of them.
select attributes, at from customer_attributes where customer_id = any($1::uuid[]);

-- name: visits
-- Since when and until when their pages were open.
select created_at, seen_at, revoked_at, expires_at from visitors where customer_id = any($1::uuid[]) order by created_at;

-- name: conversations_copied
-- Their conversations, some at a time.
select id, site, channel, state, reason, started_at, last_at, closed_at, resolved, locale, topic, page, card, signals,
       wrap_up, level, tier, handoff_reason
from conversations where customer_id = any($1::uuid[]) and id > $2::uuid order by id limit $3::integer;

-- name: tickets_copied
-- Their tickets with all that was said in them.
select t.*, coalesce((select jsonb_agg(to_jsonb(c) - 'ticket_id' order by c.number)
                      from ticket_comments c where c.ticket_id = t.id), '[]') as comments
from tickets t where t.customer_id = any($1::uuid[]) order by t.id;

-- name: ratings_copied
-- What they thought of us.
select conversation_id, ticket, csat, nps, resolved, comment, first_at, at from ratings
where customer_id = any($1::uuid[]) order by at;

-- name: tasks_copied
-- What was to be done for them.
select id, kind, state, due_at, text, outcome, outcome_text, contact_sealed, created_at, ended_at from tasks
where customer_id = any($1::uuid[]) order by id;

-- name: notes_copied
-- What colleagues noted about them.
select text, actor_name, at from profile_notes where customer_id = any($1::uuid[]) order by at;

-- name: blocks_copied
-- Whether they were blocked, and why.
select reason, state, hours, proposed_at, decided_at, ends_at from blocks
where customer_id = any($1::uuid[]) order by proposed_at;

-- name: events_copied
-- What was said in one of them, as far as it is not in the archive.
select seq, kind, at, actor_kind, actor_name, body from events where conversation_id = $1::uuid order by seq;

-- name: conversation_notes_copied
-- And what colleagues wrote beside it.
select note_seq, after_seq, kind, at, actor_name, text from notes where conversation_id = $1::uuid order by note_seq;
