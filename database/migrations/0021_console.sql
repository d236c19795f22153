-- Nothing yet.
select where false;
