-- Not used yet.
select 1;
