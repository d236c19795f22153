-- What managers count, kept for conversations that have ended: 200,000 of them are added up in a moment instead of looked
-- up one by one. What is kept says what holds for ever; what depends on settings or on the present moment (a quick reply,
-- coming back within a day) is found when it is read. Whatever still runs, and whatever has changed and was not counted
-- anew yet, is looked up as before, so that a figure is exact at every moment, late ratings and corrections included.

-- Of each conversation what it counts as, as the tables have it now.
create view conversation_marks as
select c.id, c.customer_id, c.site, c.channel, c.state, c.started_at, c.closed_at, c.owner, c.group_id, c.tier, s.topic,
       c.wrap_up ->> 'category' as category, h.handoff, k.first_reply, k.resolution, r.csat,
       case when v.solved then v.seconds end as solved_seconds,
       -- when a customer was back on the same matter, and when the matter before it ended
       (select min(n.started_at) from conversations n
        where c.state = 'closed' and n.previous_id = c.id and (n.question_seq > 0 or n.handed_off_at is not null)) as back_at,
       (select p.closed_at from conversations p
        where p.id = c.previous_id and (p.question_seq > 0 or p.handed_off_at is not null)) as before_at,
       c.state = 'closed' and c.reason <> 'blocked' and (v.conversation_id is not null or c.handed_off_at is not null)
           as ended,
       c.resolved is not false
           and (case when c.handed_off_at is null then v.solved else c.first_reply_at is not null end) is true as helped,
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
           case when k.first_reply is not null then 'replied' end,
           case when k.first_reply is null and c.handed_off_at is not null and c.state in ('waiting', 'human')
                then 'reply_owed' end,
           case when k.first_reply is null and c.handed_off_at is not null and c.state in ('bot', 'closed')
                then 'reply_never' end,
           case when k.resolution is not null then 'settled' end,
           case when r.csat is not null
                  or (c.state = 'closed' and c.first_reply_at is not null and c.reason <> 'blocked')
                then 'csat_asked' end,
           case when r.csat is not null then 'csat' end,
           case when r.csat >= 4 then 'csat_good' end,
           case when r.csat <= 2 then 'csat_bad' end,
           case when c.state = 'closed' and c.assigned_at is not null then 'closed_by_human' end,
           case when c.state = 'closed' and c.assigned_at is not null and c.wrap_up ? 'category' then 'filed' end
       ], null) as segments
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
where c.last_seq > 0 and c.reason is distinct from 'merged';

-- What the bot answered with in a conversation, each once.
create function answered_with(conversation uuid) returns text[] language sql stable as $$
    select array_agg(distinct e.body #>> '{sources,0,article_id}')
    from events e
    where e.conversation_id = conversation and e.kind = 'message' and e.actor_kind = 'bot'
      and e.body ->> 'decision' = 'answer' and e.body #>> '{sources,0,article_id}' is not null
$$;

-- The sets of segments that there are: few, so that they are counted by number.
create table counted_kinds (
    id       integer generated always as identity primary key,
    segments text[] not null unique
);

-- What ended conversations count as; `kind` stands for `segments`.
create table counted_conversations (
    id             uuid primary key,
    started_at     timestamptz not null,
    kind           integer not null references counted_kinds (id),
    customer_id    uuid not null,
    site           text not null,
    channel        text not null,
    closed_at      timestamptz,
    owner          uuid,
    group_id       uuid,
    tier           text,
    topic          text,
    category       text,
    handoff        text,
    first_reply    double precision,
    resolution     double precision,
    csat           smallint,
    solved_seconds double precision,
    back_at        timestamptz,
    before_at      timestamptz,
    ended          boolean not null,
    helped         boolean not null,
    articles       text[]
);
create index counted_conversations_started on counted_conversations (started_at);

-- Conversations that have to be counted (again): whoever changes one adds a line and waits for nobody.
create table uncounted (
    number          bigint generated always as identity primary key,
    conversation_id uuid not null
);
insert into uncounted (conversation_id) select id from conversations where state = 'closed' order by id desc;

create function note_uncounted() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'clocks' then
        insert into uncounted (conversation_id) values (new.subject_id);
    elsif tg_table_name <> 'conversations' then
        insert into uncounted (conversation_id) values (coalesce(new.conversation_id, old.conversation_id));
    elsif tg_op = 'DELETE' then
        insert into uncounted (conversation_id) values (old.id);
    else
        if new.state = 'closed' then
            insert into uncounted (conversation_id) values (new.id);
        end if;
        if new.previous_id is not null then
            insert into uncounted (conversation_id) values (new.previous_id);
        end if;
    end if;
    return null;
end
$$;
create trigger conversations_ended_uncounted after insert on conversations for each row
    when (new.state = 'closed' or (new.previous_id is not null and (new.question_seq > 0 or new.handed_off_at is not null)))
    execute function note_uncounted();
create trigger conversations_changed_uncounted after update on conversations for each row
    when (new.state = 'closed'
          or (new.previous_id is not null
              and ((old.question_seq > 0) <> (new.question_seq > 0)
                   or (old.handed_off_at is null) <> (new.handed_off_at is null))))
    execute function note_uncounted();
create trigger conversations_gone_uncounted after delete on conversations for each row execute function note_uncounted();
create trigger verdicts_uncounted after insert or update or delete on l1_verdicts for each row
    execute function note_uncounted();
create trigger ratings_uncounted after insert or update or delete on ratings for each row execute function note_uncounted();
create trigger clocks_uncounted after update on clocks for each row
    when (new.subject_kind = 'conversation' and new.met_at is not null
          and (old.next_at is distinct from new.next_at or old.spent_seconds <> new.spent_seconds
               or old.met_at is distinct from new.met_at))
    execute function note_uncounted();

-- Counts some of what waits, the newest first; how many lines are done. One at a time in the whole desk.
create function count_uncounted(most integer) returns integer language plpgsql as $$
declare
    done  integer;
    due   uuid[];
    marks conversation_marks[];
    kept  jsonb;  -- what the bot answered with, where the words have gone into the archive since
begin
    if not pg_try_advisory_xact_lock(hashtextextended('yingda.counting', 0)) then
        return 0;
    end if;
    with taken as (
        delete from uncounted where number in (select number from uncounted order by number desc limit most)
        returning conversation_id
    )
    select count(*), array_agg(distinct conversation_id) into done, due from taken;
    if done = 0 then
        return 0;
    end if;
    select array_agg(id) into due
    from (select unnest(due) as id union
          select n.id from conversations n where n.previous_id = any(due) and n.state = 'closed') d;
    select array_agg(m) into marks from conversation_marks m where m.id = any(due) and m.state = 'closed';
    select jsonb_object_agg(k.id, to_jsonb(k.articles)) into kept
    from counted_conversations k where k.id = any(due) and k.articles is not null;
    delete from counted_conversations where id = any(due);
    insert into counted_kinds (segments) select distinct m.segments from unnest(marks) m on conflict do nothing;
    insert into counted_conversations
        select m.id, m.started_at, q.id, m.customer_id, m.site, m.channel, m.closed_at, m.owner, m.group_id, m.tier,
               m.topic, m.category, m.handoff, m.first_reply, m.resolution, m.csat, m.solved_seconds, m.back_at,
               m.before_at, m.ended, m.helped,
               coalesce(answered_with(m.id), nullif(array(select jsonb_array_elements_text(kept -> m.id::text)), '{}'))
        from unnest(marks) m join counted_kinds q on q.segments = m.segments;
    return done;
end
$$;

-- Conversations that began from `since` on and before `until`: those that were counted, and the others as they are now.
-- null: any group, site, channel, tier, topic (`about` is a topic of both levels or a first level for all below it).
-- `tiers` are all tiers, the lowest first. Either `kind` or `segments` says what one counts as for ever.
create function facts_between(
    since timestamptz, until timestamptz, in_group uuid, on_site text, over_channel text, of_tier text, about text,
    tiers text[]
) returns table (
    id uuid, state text, started_at timestamptz, closed_at timestamptz, customer_id uuid, site text, channel text,
    owner uuid, group_id uuid, topic text, category text, handoff text, first_reply double precision,
    resolution double precision, csat smallint, solved_seconds double precision, back_at timestamptz,
    before_at timestamptz, ended boolean, helped boolean, articles text[], kind integer, segments text[]
) language sql stable as $$
    select f.id, f.state, f.started_at, f.closed_at, f.customer_id, f.site, f.channel, f.owner, f.group_id, f.topic,
           f.category, f.handoff, f.first_reply, f.resolution, f.csat, f.solved_seconds, f.back_at, f.before_at, f.ended,
           f.helped, f.articles, f.kind, f.segments
    from (
        select k.id, 'closed' as state, k.started_at, k.closed_at, k.customer_id, k.site, k.channel, k.owner, k.group_id,
               k.tier, k.topic, k.category, k.handoff, k.first_reply, k.resolution, k.csat, k.solved_seconds, k.back_at,
               k.before_at, k.ended, k.helped, k.articles, k.kind, null::text[] as segments
        from counted_conversations k
        where k.id not in (select u.conversation_id from uncounted u)
        union all
        select m.id, m.state, m.started_at, m.closed_at, m.customer_id, m.site, m.channel, m.owner, m.group_id,
               m.tier, m.topic, m.category, m.handoff, m.first_reply, m.resolution, m.csat, m.solved_seconds, m.back_at,
               m.before_at, m.ended, m.helped, answered_with(m.id), null::integer, m.segments
        from conversation_marks m where m.state <> 'closed'
        union all
        select m.id, m.state, m.started_at, m.closed_at, m.customer_id, m.site, m.channel, m.owner, m.group_id,
               m.tier, m.topic, m.category, m.handoff, m.first_reply, m.resolution, m.csat, m.solved_seconds, m.back_at,
               m.before_at, m.ended, m.helped, answered_with(m.id), null::integer, m.segments
        from conversation_marks m
        where m.state = 'closed' and m.id in (select u.conversation_id from uncounted u)
    ) f
    where f.started_at >= since and f.started_at < until
      and (in_group is null or f.group_id = in_group)
      and (on_site is null or f.site = on_site)
      and (over_channel is null or f.channel = over_channel)
      and (about is null or f.topic = about or starts_with(f.topic, about || '/'))
      and (of_tier is null or of_tier = coalesce(f.tier, (
          select case when array_position(tiers, k.tier) > array_position(tiers, u.tier) then k.tier else u.tier end
          from customers u left join companies k on k.id = u.company_id where u.id = f.customer_id)))
$$;

-- What a conversation counts as at a moment and by the settings, in bits: a reply within `reply_seconds` of open time, a
-- later one, an answer of the bot within `bot_seconds`, back within `back_within` of the end, known whether the first
-- contact solved it, it did, it did not.
create function moving_marks(
    first_reply double precision, solved_seconds double precision, started_at timestamptz, closed_at timestamptz,
    back_at timestamptz, before_at timestamptz, ended boolean, helped boolean, moment timestamptz,
    reply_seconds double precision, bot_seconds double precision, back_within interval
) returns integer language sql stable as $$
    select case when first_reply <= reply_seconds then 1 when first_reply > reply_seconds then 2 else 0 end
         + case when solved_seconds <= bot_seconds then 4 else 0 end
         + case when back_at <= closed_at + back_within then 8 else 0 end
         + case when ended and (back_at <= closed_at + back_within or closed_at + back_within <= moment)
                     and (before_at + back_within >= started_at) is not true
                then 16 + case when helped and (back_at <= closed_at + back_within) is not true then 32 else 64 end
                else 0 end
$$;

-- The same by name.
create function named_marks(bits integer) returns text[] language sql immutable parallel safe as $$
    select array_remove(array[
        case when bits & 1 > 0 then 'replied_in_target' end, case when bits & 2 > 0 then 'replied_late' end,
        case when bits & 4 > 0 then 'bot_in_time' end, case when bits & 8 > 0 then 'came_back' end,
        case when bits & 16 > 0 then 'fcr_known' end, case when bits & 32 > 0 then 'fcr' end,
        case when bits & 64 > 0 then 'fcr_missed' end
    ], null)
$$;

drop function conversation_facts;

-- The same one by one, for the lists behind the figures.
create function conversation_facts(
    since timestamptz, until timestamptz, moment timestamptz, in_group uuid, on_site text, over_channel text,
    of_tier text, about text, tiers text[], reply_seconds double precision, bot_seconds double precision,
    back_within interval
) returns table (
    id uuid, customer_id uuid, site text, channel text, state text, started_at timestamptz, closed_at timestamptz,
    owner uuid, group_id uuid, topic text, category text, handoff text, first_reply double precision,
    resolution double precision, csat smallint, articles text[], segments text[]
) language sql stable as $$
    select f.id, f.customer_id, f.site, f.channel, f.state, f.started_at, f.closed_at, f.owner, f.group_id, f.topic,
           f.category, f.handoff, f.first_reply, f.resolution, f.csat, f.articles,
           coalesce(q.segments, f.segments)
           || named_marks(moving_marks(f.first_reply, f.solved_seconds, f.started_at, f.closed_at, f.back_at, f.before_at,
                                       f.ended, f.helped, moment, reply_seconds, bot_seconds, back_within))
    from facts_between(since, until, in_group, on_site, over_channel, of_tier, about, tiers) f
    left join counted_kinds q on q.id = f.kind
$$;

-- The clocks of a conversation and of the tickets made from it, each found by what it belongs to. What ended unmet and in
-- time was called off: the customer left, or the matter went back to the bot.
create or replace view counted_clocks as
select k.id, k.conversation_id, k.ticket, k.level, k.kind, k.started_at as at, k.spent_seconds, k.target_seconds,
       k.breached_at is not null as late,
       k.met_at is not null and k.breached_at is null as kept,
       k.met_at is null and k.ended_at is null and k.breached_at is null as running,
       array_remove(array[
           case when k.met_at is not null or k.breached_at is not null then format('target.%s.%s', k.level, k.kind) end,
           case when k.breached_at is not null then format('target.%s.%s.late', k.level, k.kind)
                when k.met_at is not null then format('target.%s.%s.kept', k.level, k.kind)
                when k.ended_at is null then format('target.%s.%s.running', k.level, k.kind) end
       ], null) as segments
from (
    select c.id, c.subject_id as conversation_id, null::text as ticket, c.level, c.kind, c.started_at, c.spent_seconds,
           c.target_seconds, c.met_at, c.ended_at, c.breached_at
    from clocks c where c.subject_kind = 'conversation'
    union all
    select c.id, t.conversation_id, t.number, c.level, c.kind, c.started_at, c.spent_seconds, c.target_seconds, c.met_at,
           c.ended_at, c.breached_at
    from clocks c join tickets t on t.id = c.subject_id
    where c.subject_kind = 'ticket' and t.conversation_id is not null
) k;
create index clocks_started on clocks using brin (started_at);  -- rows come in the order of their time
