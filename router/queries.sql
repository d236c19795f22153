-- name: claim_send
-- Take an Idempotency-Key for its sender; no row where it was used before. A racing twin waits here for the first to end.
insert into sends (sender, client_id, conversation_id, answer, at)
values ($1::uuid, $2::uuid, null, '{}', $3::timestamptz)
on conflict (sender, client_id) do nothing
returning client_id;

-- name: answer_send
-- Keep the answer beside the key, in the transaction of the change that it answers.
update sends set answer = $3::jsonb where sender = $1::uuid and client_id = $2::uuid;

-- name: sent_answer
-- What was answered the first time.
select answer from sends where sender = $1::uuid and client_id = $2::uuid;
