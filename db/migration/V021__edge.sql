-- Tags that the CDN still has to forget. A caller's transaction only ever inserts, so that changes
-- which name the same tag never wait for each other.
CREATE TABLE edge_purge (
  purge_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tag         text NOT NULL,
  -- Purges still to be sent: two when the CDN is asked again after a while, then one.
  rounds      smallint NOT NULL,
  -- Not before this; whoever takes the row moves it to when another may take it.
  due_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts    integer NOT NULL DEFAULT 0,
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  failed_at   timestamptz,
  error       text
);
CREATE INDEX edge_purge_due ON edge_purge (due_at) WHERE failed_at IS NULL;
CREATE INDEX edge_purge_tag ON edge_purge (tag) WHERE failed_at IS NULL;

-- One row: the pace that all replicas keep together. `free_at` is when the next request may be
-- sent, and lies in the past by as many requests as may follow each other at once.
CREATE TABLE edge_gate (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  free_at    timestamptz NOT NULL DEFAULT now(),
  failures   integer NOT NULL DEFAULT 0,
  delivered  bigint NOT NULL DEFAULT 0
);

INSERT INTO edge_gate DEFAULT VALUES;
