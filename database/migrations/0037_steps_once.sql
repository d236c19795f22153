-- A step that was told again, since its acknowledgement was lost with the connection, is kept once.

alter table customer_steps add column client_id uuid;
create unique index customer_steps_once on customer_steps (customer_id, client_id) where client_id is not null;
