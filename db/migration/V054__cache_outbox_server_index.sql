-- What one server is owed, oldest first. Dropped first: a build that was broken off leaves an index behind that
-- is not valid.
DROP INDEX CONCURRENTLY IF EXISTS cache_outbox_server;
CREATE INDEX CONCURRENTLY cache_outbox_server ON cache_outbox (server, outbox_id);
