-- name: names
-- What colleagues and groups are called.
select id, public_name as name from accounts
union all select id, name from groups;
