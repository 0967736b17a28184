-- What is due at one server, however much waits for another that is away.
DROP INDEX CONCURRENTLY IF EXISTS edge_purge_server;
CREATE INDEX CONCURRENTLY edge_purge_server ON edge_purge (server, due_at) WHERE failed_at IS NULL;
-- Whether a living value carries a tag: the invalidation of one that none carries is soon forgotten.
DROP INDEX CONCURRENTLY IF EXISTS cache_entry_tags;
CREATE INDEX CONCURRENTLY cache_entry_tags ON cache_entry USING gin (tags)
  WHERE payload IS NOT NULL AND tags <> '{}';
