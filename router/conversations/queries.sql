-- name: lock_conversations
-- The rows of a batch, in id order, without waiting for rows that another batch holds; beside each the answers given to
-- these client ids before. What another process remembers in this very moment is not among them: then the insert fails,
-- and the batch is tried again.
select c.*, k.known
from conversations c
cross join (
    select jsonb_agg(jsonb_build_array(s.sender, s.client_id, s.answer)) as known
    from unnest($2::uuid[], $3::uuid[]) as asked (sender, client_id)
    join sends s using (sender, client_id)
) k
where c.id = any($1::uuid[]) order by c.id for update of c skip locked;

-- name: lock_conversations_waiting
-- The same, waiting for whoever holds them; for a row that was passed over too often.
select * from conversations where id = any($1::uuid[]) order by id for update;

-- name: lock_with_agents
-- The same with what a dispatch needs: agents whose capacity it may use ($4), held so that two batches cannot both take
-- the last place, and the epochs of leases ($5), held against a change until the dispatching write has committed; a
-- process that stops before it does is sent away in time for another one to take the lease over.
with agents as materialized (
    select id, capacity, disabled_at is null as enabled
    from accounts where id = any($4::uuid[]) and held_briefly() order by id for no key update
), leases as materialized (
    select name, epoch from leases
    where name = any($5::text[]) and held_briefly() for share
)
select c.*, k.known, a.agents, l.epochs
from conversations c
cross join (
    select jsonb_agg(jsonb_build_array(s.sender, s.client_id, s.answer)) as known
    from unnest($2::uuid[], $3::uuid[]) as asked (sender, client_id)
    join sends s using (sender, client_id)
) k
cross join (select jsonb_agg(jsonb_build_array(id, capacity, enabled)) as agents from agents) a
cross join (select jsonb_object_agg(name, epoch) as epochs from leases) l
where c.id = any($1::uuid[]) order by c.id for update of c skip locked;

-- name: wait_for_locks
-- How long this transaction waits for a row.
set local lock_timeout = '5s';

-- name: earlier_sends
-- The answers given to these client ids before.
select s.sender, s.client_id, s.answer
from unnest($1::uuid[], $2::uuid[]) as k (sender, client_id)
join sends s using (sender, client_id);

-- name: lock_agents
-- The agents and leases of `lock_with_agents` alone, once the conversations are held.
with agents as materialized (
    select id, capacity, disabled_at is null as enabled
    from accounts where id = any($1::uuid[]) and held_briefly() order by id for no key update
), held as materialized (
    select name, epoch from leases
    where name = any($2::text[]) and held_briefly() for share
)
select id, capacity, enabled, null as lease, null as epoch from agents
union all select null, null, null, name, epoch from held;

-- name: agent_spoke
-- An agent has said something: silence before it counts no longer.
update presence set silences = 0 where account_id = $1::uuid and silences > 0;

-- name: agent_loads
-- How many conversations each of these agents owns.
select owner as id, count(*)::integer as load
from conversations where owner = any($1::uuid[]) and state = 'human' group by owner;

-- name: lock_counters
-- Counters that a batch takes numbers from, in the order of their names; a new one begins at 0.
insert into counters as c (name, value) select name, 0 from unnest($1::text[]) as n (name) where held_briefly() order by name
on conflict (name) do update set value = c.value returning name, value;

-- name: set_counter
-- The last number taken.
update counters set value = $2::bigint where name = $1::text;

-- name: append
-- The hot path: remembers the sends, appends the events and moves the conversations on, in one round trip.
with remembered as (
    insert into sends (sender, client_id, conversation_id, answer, at)
    select k.sender, k.client_id, k.conversation_id, k.answer, k.at
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::jsonb[], $5::timestamptz[])
        as k (sender, client_id, conversation_id, answer, at)
), appended as (
    insert into events (conversation_id, seq, kind, at, actor_kind, actor_id, actor_name, reply_to_seq, body)
    select * from unnest($6::uuid[], $7::integer[], $8::text[], $9::timestamptz[], $10::text[], $11::uuid[],
                         $12::text[], $13::integer[], $14::jsonb[])
)
update conversations c
set last_seq = m.last_seq, answered_seq = m.answered_seq, question_seq = m.question_seq,
    last_note_seq = m.last_note_seq, misses = m.misses, last_text = m.last_text, last_kind = m.last_kind,
    last_at = m.last_at, agent_read_seq = m.agent_read_seq, customer_read_seq = m.customer_read_seq,
    first_reply_at = m.first_reply_at, idle_warned_at = m.idle_warned_at, signals = m.signals,
    unanswered_since = m.unanswered_since
from unnest($15::uuid[], $16::integer[], $17::integer[], $18::integer[], $19::integer[], $20::integer[], $21::text[],
            $22::text[], $23::timestamptz[], $24::integer[], $25::integer[], $26::timestamptz[], $27::timestamptz[],
            $28::jsonb[], $29::timestamptz[])
    as m (id, last_seq, answered_seq, question_seq, last_note_seq, misses, last_text, last_kind, last_at,
          agent_read_seq, customer_read_seq, first_reply_at, idle_warned_at, signals, unanswered_since)
where c.id = m.id;

-- name: append_turns
-- Questions with their answers, in one round trip that is the whole transaction: remembers the sends, appends the events,
-- moves the conversations on and returns them. Only where the bot has the conversation and nobody has spoken in it since
-- it was seen; what another batch holds, and what was sent before, is passed over. A row that changed while this
-- statement began is looked at again once it is held, as it is then.
with held as materialized (
    select c.* from conversations c where c.id = any($2::uuid[]) order by c.id for update of c skip locked
), turns as materialized (
    select t.*
    from held c
    join unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::integer[], $6::integer[], $7::integer[], $8::text[],
                $9::jsonb[], $10::jsonb[], $11::jsonb[], $12::jsonb[], $13::text[])
        as t (id, sender, client_id, version, seq, misses, last_text, signals, answer, asked, said, bot)
        on (t.id, t.sender, t.version, t.seq) = (c.id, c.customer_id, c.version, c.last_seq)
    where c.state = 'bot' and c.question_seq <= c.answered_seq and c.level <> 'L3' and c.signals is not null
      and not exists (select from sends s where s.sender = t.sender and s.client_id = t.client_id)
    order by t.id
), remembered as (
    insert into sends (sender, client_id, conversation_id, answer, at)
    select sender, client_id, id, answer, $1::timestamptz from turns
), appended as (
    insert into events (conversation_id, seq, kind, at, actor_kind, actor_id, actor_name, reply_to_seq, body)
    select t.id, t.seq + e.place, 'message', $1::timestamptz, e.actor_kind, e.actor_id, e.actor_name, e.reply_to_seq,
           e.body
    from turns t
    cross join lateral (values (1, 'customer', t.sender, null, null, t.asked), (2, 'bot', null, t.bot, t.seq + 1, t.said))
        as e (place, actor_kind, actor_id, actor_name, reply_to_seq, body)
)
update conversations c
set last_seq = t.seq + 2, question_seq = t.seq + 1, answered_seq = t.seq + 1, misses = t.misses,
    last_text = t.last_text, last_kind = 'bot', last_at = $1::timestamptz, idle_warned_at = null, signals = t.signals
from turns t where c.id = t.id
returning c.*;

-- name: append_and_restate
-- The same where state, owner or line of a conversation change: moves all columns on, in one row version; only while
-- each version is what it was. Lists travel as {"list": […]}, since an array of arrays would be flat.
with remembered as (
    insert into sends (sender, client_id, conversation_id, answer, at)
    select k.sender, k.client_id, k.conversation_id, k.answer, k.at
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::jsonb[], $5::timestamptz[])
        as k (sender, client_id, conversation_id, answer, at)
), appended as (
    insert into events (conversation_id, seq, kind, at, actor_kind, actor_id, actor_name, reply_to_seq, body)
    select * from unnest($6::uuid[], $7::integer[], $8::text[], $9::timestamptz[], $10::text[], $11::uuid[],
                         $12::text[], $13::integer[], $14::jsonb[])
)
update conversations c
set last_seq = m.last_seq, answered_seq = m.answered_seq, question_seq = m.question_seq,
    last_note_seq = m.last_note_seq, misses = m.misses, last_text = m.last_text, last_kind = m.last_kind,
    last_at = m.last_at, agent_read_seq = m.agent_read_seq, customer_read_seq = m.customer_read_seq,
    first_reply_at = m.first_reply_at, idle_warned_at = m.idle_warned_at, signals = m.signals,
    unanswered_since = m.unanswered_since, state = m.state, reason = m.reason, owner = m.owner, version = m.version,
    group_id = m.group_id, handoff_reason = m.handoff_reason, topic = m.topic, joined_at = m.joined_at,
    rank_at = m.rank_at, head_start = m.head_start -> 'list', shown_position = m.shown_position,
    offered_to = m.offered_to, offer_expires_at = m.offer_expires_at,
    declined_by = array(select each::uuid from jsonb_array_elements_text(m.declined_by -> 'list') each),
    handed_off_at = m.handed_off_at, assigned_at = m.assigned_at, closed_at = m.closed_at, resolved = m.resolved,
    wrap_up = m.wrap_up, preferred_agent = m.preferred_agent, locale = m.locale, level = m.level, tier = m.tier,
    held_until = m.held_until, card = m.card, told = m.told, in_group_since = m.in_group_since,
    asked_bot = m.asked_bot, level_by = m.level_by
from unnest($15::uuid[], $16::integer[], $17::integer[], $18::integer[], $19::integer[], $20::integer[], $21::text[],
            $22::text[], $23::timestamptz[], $24::integer[], $25::integer[], $26::timestamptz[], $27::timestamptz[],
            $28::jsonb[], $29::timestamptz[], $30::integer[], $31::text[], $32::text[], $33::uuid[], $34::integer[],
            $35::uuid[], $36::text[], $37::text[], $38::timestamptz[], $39::timestamptz[], $40::jsonb[],
            $41::integer[], $42::uuid[], $43::timestamptz[], $44::jsonb[], $45::timestamptz[], $46::timestamptz[],
            $47::timestamptz[], $48::boolean[], $49::jsonb[], $50::uuid[], $51::text[], $52::text[], $53::text[],
            $54::timestamptz[], $55::jsonb[], $56::jsonb[], $57::timestamptz[], $58::uuid[], $59::uuid[])
    as m (id, last_seq, answered_seq, question_seq, last_note_seq, misses, last_text, last_kind, last_at,
          agent_read_seq, customer_read_seq, first_reply_at, idle_warned_at, signals, unanswered_since,
          version_before, state, reason, owner, version, group_id, handoff_reason, topic, joined_at, rank_at,
          head_start, shown_position, offered_to, offer_expires_at, declined_by, handed_off_at, assigned_at,
          closed_at, resolved, wrap_up, preferred_agent, locale, level, tier, held_until, card, told, in_group_since,
          asked_bot, level_by)
where c.id = m.id and c.version = m.version_before;

-- name: add_notes
-- Notes of a batch.
insert into notes (conversation_id, note_seq, after_seq, kind, at, actor_kind, actor_id, actor_name, text, mentions)
values ($1::uuid, $2::integer, $3::integer, $4::text, $5::timestamptz, $6::text, $7::uuid, $8::text, $9::text,
        $10::uuid[]);

-- name: open_conversation
-- A new conversation; nothing happens where the customer has an open one on this site and channel, or has just become
-- somebody else: the lock waits for a sign-in under way.
insert into conversations (id, customer_id, site, channel, state, previous_id, preferred_agent, locale, page, started_at,
                           last_at, group_id, topic)
select $1::uuid, $2::uuid, $3::text, $4::text, 'bot', $5::uuid, $6::uuid, $7::text, $8::jsonb, $9::timestamptz,
       $9::timestamptz, $10::uuid, $11::text
from (select from visitors where customer_id = $2::uuid limit 1 for key share) v
on conflict (customer_id, site, channel) where state <> 'closed' do nothing
returning *;

-- name: open_conversation_of
-- The customer's open conversation on a site and channel.
select * from conversations
where customer_id = $1::uuid and site = $2::text and channel = $3::text and state <> 'closed';

-- name: standing
-- What a customer comes back to on a site and channel: the open conversation, else the newest; and what they were
-- answered to a client id ($4). Always one row.
select c.*, s.answer as answered
from (select) as one
left join lateral (
    select * from (
        (select * from conversations
         where customer_id = $1::uuid and site = $2::text and channel = $3::text and state <> 'closed')
        union all
        (select * from conversations
         where customer_id = $1::uuid and site = $2::text and channel = $3::text order by id desc limit 1)) as found
    order by state = 'closed' limit 1) c on true
left join sends s on s.sender = $1::uuid and s.client_id = $4::uuid;

-- name: conversation
-- One conversation.
select * from conversations where id = $1::uuid;

-- name: conversations_by_id
-- Several conversations.
select * from conversations where id = any($1::uuid[]);

-- name: threads_of
-- The customer's own conversations, newest first, before one of them.
select * from conversations
where customer_id = $1::uuid and ($2::uuid is null or id < $2::uuid) and last_seq > 0 order by id desc limit $3::integer;

-- name: conversations_of_owner
-- What an agent has open, oldest assignment first.
select * from conversations where owner = $1::uuid and state = 'human' order by assigned_at, id;

-- name: conversations_offered_to
-- What waits for an agent's yes or no, in the order of the line.
select * from conversations
where state = 'waiting' and offered_to = $1::uuid and offer_expires_at > $2::timestamptz order by rank_at, id;

-- name: places_of_conversations
-- The group and the owner of several conversations.
select id, group_id, owner from conversations where id = any($1::uuid[]);

-- name: list_conversations
-- Conversations by their beginning, newest first, below a cursor ($6); of a state ($1), a customer ($2), an owner ($3);
-- $4: of these groups, of none, or owned by the reader ($5). The four after this one find the same along other indexes.
select * from conversations
where id < coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
  and ($1::text is null or state = $1::text)
  and ($2::uuid is null or customer_id = $2::uuid)
  and ($3::uuid is null or owner = $3::uuid)
  and ($4::uuid[] is null or group_id is null or group_id = any($4::uuid[]) or owner = $5::uuid)
  and last_seq > 0
order by id desc limit $7::integer;

-- name: list_of_customer
-- One customer's.
select * from conversations
where id < coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') and customer_id = $2::uuid
  and ($1::text is null or state = $1::text)
  and ($2::uuid is null or customer_id = $2::uuid)
  and ($3::uuid is null or owner = $3::uuid)
  and ($4::uuid[] is null or group_id is null or group_id = any($4::uuid[]) or owner = $5::uuid)
  and last_seq > 0
order by id desc limit $7::integer;

-- name: list_of_owner
-- One agent's.
select * from conversations
where id < coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') and owner = $3::uuid
  and ($1::text is null or state = $1::text)
  and ($2::uuid is null or customer_id = $2::uuid)
  and ($3::uuid is null or owner = $3::uuid)
  and ($4::uuid[] is null or group_id is null or group_id = any($4::uuid[]) or owner = $5::uuid)
  and last_seq > 0
order by id desc limit $7::integer;

-- name: list_open
-- In a state that is not the last one.
select * from conversations
where id < coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') and state = $1::text and state <> 'closed'
  and ($1::text is null or state = $1::text)
  and ($2::uuid is null or customer_id = $2::uuid)
  and ($3::uuid is null or owner = $3::uuid)
  and ($4::uuid[] is null or group_id is null or group_id = any($4::uuid[]) or owner = $5::uuid)
  and last_seq > 0
order by id desc limit $7::integer;

-- name: list_of_groups
-- Of some groups: the newest of each, of none, and of the reader.
select * from conversations
where id in (
    select n.id from unnest($4::uuid[]) as g (id)
    cross join lateral (
        select c.id from conversations c
        where c.group_id = g.id and c.id < coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
          and ($1::text is null or c.state = $1::text) and c.last_seq > 0
        order by c.id desc limit $7::integer) n
    union
    (select c.id from conversations c
     where c.group_id is null and c.id < coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
       and ($1::text is null or c.state = $1::text) and c.last_seq > 0
     order by c.id desc limit $7::integer)
    union
    (select c.id from conversations c
     where c.owner = $5::uuid and c.id < coalesce($6::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
       and ($1::text is null or c.state = $1::text) and c.last_seq > 0
     order by c.id desc limit $7::integer))
  and ($1::text is null or state = $1::text)
  and ($2::uuid is null or customer_id = $2::uuid)
  and ($3::uuid is null or owner = $3::uuid)
  and ($4::uuid[] is null or group_id is null or group_id = any($4::uuid[]) or owner = $5::uuid)
  and last_seq > 0
order by id desc limit $7::integer;

-- name: events_after
-- A page of the log.
select * from events where conversation_id = $1::uuid and seq > $2::integer order by seq limit $3::integer;

-- name: event_at
-- One event of the log.
select * from events where conversation_id = $1::uuid and seq = $2::integer;

-- name: newest_words
-- The customer's newest $2 messages, the newest first.
select body ->> 'text' as text from events
where conversation_id = $1::uuid and kind = 'message' and actor_kind = 'customer' and not (body ? 'redacted')
order by seq desc limit $2::integer;

-- name: customer_messages_after
-- Messages of the customer that have not been answered, with those shortly before.
select * from events
where conversation_id = $1::uuid and seq > $2::integer and kind = 'message' and actor_kind = 'customer'
  and not (body ? 'redacted')
  and not exists (select from events a
                  where a.conversation_id = events.conversation_id and a.kind = 'message' and a.actor_kind = 'bot'
                    and a.reply_to_seq = events.seq)
order by seq;

-- name: context_before
-- What the answer to the question before a message left for it, wherever in the log that answer stands: answers may
-- be late. Nothing from before the last change of state.
select seq, body -> 'context' as context from events
where conversation_id = $1::uuid and reply_to_seq < $2::integer and kind = 'message' and actor_kind = 'bot'
  and body ? 'context'
  and seq > coalesce((select max(s.seq) from events s where s.conversation_id = $1::uuid and s.kind = 'state'), 0)
order by reply_to_seq desc limit 1;

-- name: loose_end_before
-- The customer's last message before another one and since a moment, where the bot has answered it with more than
-- small talk.
select e.body ->> 'text' as text, e.at from events e
where e.conversation_id = $1::uuid and e.seq < $2::integer and e.kind = 'message' and e.actor_kind = 'customer'
  and e.at > $3::timestamptz and not (e.body ? 'redacted')
  and e.seq = (select max(l.seq) from events l
               where l.conversation_id = $1::uuid and l.seq < $2::integer and l.kind = 'message'
                 and l.actor_kind = 'customer')
  and exists (select from events a
              where a.conversation_id = $1::uuid and a.reply_to_seq = e.seq and a.kind = 'message'
                and a.actor_kind = 'bot' and a.body ->> 'decision' is distinct from 'smalltalk');

-- name: turned_down
-- The articles of answers that the customer called unhelpful after a place in the log.
select distinct source ->> 'article_id' as article_id
from events r
join events m on m.conversation_id = r.conversation_id and m.seq = (r.body -> 'target_seq')::integer
cross join lateral jsonb_array_elements(coalesce(m.body -> 'sources', '[]')) as source
where r.conversation_id = $1::uuid and r.seq > $2::integer and r.kind = 'rating' and r.body @> '{"helpful": false}';

-- name: forget_words
-- What was understood of words that were taken back: it stands with what the bot said after them.
update events set body = body #- '{context,previous_question}'
where conversation_id = $1::uuid and seq > $2::integer and kind = 'message' and actor_kind = 'bot'
  and body -> 'context' ? 'previous_question';

-- name: take_back
-- A message taken back: its text leaves the log, its place stays.
update events set body = (body - 'text' - 'options' - 'sources' - 'attachments')
    || jsonb_build_object('text', '', 'redacted', true)
where conversation_id = $1::uuid and seq = $2::integer;

-- name: notes_after
-- Notes of a conversation.
select * from notes where conversation_id = $1::uuid and note_seq > $2::integer order by note_seq limit $3::integer;

-- name: owed
-- Conversations whose newest question has no answer although it is older than a moment.
select id from conversations where owes and last_at < $1::timestamptz order by last_at limit $2::integer;

-- name: revise_answer
-- The answer to a send, once its outcome is known.
update sends set answer = $3::jsonb where sender = $1::uuid and client_id = $2::uuid;

-- name: read_up_to
-- A reader's mark moves forward only.
update conversations
set agent_read_seq = case when $3::boolean then greatest(agent_read_seq, least($2::integer, last_seq)) else agent_read_seq end,
    customer_read_seq = case when $3::boolean then customer_read_seq else greatest(customer_read_seq, least($2::integer, last_seq)) end
where id = $1::uuid;

-- name: colleague
-- An enabled account that conversations can be passed to, and whether that person is there now.
select a.id, a.public_name, a.staff_number, a.portrait,
       coalesce(p.status = 'online' and p.accepting and p.left_at is null and p.seen_at > $2::timestamptz, false) as is_there
from accounts a left join presence p on p.account_id = a.id
where a.id = $1::uuid and a.disabled_at is null;

-- name: idle
-- Conversations in which nothing happened for a while: with us having spoken last, or with the bot and nothing owed.
select id, state, idle_warned_at from conversations
where last_spell <= greatest($1::timestamptz, $2::timestamptz)
  and ((state = 'human' and last_kind = 'agent' and last_at <= $1::timestamptz
        and (held_until is null or held_until <= $1::timestamptz))
       or (state = 'bot' and not owes and last_at <= $2::timestamptz))
order by last_spell limit $3::integer;

-- name: newest_events
-- The end of some logs, oldest first.
select e.* from unnest($1::uuid[]) as c (id)
cross join lateral (select * from events where conversation_id = c.id order by seq desc limit $2::integer) e
order by e.conversation_id, e.seq;

-- name: was_unhelpful
-- Whether the customer said before that this message did not help.
select exists (
    select 1 from events
    where conversation_id = $1::uuid and kind = 'rating' and (body -> 'target_seq')::integer = $2::integer
      and body @> '{"helpful": false}'
);

-- name: called
-- Who is meant by these ids of accounts and groups ($1): those who may sign in, what they may see, and whether a page
-- of theirs showed a sign of life since a moment ($2).
select a.id, a.public_name, a.roles && array['supervisor', 'admin'] as is_supervisor, g.group_ids,
       coalesce(p.left_at is null and p.seen_at > $2::timestamptz, false) as is_there
from accounts a
cross join lateral (select array(select m.group_id from group_members m where m.account_id = a.id) as group_ids) g
left join presence p on p.account_id = a.id
where a.disabled_at is null and (a.id = any ($1::uuid[]) or g.group_ids && $1::uuid[]);

-- name: ticket_that_goes_on
-- The number of the newest ticket that belongs to a conversation and is still worked on.
select t.number from ticket_conversations tc join tickets t on t.id = tc.ticket_id
where tc.conversation_id = $1::uuid and t.status not in ('solved', 'closed') order by t.id desc limit 1;
