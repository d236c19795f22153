-- name: asked_since
-- Questions that the bot decided on since a moment, oldest first: their messages, as far as they can still be read, and
-- what the bot's words before them had left. A choice among options is no question.
select b.conversation_id, s.seqs, q.texts, c.site, c.locale, said.context, said.previous_seqs
from events b
join conversations c on c.id = b.conversation_id and c.last_at >= $1::timestamptz
cross join lateral (select question_seqs(b.conversation_id, b.reply_to_seq) as seqs) s
cross join lateral (
    select array_agg(m.body ->> 'text' order by m.seq) as texts
    from events m
    where m.conversation_id = b.conversation_id and m.seq = any(s.seqs) and not m.body ? 'redacted'
      and m.body ->> 'text' <> '') q
left join lateral (
    select o.body -> 'context' as context, question_seqs(o.conversation_id, o.reply_to_seq) as previous_seqs
    from events o
    where o.conversation_id = b.conversation_id and o.seq < s.seqs[1] and o.kind = 'message' and o.actor_kind = 'bot'
      and o.body ? 'context'
      and o.seq > coalesce((select max(e.seq) from events e
                            where e.conversation_id = b.conversation_id and e.kind = 'state' and e.seq < s.seqs[1]), 0)
    order by o.seq desc limit 1) said on true
where b.kind = 'message' and b.actor_kind = 'bot' and b.reply_to_seq is not null and b.at >= $1::timestamptz
  and coalesce(b.body ->> 'reason', '') not in ('chosen', 'choose_again', 'none_fits', 'nothing_to_read')
  and q.texts is not null
order by b.at;
