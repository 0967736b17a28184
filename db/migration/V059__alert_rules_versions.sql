-- Rules that others have replaced, so that a mistake can be taken back. The newest hundred are kept.
CREATE TABLE alert_rules_version (
  version     bigint PRIMARY KEY,
  rules       text NOT NULL,
  changed_at  timestamptz NOT NULL,
  replaced_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
