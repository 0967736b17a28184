-- Each Redis server is told on its own, however long another one is away: a row is owed to one server, named by
-- its number in CACHE_REDIS_URLS. Replicas of the version before owe a row to all of them: -1.
ALTER TABLE cache_outbox ADD COLUMN server smallint NOT NULL DEFAULT -1;
