-- name: insert_ticket
-- A new ticket under its human number; tier is the conversation's, else the customer's of this moment.
insert into tickets (id, number, customer_id, conversation_id, status, source, site, channel, text, title, summary,
                     contact_sealed, level, category, tier, assignee, group_id, created_by, created_at, updated_at)
select $1::uuid, $2::text, c.id, $4::uuid, 'new', $5::text, $6::text, $7::text, $8::text, $9::text, $10::text,
       $11::bytea, $12::text, $13::text, coalesce($14::text, c.tier), $15::uuid, $16::uuid, $17::uuid,
       $18::timestamptz, $18::timestamptz
from customers c where c.id = $3::uuid;

-- name: record_change
-- One line of a ticket's history, for one version of it.
insert into ticket_history (ticket_id, version, at, actor_kind, actor_id, actor_name, changes)
values ($1::uuid, $2::integer, $3::timestamptz, $4::text, $5::uuid, $6::text, $7::jsonb);

-- name: link
-- A conversation that the ticket belongs to; again is no change.
insert into ticket_conversations (ticket_id, conversation_id, at, actor_kind, actor_id)
values ($1::uuid, $2::uuid, $3::timestamptz, $4::text, $5::uuid)
on conflict do nothing;

-- name: unlink
-- No longer belonging to it; the conversation that the ticket was made from stays.
delete from ticket_conversations tc
using tickets t
where tc.ticket_id = $1::uuid and tc.conversation_id = $2::uuid and t.id = tc.ticket_id
  and t.conversation_id is distinct from tc.conversation_id;

-- name: watch
-- A colleague who wants to hear of every change.
insert into ticket_watchers (ticket_id, account_id, at) values ($1::uuid, $2::uuid, $3::timestamptz)
on conflict do nothing;

-- name: unwatch
-- No more of it.
delete from ticket_watchers where ticket_id = $1::uuid and account_id = $2::uuid;

-- name: note
-- An internal comment of the desk's own rules.
with counted as (
    update tickets set comment_count = comment_count + 1, updated_at = $3::timestamptz where id = $1::uuid
    returning comment_count
)
insert into ticket_comments (ticket_id, number, visibility, actor_kind, text, at)
select $1::uuid, comment_count, 'internal', 'system', $2::text, $3::timestamptz from counted;

-- name: take_back_comment
-- The text of a public comment whose message in the chat was taken back.
with emptied as (
    update ticket_comments set text = '' where conversation_id = $1::uuid and seq = $2::integer returning ticket_id
)
update tickets set updated_at = $3::timestamptz where id in (select ticket_id from emptied);

-- name: forget_words
-- What was taken back ($2), in its customer's tickets of the conversation: every line that is part of it or holds it.
with kept as (
    select t.id,
           (select coalesce(string_agg(l.line, e'\n' order by l.n), '')
            from string_to_table(t.text, e'\n') with ordinality l (line, n)
            where btrim(l.line) = '' or (position(btrim(l.line) in $2::text) = 0
                                         and position($2::text in l.line) = 0)) as text,
           (select coalesce(string_agg(l.line, e'\n' order by l.n), '')
            from string_to_table(t.summary, e'\n') with ordinality l (line, n)
            where btrim(regexp_replace(l.line, '^[^：]{1,3}：', '')) = ''
               or (position(btrim(regexp_replace(l.line, '^[^：]{1,3}：', '')) in $2::text) = 0
                   and position($2::text in l.line) = 0)) as summary,
           case when position(t.title in $2::text) > 0 or position($2::text in t.title) > 0
                then t.number else t.title end as title
    from tickets t join ticket_conversations tc on tc.ticket_id = t.id
    join conversations c on c.id = tc.conversation_id and c.customer_id = t.customer_id
    where tc.conversation_id = $1::uuid
)
update tickets t set text = kept.text, summary = kept.summary, title = kept.title, updated_at = $3::timestamptz
from kept
where t.id = kept.id and (t.text, t.summary, t.title) is distinct from (kept.text, kept.summary, kept.title);

-- name: ticket
-- One ticket.
select * from tickets where id = $1::uuid;

-- name: ticket_by_number
-- One ticket by what people call it.
select * from tickets where number = $1::text;

-- name: lock_tickets
-- Tickets that a change touches, in id order; conversations are locked before.
select * from tickets where id = any($1::uuid[]) order by id for update;

-- name: may_see
-- Whether a colleague may see a ticket: of their groups or of none, theirs, made or watched by them, or of a conversation
-- that they have.
select exists (
    select from tickets t
    where t.id = $1::uuid
      and (t.group_id is null or t.group_id = any($3::uuid[]) or t.assignee = $2::uuid or t.created_by = $2::uuid
           or exists (select from ticket_watchers w where w.ticket_id = t.id and w.account_id = $2::uuid)
           or exists (select from ticket_conversations tc join conversations c on c.id = tc.conversation_id
                      where tc.ticket_id = t.id and c.owner = $2::uuid)));

-- name: update_ticket
-- Everything that can change of a ticket; only while its version is what it was.
update tickets
set status = $3::text, title = $4::text, summary = $5::text, level = $6::text, category = $7::text,
    assignee = $8::uuid, group_id = $9::uuid, tracker_kind = $10::text, tracker_number = $11::text,
    tracker_url = $12::text, contact_sealed = $13::bytea, solved_at = $14::timestamptz, closes_at = $15::timestamptz,
    closed_at = $16::timestamptz, reopened_at = $17::timestamptz, reopened = $18::integer, merged_into = $19::uuid,
    merged_at = $20::timestamptz, updated_at = $21::timestamptz, version = version + 1
where id = $1::uuid and version = $2::integer;

-- name: insert_comment
-- A comment under the ticket's next number, which its sender has counted under the lock; the first public one of a
-- colleague is remembered.
with counted as (
    update tickets
    set comment_count = $2::integer, updated_at = $8::timestamptz,
        first_reply_at = case when $3::text = 'public' and $4::text = 'agent'
                              then coalesce(first_reply_at, $8::timestamptz) else first_reply_at end
    where id = $1::uuid
)
insert into ticket_comments (ticket_id, number, visibility, actor_kind, actor_id, actor_name, text, at, via,
                             conversation_id, seq)
values ($1::uuid, $2::integer, $3::text, $4::text, $5::uuid, $6::text, $7::text, $8::timestamptz, $9::uuid,
        $10::uuid, $11::integer);

-- name: comments
-- A ticket's comments, oldest first.
select * from ticket_comments where ticket_id = $1::uuid order by number;

-- name: history
-- What became of a ticket, oldest first.
select * from ticket_history where ticket_id = $1::uuid order by version;

-- name: audience
-- The customers who hear of a ticket, each once, under the number and title of their own one, else those of a duplicate
-- of theirs; and whether it is solved for them.
select distinct on (t.customer_id) t.customer_id, t.site, t.channel, t.number, coalesce(c.locale, 'zh-CN') as locale,
       t.title, bool_or(t.confirmed_at is not null) over (partition by t.customer_id) as content
from tickets t join customers c on c.id = t.customer_id
where t.id = $1::uuid or t.merged_into = $1::uuid
order by t.customer_id, (t.id = $1::uuid) desc, t.id;

-- name: lock_open_conversations
-- The threads that a change writes into, in id order, as far as they are still open.
select id from conversations where id = any($1::uuid[]) and state <> 'closed' order by id for update;

-- name: take_number
-- The next number of a counter, held until the commit.
insert into counters as c (name, value) values ($1::text, 1)
on conflict (name) do update set value = c.value + 1 returning value;

-- name: point_to
-- Duplicates of a duplicate go on in the same ticket as it does; from the comments after these ($3) on, their customers
-- read along.
with moved as (
    update tickets set merged_into = $2::uuid where merged_into = $1::uuid returning id
)
insert into ticket_merges (ticket_id, into_id, said)
select id, $2::uuid, $3::integer from moved union all select $1::uuid, $2::uuid, $3::integer;

-- name: confirm
-- Whether a ticket ($1) and its duplicates are solved for one of their customers ($2): since when, or no more.
update tickets set confirmed_at = $3::timestamptz
where (id = $1::uuid or merged_into = $1::uuid) and customer_id = $2::uuid;

-- name: ask_again
-- A ticket that colleagues have opened again is solved for nobody.
update tickets set confirmed_at = null
where (id = $1::uuid or merged_into = $1::uuid) and confirmed_at is not null;

-- name: copy_links
-- The conversations of a duplicate belong to the ticket that goes on.
insert into ticket_conversations (ticket_id, conversation_id, at, actor_kind, actor_id)
select $2::uuid, conversation_id, at, actor_kind, actor_id from ticket_conversations where ticket_id = $1::uuid
on conflict do nothing;

-- name: copy_watchers
-- Who watched a duplicate, or had it, watches the ticket that goes on.
insert into ticket_watchers (ticket_id, account_id, at)
select $2::uuid, account_id, $3::timestamptz from ticket_watchers where ticket_id = $1::uuid
union
select $2::uuid, assignee, $3::timestamptz from tickets where id = $1::uuid and assignee is not null
on conflict do nothing;

-- name: to_close
-- Solved tickets whose customers said nothing for long enough.
select id from tickets where status = 'solved' and closes_at <= $1::timestamptz order by closes_at limit $2::integer;

-- name: list
-- Newest first, below a cursor. $2, $3: who asks and their groups; $3 null: sees everything. $4 statuses, $5 assignee,
-- $6 nobody's, $7 group, $8 level, $9 category (one or both levels), $10 customer, $11 company, $12 overdue, $13 text.
select t.* from tickets t
where ($1::uuid is null or t.id < $1::uuid)
  and ($3::uuid[] is null or t.group_id is null or t.group_id = any($3::uuid[]) or t.assignee = $2::uuid
       or t.created_by = $2::uuid
       or exists (select from ticket_watchers w where w.ticket_id = t.id and w.account_id = $2::uuid)
       or exists (select from ticket_conversations tc join conversations c on c.id = tc.conversation_id
                  where tc.ticket_id = t.id and c.owner = $2::uuid))
  and ($4::text[] is null or t.status = any($4::text[]))
  and ($5::uuid is null or t.assignee = $5::uuid)
  and (not $6::boolean or t.assignee is null)
  and ($7::uuid is null or t.group_id = $7::uuid)
  and ($8::text is null or t.level = $8::text)
  and ($9::text is null or t.category = $9::text or t.category like $9::text || '/%')
  and ($10::uuid is null or t.customer_id = $10::uuid)
  and ($11::text is null or exists (select from customers c where c.id = t.customer_id and c.company_id::text = $11::text))
  and (not $12::boolean or exists (select from clocks k
                                   where k.subject_kind = 'ticket' and k.subject_id = t.id and k.met_at is null
                                     and k.ended_at is null and k.breached_at is not null))
  and ($13::text is null or t.number ilike $13::text or t.title ilike $13::text or t.summary ilike $13::text
       or t.text ilike $13::text or t.tracker_number ilike $13::text)
order by t.id desc limit $14::integer;

-- name: of_customer
-- A customer's own tickets, newest first, below one of them, with the one that each goes on in (w: itself, mostly), and
-- how it stands for them.
select t.*, m.number as merged_number, m.customer_id = t.customer_id as merged_own, w.closed_at as ended_at,
       greatest(w.updated_at, t.confirmed_at) as seen_at, w.level = 'L3' and w.assignee is not null as is_owned,
       case when t.confirmed_at is null then w.status else 'closed' end as seen_status
from tickets t left join tickets m on m.id = t.merged_into join tickets w on w.id = coalesce(t.merged_into, t.id)
where t.customer_id = $1::uuid
  and ($2::text is null or t.id < (select b.id from tickets b where b.number = $2::text and b.customer_id = $1::uuid))
order by t.id desc limit $3::integer;

-- name: has_tickets
-- Whether a customer has tickets.
select exists (select from tickets where customer_id = $1::uuid);

-- name: own_ticket
-- One ticket of a customer's by its number, as in their list.
select t.*, m.number as merged_number, m.customer_id = t.customer_id as merged_own, w.closed_at as ended_at,
       greatest(w.updated_at, t.confirmed_at) as seen_at, w.level = 'L3' and w.assignee is not null as is_owned,
       case when t.confirmed_at is null then w.status else 'closed' end as seen_status
from tickets t left join tickets m on m.id = t.merged_into join tickets w on w.id = coalesce(t.merged_into, t.id)
where t.customer_id = $1::uuid and t.number = $2::text;

-- name: public_comments
-- What a customer ($2) reads of their ticket ($1) and, of those that it went on in, of what came after: public words,
-- and of other customers nothing.
select c.* from ticket_comments c
left join ticket_merges g on g.ticket_id = $1::uuid and g.into_id = c.ticket_id
where c.visibility = 'public' and (c.ticket_id = $1::uuid or c.number > g.said)
  and (c.actor_kind <> 'customer'
       or coalesce(c.via, c.ticket_id) in (select t.id from tickets t where t.customer_id = $2::uuid))
order by c.at, c.ticket_id, c.number;

-- name: asking_ticket
-- The ticket that the newest message of a conversation belongs to, who wrote it and when; where nothing was said yet,
-- the newest message of the conversation before it. A goodbye or another line of the system is nobody's message.
select m.body ->> 'number' as number, m.actor_kind, m.at, m.conversation_id, c.state = 'bot' as with_bot
from conversations c
join events m on m.conversation_id in (c.id, c.previous_id) and m.kind = 'message'
             and (m.actor_kind <> 'system' or m.body ? 'number')
where c.id = $1::uuid
order by m.conversation_id desc, m.seq desc limit 1;

-- name: tickets_of_conversations
-- The tickets that belong to some conversations, oldest first.
select tc.conversation_id, t.id, t.number, t.title, t.status, t.level
from ticket_conversations tc join tickets t on t.id = tc.ticket_id
where tc.conversation_id = any($1::uuid[]) order by t.id;

-- name: conversations_of_tickets
-- The conversations of some tickets, with what a list shows of them.
select tc.ticket_id, c.id, c.state, c.started_at, c.last_at, c.last_text, c.owner
from ticket_conversations tc join conversations c on c.id = tc.conversation_id
where tc.ticket_id = any($1::uuid[]) order by c.id;

-- name: watchers_of
-- Who watches a ticket.
select a.id, a.public_name, a.staff_number
from ticket_watchers w join accounts a on a.id = w.account_id
where w.ticket_id = $1::uuid and a.disabled_at is null order by w.at, a.id;

-- name: duplicates_of
-- What was merged into a ticket.
select id, number, title, status, level from tickets where merged_into = $1::uuid order by id;

-- name: assignable
-- An account that tickets can be given to.
select id, public_name, staff_number from accounts
where id = $1::uuid and disabled_at is null and roles && array['agent', 'supervisor', 'admin'];

-- name: names_of
-- The names of some accounts, as customers and colleagues know them.
select id, public_name, staff_number from accounts where id = any($1::uuid[]);

-- name: company_owner
-- The success manager of a customer's company, who owns what is L3, as long as they work here.
select a.id
from customers c join companies k on k.id = c.company_id join accounts a on a.id = k.success_manager
where c.id = $1::uuid and a.disabled_at is null and a.roles && array['agent', 'supervisor', 'admin'];

-- name: owners_gone
-- Accounts that were disabled and still have open tickets.
select a.id, a.public_name from accounts a
where a.disabled_at is not null
  and exists (select from tickets t where t.assignee = a.id and t.status not in ('solved', 'closed'))
order by a.id;

-- name: tickets_of_gone
-- Open tickets of one of them.
select id from tickets where assignee = $1::uuid and status not in ('solved', 'closed') order by id limit $2::integer;

-- name: group_exists
-- Whether there is such a group.
select exists (select from groups where id = $1::uuid);

-- name: conversation_for_ticket
-- A conversation that a ticket may be made from or linked to.
select * from conversations where id = $1::uuid;

-- name: conversation_of_customer
-- The newest conversation of a customer, where the ticket made beside any conversation belongs.
select * from conversations where customer_id = $1::uuid order by id desc limit 1;
