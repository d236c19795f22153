-- name: record
-- One line of the audit log; who did what to which thing. Never personal data or secrets in the detail.
insert into audit (at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, detail)
values ($1::timestamptz, $2::text, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::jsonb);
