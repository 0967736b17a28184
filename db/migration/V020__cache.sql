-- The third level of the cache, and the invalidations still owed to Redis.
--
-- Who came before whom is told by transactions and snapshots, never by clocks: a value is as true as
-- the snapshot under which its load began (`snapshot`), and is void when a transaction that invalidated
-- it or one of its tags is not visible in that snapshot. Clocks only say when a value expires and how
-- long what is over is kept.

-- Without a payload it is the trace of an invalidation, which a load still under way has to meet.
CREATE TABLE cache_entry (
  data_type      text COLLATE "C" NOT NULL,
  key            text COLLATE "C" NOT NULL,
  payload        bytea,
  tags           text[] NOT NULL DEFAULT '{}',
  snapshot       pg_snapshot,
  version        bigint NOT NULL DEFAULT 0,
  written_by     xid8 NOT NULL DEFAULT '0',
  invalidated_by xid8 NOT NULL DEFAULT '0',
  expires_at     timestamptz NOT NULL,
  PRIMARY KEY (data_type, key),
  CONSTRAINT cache_entry_dated CHECK ((payload IS NULL) = (snapshot IS NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
-- Payloads come compressed.
ALTER TABLE cache_entry ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE INDEX cache_entry_expiry ON cache_entry (expires_at);
CREATE INDEX cache_entry_version ON cache_entry (version) WHERE version > 0;

-- The last invalidation of a tag. It must stay a HOT update, so there is no index on the time.
CREATE TABLE cache_tag (
  tag       text COLLATE "C" PRIMARY KEY,
  bumped_by xid8 NOT NULL,
  bumped_at timestamptz NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- What may have been forgotten: everything that ended before `passed_snapshot`. Who began before the
-- transaction `passed_by`, which took that snapshot, must not write any more. `next_` is the mark that
-- will follow when it is old enough.
CREATE TABLE cache_horizon (
  one             boolean PRIMARY KEY DEFAULT true CHECK (one),
  passed_by       xid8 NOT NULL,
  passed_snapshot pg_snapshot NOT NULL,
  passed_at       timestamptz NOT NULL,
  next_by         xid8 NOT NULL,
  next_snapshot   pg_snapshot NOT NULL,
  next_at         timestamptz NOT NULL
) WITH (fillfactor = 50);
INSERT INTO cache_horizon
VALUES (true, '0', '1:1:', 'epoch', pg_current_xact_id(), pg_current_snapshot(), clock_timestamp());

CREATE TABLE cache_outbox (
  outbox_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  data_types text[] NOT NULL,
  keys       text[] NOT NULL,
  tags       text[] NOT NULL,
  version    bigint NOT NULL DEFAULT 0,
  added_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (cardinality(data_types) = cardinality(keys))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
