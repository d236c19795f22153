-- Files of a ticket's comments: those among colleagues are in no conversation.
alter table uploads add column ticket_id uuid;
alter table uploads add column comment integer;
create index uploads_of_ticket on uploads (ticket_id, comment) where ticket_id is not null;
