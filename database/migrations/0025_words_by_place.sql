-- What runs found keeps customers' words as places in the log from now on; what was copied until now goes.
delete from knowledge_runs where kind in ('reindex', 'replay', 'try');
update knowledge_runs set report = null where kind = 'evaluation';
