-- name: mailed_since
-- How many transcripts were mailed since a day ago by this customer and to this address, and since an hour ago by all.
select count(*) filter (where customer_id = $1::uuid) as by_customer,
       count(*) filter (where email_hash = $2::bytea) as to_address,
       count(*) filter (where at > $4::timestamptz) as in_an_hour
from transcript_mails
where at > $3::timestamptz;

-- name: note_mailed
-- One more; what no limit looks at any more is forgotten with it.
with forgotten as (delete from transcript_mails where at <= $5::timestamptz)
insert into transcript_mails (id, customer_id, email_hash, at)
values ($1::uuid, $2::uuid, $3::bytea, $4::timestamptz);

-- name: log_before
-- The newest events of a conversation, oldest first.
select * from (
    select * from events where conversation_id = $1::uuid order by seq desc limit $2::integer
) newest
order by seq;
