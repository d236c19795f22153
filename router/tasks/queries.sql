-- name: add
-- A task, also within a change of a conversation; a key that exists already adds nothing.
insert into tasks (id, key, kind, state, due_at, assignee, group_id, customer_id, company_id, conversation_id, text,
                   contact_sealed, remind_at, overdue_at, created_by, created_at)
values ($1::uuid, $2::text, $3::text, 'open', $4::timestamptz, $5::uuid, $6::uuid, $7::uuid, $8::uuid, $9::uuid,
        $10::text, $11::bytea, $4::timestamptz, $12::timestamptz, $13::uuid, $14::timestamptz)
on conflict (key) do nothing;

-- name: task
-- One task with its company's name.
select t.*, k.name as company from tasks t left join companies k on k.id = t.company_id where t.id = $1::uuid;

-- name: lock_task
-- One task, for changing.
select t.*, k.name as company from tasks t left join companies k on k.id = t.company_id where t.id = $1::uuid
for no key update of t;

-- name: tasks_page
-- What is to be done, the soonest first, after a cursor; ended ones the same way. Of one assignee ($1), or of these
-- groups and the reader ($2, $3; null: all). $4: only with nobody's name on it; $5: only what is late at that time.
select t.*, k.name as company
from tasks t left join companies k on k.id = t.company_id
where t.state = $6::text
  and ($1::uuid is null or t.assignee = $1::uuid)
  and ($2::uuid[] is null or t.group_id = any($2::uuid[]) or t.assignee = $3::uuid or t.created_by = $3::uuid)
  and (not $4::boolean or t.assignee is null)
  and ($5::timestamptz is null or t.due_at < $5::timestamptz)
  and ($7::text is null or t.kind = $7::text)
  and ($8::uuid is null or t.customer_id = $8::uuid)
  and ($9::uuid is null or t.company_id = $9::uuid)
  and ($10::uuid is null or t.conversation_id = $10::uuid)
  and ($11::uuid is null
       or (t.due_at, t.id) > (select c.due_at, c.id from tasks c where c.id = $11::uuid))
order by t.due_at, t.id limit $12::integer;

-- name: change
-- Write a task as changed; a new time brings its reminders back.
update tasks
set state = $2::text, due_at = $3::timestamptz, assignee = $4::uuid, group_id = $5::uuid, text = $6::text,
    outcome = $7::text, outcome_text = $8::text, ended_by = $9::uuid, ended_at = $10::timestamptz,
    remind_at = case when due_at = $3::timestamptz then remind_at else $3::timestamptz end,
    overdue_at = case when due_at = $3::timestamptz then overdue_at else $11::timestamptz end,
    version = version + 1
where id = $1::uuid;

-- name: claim_due
-- Tasks whose time has come, once each, with who could take up what nobody of a group has.
update tasks set remind_at = null
where id in (select id from tasks where state = 'open' and remind_at <= $1::timestamptz
             order by remind_at limit $2::integer for update skip locked)
returning *, (select name from companies k where k.id = tasks.company_id) as company,
          array(select m.account_id from group_members m join accounts a on a.id = m.account_id
                where m.group_id = tasks.group_id and a.disabled_at is null) as members;

-- name: claim_overdue
-- Tasks that are late enough for the supervisors to hear of it, once each.
update tasks set overdue_at = null
where id in (select id from tasks where state = 'open' and overdue_at <= $1::timestamptz
             order by overdue_at limit $2::integer for update skip locked)
returning *, (select name from companies k where k.id = tasks.company_id) as company;

-- name: account_exists
-- Whether somebody who may have tasks has this id.
select exists (select from accounts where id = $1::uuid and disabled_at is null);

-- name: group_exists
-- Whether there is such a group.
select exists (select from groups where id = $1::uuid);

-- name: customer_exists
-- Whether there is such a customer.
select exists (select from customers where id = $1::uuid and erased_at is null);

-- name: company_exists
-- Whether there is such a company.
select exists (select from companies where id = $1::uuid);

-- name: gone_live
-- Companies that went live between two moments, whose success managers are still here or not named.
select k.id, k.name, k.go_live_at, k.main_contact, a.id as success_manager
from companies k left join accounts a on a.id = k.success_manager and a.disabled_at is null
where k.merged_into is null and k.go_live_at between $1::timestamptz and $2::timestamptz
order by k.go_live_at, k.id;
