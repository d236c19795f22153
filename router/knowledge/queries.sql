-- Statements of the editors' desk: its list, drafts, steps, releases, imports and runs.

-- name: desk_articles
-- One page of the list with the number of all that fit: live articles with their drafts, and drafts of new ones.
with flags as (
    select article_id, count(*)::integer as flags from learning_tasks
    where kind = 'flagged' and outcome is null and article_id is not null group by article_id
), live as (
    select a.id, a.origin, a.confirmed_at, r.revision, r.question, r.variants, r.answer, r.category, r.tags, r.locale,
           r.site, r.status, r.visibility, r.audience, r.editions, r.valid_from, r.valid_to, r.author, r.at,
           d.state as draft_state, d.author as draft_author, d.updated_at as drafted_at,
           greatest(a.confirmed_at, r.at) as looked_at
    from articles a
    join article_revisions r on r.article_id = a.id and r.revision = a.revision
    left join article_drafts d on d.article_id = a.id
    where a.removed_at is null
    union all
    select d.article_id, 'desk', null, 0, coalesce(d.content ->> 'question', ''),
           array(select jsonb_array_elements_text(d.content -> 'variants')), coalesce(d.content ->> 'answer', ''),
           d.content ->> 'category', array(select jsonb_array_elements_text(d.content -> 'tags')),
           coalesce(d.content ->> 'locale', 'zh-CN'), d.content ->> 'site', 'draft', d.content ->> 'visibility',
           array(select jsonb_array_elements_text(d.content -> 'audience')),
           array(select jsonb_array_elements_text(d.content -> 'editions')), null, null, d.author, d.updated_at,
           d.state, d.author, d.updated_at, d.updated_at
    from article_drafts d
    where not exists (select from articles a where a.id = d.article_id and a.removed_at is null)
), marked as (
    select l.*, coalesce(f.flags, 0) as flags, coalesce(s.stale, '{}') as stale
    from live l
    left join flags f on f.article_id = l.id
    left join lateral (
        select array_agg(v.name order by v.released_at) as stale from releases v
        where l.status = 'published' and l.revision > 0 and v.released_at <= $1::timestamptz
          and v.released_at > l.looked_at
          and (v.site is null or l.site is null or v.site = l.site)
          and (v.editions = '{}' or l.editions = '{}' or v.editions && l.editions)
          and (v.categories = '{}' or exists (select from unnest(v.categories) c where l.category like c || '%'))
          and ($14::uuid is null or v.id = $14::uuid)) s on true
), fitting as (
    select * from marked m
    where not exists (select from unnest($2::text[]) w
                      where position(w in lower(concat_ws(' ', m.id, m.question, array_to_string(m.variants, ' '),
                                                          m.answer, m.category, array_to_string(m.tags, ' ')))) = 0)
      and ($3::text is null or m.status = $3::text or m.draft_state = $3::text)
      and ($4::text is null or m.visibility = $4::text)
      and ($5::text is null or $5::text = any(m.audience))
      and ($6::text is null or $6::text = any(m.editions))
      and ($7::text is null or m.category = $7::text or m.category like $7::text || '/%')
      and ($8::text is null or m.locale = $8::text)
      and ($9::text is null or m.site = $9::text)
      and ($10::text is null or m.origin = $10::text)
      and (not $11::boolean or m.stale <> '{}')
      and (not $12::boolean or m.flags > 0)
      and ($13::text[] is null or (m.status = 'published' and m.id <> all($13::text[])))
      and ($18::text is null or m.id = $18::text)
)
select *, count(*) over ()::integer as total from fitting
order by case when $15::text = 'updated' then coalesce(drafted_at, at) end desc nulls last,
         case when $15::text = 'flags' then flags end desc nulls last,
         case when $15::text = 'category' then category end nulls last, id
limit $16::integer offset $17::integer

-- name: facets
-- What filters may be set to: every value that live articles have.
select array(select distinct r.category from articles a join article_revisions r on r.article_id = a.id
                and r.revision = a.revision where a.removed_at is null and r.category is not null order by 1) as categories,
       array(select distinct t from articles a join article_revisions r on r.article_id = a.id
                and r.revision = a.revision, unnest(r.tags) t where a.removed_at is null order by 1) as tags,
       array(select distinct t from articles a join article_revisions r on r.article_id = a.id
                and r.revision = a.revision, unnest(r.audience) t where a.removed_at is null order by 1) as audiences,
       array(select distinct t from articles a join article_revisions r on r.article_id = a.id
                and r.revision = a.revision, unnest(r.editions) t where a.removed_at is null order by 1) as editions,
       array(select distinct r.locale from articles a join article_revisions r on r.article_id = a.id
                and r.revision = a.revision where a.removed_at is null order by 1) as locales

-- name: desk_counts
-- How much waits for editors: reviews, drafts, flagged articles.
select (select count(*) from article_drafts where state = 'review')::integer as reviews,
       (select count(*) from article_drafts where state = 'draft')::integer as drafts,
       (select count(distinct t.article_id) from learning_tasks t join articles a on a.id = t.article_id
         where t.kind = 'flagged' and t.outcome is null and a.removed_at is null)::integer as flagged

-- name: answered_with
-- How often the bot answered with each article in conversations begun since a moment, given as the least id of a
-- conversation of that moment.
select body #>> '{sources,0,article_id}' as article_id, count(*)::integer as answers
from events
where conversation_id >= $1::uuid and kind = 'message' and actor_kind = 'bot' and body ->> 'decision' = 'answer'
  and body #>> '{sources,0,article_id}' is not null
group by 1

-- name: draft
-- The draft of an article.
select * from article_drafts where article_id = $1::text

-- name: lock_draft
-- The same, held until the end of the transaction.
select * from article_drafts where article_id = $1::text for update

-- name: drafts
-- All drafts, those for review first, the latest first.
select * from article_drafts order by state = 'review' desc, updated_at desc

-- name: insert_draft
-- A draft where there is none yet.
insert into article_drafts (article_id, version, base_revision, state, content, task_ids, authors, author_id, author,
                            created_at, updated_at)
values ($1::text, 1, $2::integer, 'draft', $3::jsonb, $4::uuid[], array[$5::uuid], $5::uuid, $6::text,
        $7::timestamptz, $7::timestamptz)
on conflict (article_id) do nothing
returning *

-- name: save_draft
-- What the editor has now; whoever saves has written on it.
update article_drafts
   set version = version + 1, base_revision = $2::integer, content = $3::jsonb, state = 'draft',
       authors = case when $4::uuid = any(authors) then authors else authors || $4::uuid end,
       author_id = $4::uuid, author = $5::text, updated_at = $6::timestamptz,
       task_ids = array(select distinct unnest(task_ids || $7::uuid[]))
 where article_id = $1::text
returning *

-- name: move_draft
-- Handed to a reviewer, or back to its author.
update article_drafts set state = $2::text, version = version + 1 where article_id = $1::text returning *

-- name: delete_draft
-- It was published or thrown away.
delete from article_drafts where article_id = $1::text

-- name: insert_step
-- One more step on an article's way.
insert into article_steps (id, article_id, step, revision, comment, actor_id, actor_name, at)
values ($1::uuid, $2::text, $3::text, $4::integer, $5::text, $6::uuid, $7::text, $8::timestamptz)

-- name: steps
-- What became of an article, the latest first.
select * from article_steps where article_id = $1::text order by id desc limit 200

-- name: confirm_article
-- Somebody has read it, and it still holds.
update articles set confirmed_at = $2::timestamptz where id = $1::text and removed_at is null returning id

-- name: releases
-- All releases, the latest first, with how many articles each of them has made stale.
select v.*, (
    select count(*) from articles a join article_revisions r on r.article_id = a.id and r.revision = a.revision
    where a.removed_at is null and r.status = 'published' and v.released_at <= $1::timestamptz
      and v.released_at > greatest(a.confirmed_at, r.at)
      and (v.site is null or r.site is null or v.site = r.site)
      and (v.editions = '{}' or r.editions = '{}' or v.editions && r.editions)
      and (v.categories = '{}' or exists (select from unnest(v.categories) c where r.category like c || '%'))
)::integer as stale, (
    select count(*) from articles a join article_revisions r on r.article_id = a.id and r.revision = a.revision
    where a.removed_at is null and r.status = 'published'
      and (v.site is null or r.site is null or v.site = r.site)
      and (v.editions = '{}' or r.editions = '{}' or v.editions && r.editions)
      and (v.categories = '{}' or exists (select from unnest(v.categories) c where r.category like c || '%'))
)::integer as articles
from releases v order by v.released_at desc, v.id desc

-- name: insert_release
-- A version of the product.
insert into releases (id, name, note, released_at, site, editions, categories, author, created_at)
values ($1::uuid, $2::text, $3::text, $4::timestamptz, $5::text, $6::text[], $7::text[], $8::text, $9::timestamptz)

-- name: delete_release
-- It was entered by mistake.
delete from releases where id = $1::uuid returning id

-- name: insert_import
-- A file to be looked at.
insert into knowledge_imports (id, name, author_id, created_at)
values ($1::uuid, $2::text, $3::uuid, $4::timestamptz)

-- name: import_file
-- One that was not applied yet.
select * from knowledge_imports where id = $1::uuid and applied_at is null for update

-- name: applied_import
-- Its content is stored now.
update knowledge_imports set applied_at = $2::timestamptz where id = $1::uuid

-- name: old_imports
-- Files that were stored or that nobody came back to.
select id from knowledge_imports where applied_at is not null or created_at < $1::timestamptz

-- name: forget_import
-- One of them.
delete from knowledge_imports where id = $1::uuid

-- name: insert_run
-- Something to be done in a process of its own.
insert into knowledge_runs (id, kind, state, parameters, actor_id, actor_name, created_at, touched_at)
values ($1::uuid, $2::text, 'waiting', $3::jsonb, $4::uuid, $5::text, $6::timestamptz, $6::timestamptz)

-- name: begin_run
-- Its turn has come; nothing where it was stopped before.
update knowledge_runs set state = 'running', started_at = $2::timestamptz, touched_at = $2::timestamptz
 where id = $1::uuid and state = 'waiting' returning parameters

-- name: touch_run
-- How far it is.
update knowledge_runs set doing = $2::text, done = $3::integer, total = $4::integer, touched_at = $5::timestamptz
 where id = $1::uuid and state = 'running'

-- name: end_run
-- What came of it.
update knowledge_runs
   set state = $2::text, result = $3::jsonb, report = $4::text, error = $5::text, ended_at = $6::timestamptz,
       touched_at = $6::timestamptz
 where id = $1::uuid and state in ('waiting', 'running')

-- name: run
-- One run with its result.
select *, report is not null as has_report from knowledge_runs where id = $1::uuid

-- name: run_report
-- The page that it wrote, and the places of the words that it leaves out.
select report, result -> 'said' as said from knowledge_runs where id = $1::uuid

-- name: said
-- Customers' words at some places, as they stand in the log now: for each list of places with equal words the first that
-- can still be read, in the lists' order; null where nothing is left.
select coalesce(array_agg(w.words order by l.number), '{}') as words
from jsonb_array_elements($1::jsonb) with ordinality l (places, number)
left join lateral (
    select q.words from jsonb_array_elements(l.places) with ordinality p (place, number)
    cross join lateral (
        select question_text((p.place ->> 0)::uuid,
                             array(select s::integer from jsonb_array_elements_text(p.place -> 1) s)) as words) q
    where q.words is not null order by p.number limit 1) w on true

-- name: runs
-- The latest runs without what they found.
select id, kind, state, parameters - 'articles' as parameters, doing, done, total, error, actor_name, created_at,
       started_at, touched_at, ended_at, report is not null as has_report,
       case when result is not null then result -> 'summary' end as summary
from knowledge_runs
where ($1::text is null or kind = $1::text) and kind <> 'try'
order by id desc limit $2::integer

-- name: forget_runs
-- What an editor tried may be a customer's words: it goes after a day, everything else after a while.
delete from knowledge_runs
 where created_at < $1::timestamptz or (kind = 'try' and created_at < $2::timestamptz)
