-- Tokens that open nothing any more are found without walking through all of them.
create index visitors_revoked on visitors (revoked_at) where revoked_at is not null;
