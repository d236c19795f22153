-- name: sent_before
-- What this sender has sent under this client id, and whether all of it is here.
select *, stored_at is not null as is_stored from uploads where sender_id = $1::uuid and client_id = $2::uuid;

-- name: sent_lately
-- How many files a sender has sent since a time, and how many bytes since an earlier one.
select count(*) filter (where created_at > $2::timestamptz)::integer as files,
       coalesce(sum(bytes), 0)::bigint as bytes
from uploads where sender_id = $1::uuid and created_at > $3::timestamptz;

-- name: begin
-- A file whose bytes are about to be stored. Begun before and never finished, it goes on under its first id; no row where
-- it is stored already.
insert into uploads as u (id, sender_kind, sender_id, client_id, name, type, bytes, width, height, has_preview, created_at)
values ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, $6::text, $7::bigint, $8::integer, $9::integer, $10::boolean,
        $11::timestamptz)
on conflict (sender_id, client_id) do update
set name = excluded.name, type = excluded.type, bytes = excluded.bytes, width = excluded.width, height = excluded.height,
    has_preview = excluded.has_preview, created_at = excluded.created_at
where u.stored_at is null
returning *;

-- name: stored
-- Its bytes are where they belong.
update uploads set stored_at = $2::timestamptz where id = $1::uuid;

-- name: claim
-- Files that a message is going to take: the sender's own, stored, and of no other message.
update uploads set claimed_by = $3::uuid
where id = any($1::uuid[]) and sender_id = $2::uuid and stored_at is not null
  and (claimed_by is null and conversation_id is null and ticket_id is null or claimed_by = $3::uuid)
  and (removed_at is null or claimed_by = $3::uuid)
returning *;

-- name: claimable
-- Which of these files are the sender's at all.
select id, conversation_id, claimed_by from uploads
where id = any($1::uuid[]) and sender_id = $2::uuid and stored_at is not null;

-- name: release
-- The message was refused: another one may take its files.
update uploads set claimed_by = null
where sender_id = $1::uuid and claimed_by = $2::uuid and conversation_id is null and ticket_id is null;

-- name: attach
-- The files of a message that is being stored; commits with it.
update uploads set conversation_id = $2::uuid, seq = $3::integer
where id = any($1::uuid[]) and claimed_by = $4::uuid and conversation_id is null;

-- name: attach_to_comment
-- The files of a ticket's comment that is being stored; commits with it, beside the message where it is one as well.
update uploads set ticket_id = $2::uuid, comment = $3::integer
where id = any($1::uuid[]) and claimed_by = $4::uuid and ticket_id is null;

-- name: remove
-- The message was taken back: nobody opens its files from now on.
update uploads set removed_at = $3::timestamptz
where conversation_id = $1::uuid and seq = $2::integer and removed_at is null;

-- name: upload
-- One file that is there.
select * from uploads where id = $1::uuid and stored_at is not null and removed_at is null;

-- name: upload_and_place
-- One file that is there, with whose conversation it went into.
select u.*, c.customer_id, c.group_id, c.owner
from uploads u left join conversations c on c.id = u.conversation_id
where u.id = $1::uuid and u.stored_at is not null and u.removed_at is null;

-- name: of_conversations
-- The files in some conversations, in their order.
select * from uploads
where conversation_id = any($1::uuid[]) and stored_at is not null and removed_at is null
order by conversation_id, seq, id limit $2::integer;

-- name: of_comments
-- The files of some tickets' comments, in their order.
select * from uploads
where ticket_id = any($1::uuid[]) and stored_at is not null and removed_at is null
order by ticket_id, comment, id;

-- name: reapable
-- Files that nobody will ask for: never used for so long, or of messages that are gone.
select id, has_preview from uploads
where (conversation_id is null and ticket_id is null and created_at < $1::timestamptz) or removed_at is not null
order by id limit $2::integer;

-- name: reap
-- A file's row, once its bytes are gone; unless it was used meanwhile.
delete from uploads
where id = $1::uuid and (conversation_id is null and ticket_id is null or removed_at is not null);

-- name: claim_reapable
-- Whoever comes late finds it gone: no message takes it while its bytes are being deleted.
update uploads set removed_at = coalesce(removed_at, $2::timestamptz)
where id = any($1::uuid[]) and (conversation_id is null and ticket_id is null or removed_at is not null)
returning id, has_preview;

-- name: strays
-- Of the next files after an id: those whose message does not name them any more, or whose customer was erased; those of
-- comments among colleagues go with the ticket or its customer.
with next as (
    select id, conversation_id, seq, ticket_id, removed_at from uploads
    where id > $1::uuid and (conversation_id is not null or ticket_id is not null) order by id limit $2::integer
)
select n.id,
       n.removed_at is null and case when n.conversation_id is null then
           not exists (select from tickets t join customers k on k.id = t.customer_id
                       where t.id = n.ticket_id and k.erased_at is null)
       else
           not exists (select from archived_conversations a where a.conversation_id = n.conversation_id)
           and not exists (select from events e where e.conversation_id = n.conversation_id and e.seq = n.seq
                       and e.body -> 'attachments' @> jsonb_build_array(jsonb_build_object('id', n.id::text)))
           or exists (select from conversations c join customers k on k.id = c.customer_id
                      where c.id = n.conversation_id and k.erased_at is not null)
       end as is_stray
from next n order by n.id;

-- name: remove_strays
-- Nobody opens them from now on.
update uploads set removed_at = $2::timestamptz where id = any($1::uuid[]) and removed_at is null;
