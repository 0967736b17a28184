-- What the monitor recorded: series, and what each of them held in stretches of time.

CREATE TABLE monitored_series (
  series_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('operation', 'counter', 'gauge', 'histogram', 'timer')),
  name       text NOT NULL,
  labels     jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (kind, name, labels)
);

CREATE INDEX monitored_series_by_name ON monitored_series (name);

-- Minutes are written by each process under its own id and overwritten while they run. Hours and
-- days are what all processes had, written under no id; `rolled_up` says that a row is contained in
-- one of the next resolution. Rows of a running minute are overwritten every few seconds: the free
-- space on the page lets that be done without touching an index.
CREATE TABLE series_slot (
  series_id    bigint NOT NULL REFERENCES monitored_series ON DELETE CASCADE,
  resolution   text NOT NULL CHECK (resolution IN ('minute', 'hour', 'day')),
  starts_at    timestamptz NOT NULL,
  writer       uuid NOT NULL,
  count        bigint NOT NULL,
  errors       bigint NOT NULL,
  total        double precision NOT NULL,
  minimum      double precision NOT NULL,
  maximum      double precision NOT NULL,
  latest       double precision NOT NULL,
  latest_at    timestamptz NOT NULL,
  distribution bytea NOT NULL,
  rolled_up    boolean NOT NULL DEFAULT false,
  PRIMARY KEY (series_id, resolution, starts_at, writer)
) WITH (fillfactor = 70);

CREATE INDEX series_slot_by_time ON series_slot (resolution, starts_at);
CREATE INDEX series_slot_to_roll_up ON series_slot (resolution, starts_at) WHERE NOT rolled_up;
CREATE INDEX series_slot_open ON series_slot (series_id, resolution, starts_at) WHERE NOT rolled_up;

-- Of which type a metric that callers send is; the first one that sends it decides.
CREATE TABLE custom_metric (
  name text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('counter', 'gauge', 'histogram', 'timer'))
);
