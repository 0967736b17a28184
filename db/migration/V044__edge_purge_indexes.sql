-- What the CDN was given up on, by its age, and what is still owed to it, oldest first: neither is looked
-- for in the whole table.
DROP INDEX CONCURRENTLY IF EXISTS edge_purge_failed;
CREATE INDEX CONCURRENTLY edge_purge_failed ON edge_purge (failed_at) WHERE failed_at IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS edge_purge_owed;
CREATE INDEX CONCURRENTLY edge_purge_owed ON edge_purge (purge_id) WHERE failed_at IS NULL;
