-- Statements about articles, their revisions and the index versions made of them.

-- name: stored_articles
-- Every article ever stored with its current revision and the number of its newest one.
select a.id, a.origin, a.source, a.removed_at, r.*,
       (select max(n.revision) from article_revisions n where n.article_id = a.id) as newest
  from articles a join article_revisions r on r.article_id = a.id and r.revision = a.revision
 order by a.id

-- name: stored_article
-- One of them, locked until the end of the transaction.
select a.id, a.origin, a.source, a.removed_at, r.*,
       (select max(n.revision) from article_revisions n where n.article_id = a.id) as newest
  from articles a join article_revisions r on r.article_id = a.id and r.revision = a.revision
 where a.id = $1::text
   for update of a

-- name: current_article
-- One of them as it is now, without a lock.
select a.id, a.origin, a.source, a.removed_at, r.*,
       (select max(n.revision) from article_revisions n where n.article_id = a.id) as newest
  from articles a join article_revisions r on r.article_id = a.id and r.revision = a.revision
 where a.id = $1::text

-- name: current_revisions
-- What every article stands at; compared before anything is written.
select id, revision, removed_at is not null as removed from articles

-- name: lock_articles
-- Nobody else changes an article until the end of the transaction; reading goes on.
lock table articles in share row exclusive mode

-- name: insert_revision
-- One more revision of an article, never changed afterwards.
insert into article_revisions (article_id, revision, question, variants, answer, category, tags, locale, site, status,
                               visibility, audience, editions, valid_from, valid_to, pictures, content_hash, origin,
                               author, at, answer_at)
values ($1::text, $2::integer, $3::text, $4::text[], $5::text, $6::text, $7::text[], $8::text, $9::text, $10::text,
        $11::text, $12::text[], $13::text[], $14::timestamptz, $15::timestamptz, $16::jsonb, $17::text, $18::text,
        $19::text, $20::timestamptz, $21::double precision)

-- name: put_article
-- The article with what is now its current revision; a removed one comes back.
insert into articles (id, origin, source, revision, removed_at, created_at, updated_at)
values ($1::text, $2::text, $3::text, $4::integer, null, $5::timestamptz, $5::timestamptz)
on conflict (id) do update
   set origin = excluded.origin, source = excluded.source, revision = excluded.revision, removed_at = null,
       updated_at = excluded.updated_at

-- name: move_article
-- The same content, now in another file.
update articles set source = $2::text where id = $1::text

-- name: remove_article
-- Out of the knowledge base; its revisions stay.
update articles set removed_at = $2::timestamptz, updated_at = $2::timestamptz where id = $1::text

-- name: history
-- All revisions of an article, newest first.
select a.id, a.origin, a.source, a.removed_at, r.*, r.revision as newest
  from articles a join article_revisions r on r.article_id = a.id
 where a.id = $1::text
 order by r.revision desc

-- name: pinned_articles
-- The articles of an index version at the revisions it pins.
select e.article_id as id, r.*
  from index_entries e join article_revisions r on r.article_id = e.article_id and r.revision = e.revision
 where e.version = $1::bigint
 order by e.article_id

-- name: pinned_revisions
-- Which revision of which article an index version pins.
select article_id, revision from index_entries where version = $1::bigint

-- name: pin_back_articles
-- Rollback: the pinned revisions become the current ones again, removed articles come back.
update articles a
   set revision = e.revision, removed_at = null, origin = r.origin, updated_at = $2::timestamptz
  from index_entries e join article_revisions r on r.article_id = e.article_id and r.revision = e.revision
 where e.version = $1::bigint and a.id = e.article_id and (a.revision <> e.revision or a.removed_at is not null)

-- name: remove_unpinned_articles
-- Rollback: what the version did not have leaves the knowledge base.
update articles set removed_at = $2::timestamptz, updated_at = $2::timestamptz
 where removed_at is null and id not in (select article_id from index_entries where version = $1::bigint)

-- name: next_version
-- Versions count up from 1; the caller holds the lock of the knowledge base.
select coalesce(max(version), 0) + 1 from index_versions

-- name: insert_version
-- A version that is built and whole.
insert into index_versions (version, status, encoder, encoder_hash, dimensions, kind, calibration, articles, texts,
                            content_hash, note, created_at, lesson_set, tuned_encoder, base_encoder_hash)
values ($1::bigint, 'ready', $2::text, $3::text, $4::integer, $5::text, $6::jsonb, $7::integer, $8::integer, $9::text,
        $10::text, $11::timestamptz, $12::bigint, $13::text, $14::text)

-- name: insert_entries
-- The revisions that a version pins.
insert into index_entries (version, article_id, revision)
select $1::bigint, * from unnest($2::text[], $3::integer[])

-- name: version
-- One version.
select version, encoder, encoder_hash, kind, calibration, articles, texts, content_hash, note, created_at, lesson_set,
       tuned_encoder, base_encoder_hash
  from index_versions where version = $1::bigint and status = 'ready'

-- name: versions
-- All versions, newest first, and which one is served.
select v.version, v.encoder, v.encoder_hash, v.kind, v.calibration, v.articles, v.texts, v.content_hash, v.note,
       v.created_at, v.lesson_set, v.tuned_encoder, v.base_encoder_hash, coalesce(s.version = v.version, false) as serving
  from index_versions v left join serving s on true
 where v.status = 'ready'
 order by v.version desc

-- name: lessons
-- What a set teaches; a question that was taken back or erased is not there any more.
select coalesce(question, question_text(conversation_id, question_seqs)) as question, article_id, is_right
  from lessons
 where set_id = $1::bigint and coalesce(question, question_text(conversation_id, question_seqs)) is not null
 order by place

-- name: insert_lesson_set
-- A set of lessons that a training promotes.
insert into lesson_sets (figures, created_at) values ($1::jsonb, $2::timestamptz) returning id

-- name: insert_lessons
-- The lessons of a set.
insert into lessons (set_id, place, conversation_id, question_seqs, question, article_id, is_right)
select $1::bigint, l.*
  from jsonb_to_recordset($2::jsonb)
       as l (place integer, conversation_id uuid, question_seqs integer[], question text, article_id text, is_right boolean)

-- name: serving
-- The version that running servers answer with.
select version from serving

-- name: serve
-- The swap: one row, one statement.
insert into serving (only_row, version, changed_at) values (true, $1::bigint, $2::timestamptz)
on conflict (only_row) do update set version = excluded.version, changed_at = excluded.changed_at

-- name: try_lock
-- One process changes the knowledge base at a time; ends with the connection at the latest.
select pg_try_advisory_lock(hashtextextended('yingda.knowledge', 0))

-- name: unlock
-- Gives the lock back.
select pg_advisory_unlock(hashtextextended('yingda.knowledge', 0))

-- name: audit
-- Who changed the knowledge base.
insert into audit (at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, detail)
values ($1::timestamptz, $2::text, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::jsonb)

-- name: layers
-- Layers that were tuned, as their file was written.
select weights from tuned_layers where name = $1::text

-- name: knows_layers
-- Whether they are kept.
select exists (select from tuned_layers where name = $1::text)

-- name: layers_seen
-- What the newest ones of an encoder were tuned on.
select seen from tuned_layers where base = $1::text order by created_at desc limit 1

-- name: put_layers
-- Layers just tuned; the same ones again are the same.
insert into tuned_layers (name, base, weights, seen, created_at)
values ($1::text, $2::text, $3::bytea, $4::bytea, $5::timestamptz)
on conflict (name) do nothing

-- name: forget_layers
-- Only those stay that are served or that versions of late name, so that they can be gone back to.
delete from tuned_layers
 where name not in (select v.tuned_encoder from index_versions v join serving s on s.version = v.version
                     where v.tuned_encoder is not null)
   and name not in (select tuned_encoder from index_versions where tuned_encoder is not null
                     group by tuned_encoder order by max(version) desc limit $1::integer)
returning name

-- name: try_tuning
-- One process tunes layers at a time; ends with the connection at the latest.
select pg_try_advisory_lock(hashtextextended('yingda.tuning', 0))

-- name: end_tuning
-- Gives the lock back.
select pg_advisory_unlock(hashtextextended('yingda.tuning', 0))
