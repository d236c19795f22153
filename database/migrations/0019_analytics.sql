-- What managers count. One function says of each conversation what it counts as; figures, charts and the lists behind
-- them all read it, so that a number is always as long as its list. It is plain SQL that the planner folds into the
-- statement around it: what is not asked for is not looked up.

create index conversations_started on conversations (started_at);
create index conversations_following on conversations (previous_id) where previous_id is not null;
create index learning_tasks_asked on learning_tasks (at) where kind = 'unanswered';
create index promises_due on promises (due_at) where state in ('open', 'kept');

-- Conversations that began from `since` on and before `until`, as seen at `moment`. null: any group, site, channel,
-- tier, topic (`about` is a topic of both levels or a first level for all below it). `tiers` are all tiers, the lowest
-- first. A reply counts as quick within `reply_seconds` of open time; an answer of the bot within `bot_seconds`; who
-- comes back within `back_within` of the end comes back on the same matter.
create function conversation_facts(
    since timestamptz, until timestamptz, moment timestamptz, in_group uuid, on_site text, over_channel text,
    of_tier text, about text, tiers text[], reply_seconds double precision, bot_seconds double precision,
    back_within interval
) returns table (
    id uuid, customer_id uuid, site text, channel text, state text, started_at timestamptz, closed_at timestamptz,
    owner uuid, group_id uuid, last_text text, topic text, category text, handoff text, first_reply double precision,
    resolution double precision, csat smallint, segments text[]
) language sql stable as $$
    select c.id, c.customer_id, c.site, c.channel, c.state, c.started_at, c.closed_at, c.owner, c.group_id,
           c.last_text, s.topic, c.wrap_up ->> 'category', h.handoff, k.first_reply, k.resolution, r.csat,
           array_remove(array[
               'all',
               case when c.handed_off_at is null then 'bot_only' else 'handed_off' end,
               'handed_off.' || h.handoff,
               case when c.assigned_at is not null and c.owner is not null then 'taken' end,
               case when v.conversation_id is not null then 'bot_asked' end,
               case when v.solved is null and v.conversation_id is not null then 'bot_pending' end,
               case when v.solved is not null then 'bot_decided' end,
               case when v.solved then 'bot_resolved' end,
               case when v.solved then 'bot_resolved.' || v.reason end,
               case when v.solved = false then 'bot_unresolved.' || v.reason end,
               case when v.solved and v.seconds <= bot_seconds then 'bot_in_time' end,
               case when k.first_reply is not null then 'replied' end,
               case when k.first_reply <= reply_seconds then 'replied_in_target' end,
               case when k.first_reply > reply_seconds then 'replied_late' end,
               case when k.first_reply is null and c.handed_off_at is not null and c.state in ('waiting', 'human')
                    then 'reply_owed' end,
               case when k.first_reply is null and c.handed_off_at is not null and c.state in ('bot', 'closed')
                    then 'reply_never' end,
               case when k.resolution is not null then 'settled' end,
               case when f.known then 'fcr_known' end,
               case when f.known and f.first then 'fcr' end,
               case when f.known and not f.first then 'fcr_missed' end,
               case when b.back then 'came_back' end,
               case when r.csat is not null
                      or (c.state = 'closed' and c.first_reply_at is not null and c.reason <> 'blocked')
                    then 'csat_asked' end,
               case when r.csat is not null then 'csat' end,
               case when r.csat >= 4 then 'csat_good' end,
               case when r.csat <= 2 then 'csat_bad' end,
               case when c.state = 'closed' and c.assigned_at is not null then 'closed_by_human' end,
               case when c.state = 'closed' and c.assigned_at is not null and c.wrap_up ? 'category' then 'filed' end
           ], null)
    from conversations c
    left join l1_verdicts v on v.conversation_id = c.id
    left join ratings r on r.conversation_id = c.id and r.ticket = ''
    cross join lateral (
        select coalesce(c.wrap_up ->> 'category', c.signals ->> 'topic',
                        case when c.topic like '%/%' then c.topic end) as topic
    ) s
    cross join lateral (
        select case
            when c.handed_off_at is null then null
            when c.handoff_reason in ('asked', 'low_confidence', 'repeated_miss', 'emotion', 'urgent', 'rule')
                then c.handoff_reason
            else coalesce((
                select e.body ->> 'reason' from events e
                where e.conversation_id = c.id and e.kind = 'state'
                  and e.body ->> 'reason' in ('asked', 'low_confidence', 'repeated_miss', 'emotion', 'urgent', 'rule')
                order by e.seq desc limit 1), 'other')
        end as handoff
        offset 0  -- each of these is found once for a row, however often it is named above
    ) h
    left join lateral (
        select (array_agg(t.spent_seconds order by t.id) filter (where t.kind = 'first_reply'))[1] as first_reply,
               (array_agg(t.spent_seconds order by t.id desc) filter (where t.kind = 'resolution'))[1] as resolution
        from clocks t
        where c.handed_off_at is not null and t.subject_id = c.id and t.subject_kind = 'conversation'
          and t.kind in ('first_reply', 'resolution') and t.met_at is not null and t.next_at is null
    ) k on true
    cross join lateral (
        select c.state = 'closed' and exists (
            select from conversations n
            where n.previous_id = c.id and n.started_at <= c.closed_at + back_within
              and (n.question_seq > 0 or n.handed_off_at is not null)) as back
        offset 0
    ) b
    cross join lateral (
        select c.state = 'closed' and c.reason <> 'blocked'
               and (v.conversation_id is not null or c.handed_off_at is not null)
               and (b.back or c.closed_at + back_within <= moment)
               and not exists (
                   select from conversations p
                   where p.id = c.previous_id and p.closed_at + back_within >= c.started_at
                     and (p.question_seq > 0 or p.handed_off_at is not null)) as known,
               not b.back and c.resolved is not false
               and (case when c.handed_off_at is null then v.solved else c.first_reply_at is not null end) is true
                   as first
        offset 0
    ) f
    where c.started_at >= since and c.started_at < until and c.last_seq > 0 and c.reason is distinct from 'merged'
      and (in_group is null or c.group_id = in_group)
      and (on_site is null or c.site = on_site)
      and (over_channel is null or c.channel = over_channel)
      and (about is null or s.topic = about or starts_with(s.topic, about || '/'))
      and (of_tier is null or of_tier = coalesce(c.tier, (
          select case when array_position(tiers, k.tier) > array_position(tiers, u.tier) then k.tier else u.tier end
          from customers u left join companies k on k.id = u.company_id where u.id = c.customer_id)))
$$;

-- What agents promised in a conversation; proposals that nobody confirmed do not count.
create view counted_promises as
select p.id, p.conversation_id, p.owner, p.due_at as at, p.broken_at is not null as late,
       array_remove(array[
           'promises',
           case when p.broken_at is not null then 'promises.broken' when p.state = 'kept' then 'promises.kept'
                else 'promises.open' end,
           case when p.broken_at is not null or p.state = 'kept' then 'promises.due' end
       ], null) as segments
from promises p where p.state in ('open', 'kept');

-- The clocks of a conversation and of the tickets made from it. What ended unmet and in time was called off: the customer
-- left, or the matter went back to the bot.
create view counted_clocks as
select k.id, coalesce(t.conversation_id, k.subject_id) as conversation_id, t.number as ticket, k.level, k.kind,
       k.started_at as at, k.spent_seconds, k.target_seconds, k.breached_at is not null as late,
       k.met_at is not null and k.breached_at is null as kept,
       k.met_at is null and k.ended_at is null and k.breached_at is null as running,
       array_remove(array[
           case when k.met_at is not null or k.breached_at is not null then format('target.%s.%s', k.level, k.kind) end,
           case when k.breached_at is not null then format('target.%s.%s.late', k.level, k.kind)
                when k.met_at is not null then format('target.%s.%s.kept', k.level, k.kind)
                when k.ended_at is null then format('target.%s.%s.running', k.level, k.kind) end
       ], null) as segments
from clocks k left join tickets t on k.subject_kind = 'ticket' and t.id = k.subject_id
where k.subject_kind = 'conversation' or t.conversation_id is not null;

-- How likely customers are to recommend us.
create view counted_surveys as
select r.conversation_id, r.ticket, r.at, r.nps,
       array['nps', case when r.nps >= 9 then 'nps.promoters' when r.nps <= 6 then 'nps.detractors'
                         else 'nps.passives' end] as segments
from ratings r where r.nps is not null;
