-- Alerts and their history, the rules that others have put in place of the defaults, silences, and
-- what people are still to be told.

-- One row: the number of the last evaluation. Who evaluates names the number that he began with; who
-- changes an alert otherwise locks the row, so that no evaluation writes an older state over it.
CREATE TABLE alert_evaluation (
  only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version      bigint NOT NULL DEFAULT 0,
  evaluated_at timestamptz NOT NULL DEFAULT 'epoch',
  evaluated_by text NOT NULL DEFAULT ''
) WITH (fillfactor = 50);
INSERT INTO alert_evaluation DEFAULT VALUES;

-- Without a row the defaults hold, as version 0.
CREATE TABLE alert_rules (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  rules      text NOT NULL,
  version    bigint NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE TABLE alert (
  alert_id        uuid PRIMARY KEY,
  -- Who found it: `rules` or `alertmanager`; the latter by fingerprint and start.
  source          text NOT NULL,
  external_key    text,
  rule            text NOT NULL,
  subject         text NOT NULL,
  severity        text NOT NULL,
  state           text NOT NULL CHECK (state IN ('pending', 'firing', 'acknowledged', 'resolved')),
  value           double precision,
  threshold       double precision,
  message         text NOT NULL,
  started_at      timestamptz NOT NULL,
  seen_at         timestamptz NOT NULL,
  fired_at        timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at     timestamptz,
  reason          text NOT NULL DEFAULT '',
  muted_by        text,
  announced       boolean NOT NULL DEFAULT false,
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX alert_open ON alert (rule, md5(subject))
  WHERE source = 'rules' AND state <> 'resolved';
CREATE UNIQUE INDEX alert_external ON alert (external_key) WHERE external_key IS NOT NULL;
CREATE INDEX alert_listed ON alert (state, alert_id);
CREATE INDEX alert_ended ON alert (resolved_at) WHERE resolved_at IS NOT NULL;

CREATE TABLE alert_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert_id uuid NOT NULL REFERENCES alert ON DELETE CASCADE,
  at       timestamptz NOT NULL,
  state    text NOT NULL,
  value    double precision,
  by       text NOT NULL DEFAULT '',
  note     text NOT NULL DEFAULT ''
);
CREATE INDEX alert_event_alert ON alert_event (alert_id, event_id);

CREATE TABLE alert_silence (
  silence_id uuid PRIMARY KEY,
  matchers   text NOT NULL,
  starts_at  timestamptz NOT NULL,
  ends_at    timestamptz NOT NULL,
  by         text NOT NULL,
  comment    text NOT NULL
);
CREATE INDEX alert_silence_ends ON alert_silence (ends_at);

-- Written with the transition that it tells of, deleted when its job is in the journal.
CREATE TABLE alert_outbox (
  outbox_id uuid PRIMARY KEY,
  payload   text NOT NULL,
  added_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
