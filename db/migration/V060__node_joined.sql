-- When a replica left its first heartbeat, by the database's clock: whether one that died was replaced
-- since. Replicas of the version before leave it at the time of their first insert.
ALTER TABLE node ADD COLUMN joined_at timestamptz NOT NULL DEFAULT clock_timestamp();
