-- name: log_for_card
-- What a card is made from: what was said and rated, oldest first.
select * from events
where conversation_id = $1::uuid and kind in ('message', 'rating') and actor_kind in ('customer', 'bot')
order by seq limit $2::integer;

-- name: conversation_of_card
-- The conversation as it is before its log is read.
select * from conversations where id = $1::uuid;
